"""The account of a move: every occurrence of the old name, each with one verdict and its reason."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recanon.edit import Span
from recanon.index.facts import Text
from recanon.move.addresses import Addresses
from recanon.move.names import Name, Place, Variable
from recanon.move.patched import patches_of
from recanon.move.reached import imported, stands_for
from recanon.move.sites import Site, left
from recanon.move.world import File
from recanon.outcome import Finding, Verdict
from recanon.source import occurrences

_TEXT = "text"
_ROLES = {
    "docstring": "text of a docstring",
    "message": "text of a message",
    "compare": "a name that is compared with text",
}


@dataclass(frozen=True)
class FileAccount:
    """The occurrences of the old name in one file.

    Args:
        file: the file.
        addresses: where names are found after the move.
        sites: what becomes of the places that the move concerns.
        include: the verdicts whose edits are applied.
        excluded: why the file is left alone as a whole, or "".
    """

    file: File
    addresses: Addresses
    sites: Sequence[Site]
    include: frozenset[Verdict]
    excluded: str = ""

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for each occurrence."""
        word = self.addresses.move.old.name
        ordered = sorted(self.sites, key=lambda site: site.span)
        starts = [site.span.start for site in ordered]
        for at in occurrences(self.file.source.text, word):
            span = Span(at, at + len(word))
            near = ordered[: bisect_right(starts, at)]
            holders = [site for site in near if site.span.holds(span)]
            site = min(holders, key=lambda s: s.span.end - s.span.start) if holders else self._other(span)
            yield self._finding(span, word, left(span, site.kind, self.excluded) if self.excluded else site)

    def _finding(self, span: Span, word: str, site: Site) -> Finding:
        line, column = self.file.source.position(span.start)
        return Finding(
            path=self.file.path,
            line=line,
            column=column,
            word=word,
            kind=site.kind,
            verdict=site.verdict,
            reason=site.reason,
            hint=site.hint,
            codemod=site.edits[0].codemod if site.edits else "",
            origin=self.addresses.move.old.path if site.edits else "",
            group=site.group,
            applied=bool(site.edits) and site.verdict in self.include,
        )

    def companion(self, site: Site) -> Finding:
        """Return the finding of a place that patches a name which goes along with the symbol."""
        return self._finding(site.span, self.file.source.cut(site.span).strip("'\""), site)

    def _other(self, span: Span) -> Site:
        """Explain an occurrence that the move does not concern."""
        facts = self.file.facts
        place = next((m.place for m in facts.mentions if m.span == span), "code") if facts else "code"
        if place == "comment":
            return left(span, "comment", "text of a comment", _TEXT)
        text = next((t for t in facts.texts if t.span.holds(span)), None) if facts else None
        if text is not None or place in {"string", "f-string"}:
            return self._string(span, text)
        name = next((name for name in self.file.names.names if name.span == span), None)
        if name is not None:
            return self._name(name)
        for at in self.file.names.imports:
            for alias in at.aliases:
                if alias.span.holds(span):
                    return self._import(span, at.module, alias.name)
        return left(span, "attribute", "an attribute or argument of something else", "another thing of that name")

    def _string(self, span: Span, text: Text | None) -> Site:
        if text is None:
            return left(span, "string", "text of a string", _TEXT)
        assert self.file.facts is not None
        if text.role == "patch target":
            program = self.addresses.world.program
            known = next((p for p in patches_of(self.file.facts, program) if p.text.span == text.span), None)
            if known is None:
                return left(span, "patch target", "patches something outside the tree, or nothing that can be told")
            return left(span, "patch target", f"patches {known.module}.{known.name}, which stays")
        if text.role in {"patch attribute", "patch keyword"} and self._of_unknown_module(text):
            hint = "Look what it patches, and change the name where it is the symbol that moves."
            reason = f"what {text.owner} is cannot be told"
            return Site(span, "patch target", Verdict.MANUAL, reason, hint=hint, group="cannot be told")
        return left(span, "string", _ROLES.get(text.role, "text of a string"), _TEXT)

    def _of_unknown_module(self, text: Text) -> bool:
        """Whether the owner of a patched attribute is imported, and cannot be told to be no module of the tree."""
        root = text.owner.partition(".")[0]
        place = Place(text.scope, text.span, True)
        found = next((u for u in self.file.names.look_ups if u.text == text.span), None)
        place = found.place if found else place
        variable = Variable(self.file.names.lookup(root, place, text.span), root)
        known = list(imported(self.file.names, self.addresses.world.program, variable))
        return any(each.state == "unknown" for each in known) or len({each.symbol for each in known}) > 1

    def _name(self, name: Name) -> Site:
        variable = self.file.names.variable(name)
        if kept := self.addresses.kept.get((self.file.path, variable)):
            return left(name.span, "reference", f"the local name stays: {kept}", "local name kept")
        if name.role == "import":
            for at, alias in self.file.names.imported(variable):
                if alias.bound and alias.bound.span == name.span:
                    return self._import(name.span, at.module, alias.name)
        if stands_for(self.file, self.addresses.world, variable, self.addresses.move.old):
            return left(name.span, "reference", "denotes the symbol by a name that its import still binds")
        if variable.scope == -1:
            return self._unbound(name)
        first = min(n.span.start for n in self.file.names.bound[variable])
        line = self.file.source.line_of(first)
        return left(name.span, "reference", f"another {name.text}, bound in line {line}", "another thing of that name")

    def _unbound(self, name: Name) -> Site:
        stars = any(at.star for at in self.file.names.imports)
        found = self.addresses.world.program.resolve(self.file.module, name.text)
        if stars and found.state == "unknown":
            return self._unknown(name.span, "an import * may bring it in")
        return left(name.span, "reference", "nothing in the tree binds it", "another thing of that name")

    def _import(self, span: Span, module: str, name: str) -> Site:
        found = self.addresses.world.program.resolve(module, name)
        if found.state == "unknown":
            return self._unknown(span, f"what {module} hands on under this name cannot be told")
        return left(span, "import", f"imports another symbol, from {module}", "another thing of that name")

    def _unknown(self, span: Span, reason: str) -> Site:
        hint = "Look whether it is the symbol that moves, and change it by hand."
        return Site(span, "import", Verdict.MANUAL, reason, hint=hint, group="cannot be told")
