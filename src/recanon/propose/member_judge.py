"""Judge the uses of members of classes: through the class, or through an object whose class is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from recanon.codemod import Answer, Refusal, left, manual
from recanon.edit import Span
from recanon.index.facts import Definition
from recanon.index.receivers import Receiver
from recanon.index.usage import Use
from recanon.migration import OldSymbol
from recanon.outcome import Verdict
from recanon.propose.file_judge import FileJudge, canonical_missing
from recanon.propose.judged import Judged
from recanon.resolve.awaitable import awaitable
from recanon.resolve.kinship import Kin, Member, Receivers, kin, method_of
from recanon.resolve.program import Resolution, Symbol
from recanon.resolve.scopes import Meaning
from recanon.sites import Site


@dataclass(frozen=True, slots=True)
class Found:
    """An old member that a use reads.

    Args:
        symbol: the member.
        kin: what the object or class has to do with it.
        length: how many names of the chain it takes.
        through: whether it is read from the class or from an object.
    """

    symbol: OldSymbol
    kin: Kin
    length: int
    through: str


class MemberJudge(FileJudge):
    """Judge the uses of members of classes."""

    @cached_property
    def receivers(self) -> Mapping[int, Receiver]:
        """What is known about the objects whose members the file reads, by the end of the member's name."""
        return {receiver.span.end: receiver for receiver in self.facts.receivers}

    @cached_property
    def known(self) -> Receivers:
        """Tells of the file's objects whether they are of a class."""
        return Receivers(self.facts, self.scopes, self.program)

    def member(self, use: Use, meaning: Meaning) -> Judged | None:
        """Return the answer for a use that reads an old member, or None where it reads none."""
        found = self.found(use, meaning)
        if found is None:
            return None
        key = self.key(meaning) if found.through == "class" else None
        whole = found.length == use.dotted.count(".") + 1
        kind = "call" if use.call is not None and whole else "reference"
        origin = self.origin(found)
        answer, codemod = self.member_answer(use, meaning, found, origin)
        word = found.symbol.name
        return Judged(use.span, word, kind, answer, codemod, origin, use, key, found.symbol, length=found.length)

    def origin(self, found: Found) -> Resolution:
        """Return the member as what its uses denote, with the parameters that they give where it is a method."""
        symbol = found.symbol
        method = method_of(self.program.resolve(symbol.home, symbol.owner).symbol, symbol.name)
        path = f"{symbol.home}.{symbol.label}"
        if method is None or method.kind == "other":
            return Resolution("found", Symbol(symbol.home, symbol.label, "value"), (path,))
        bare = method.kind == "static" or (method.kind == "object" and found.through == "class")
        params = method.params if bare else method.params[1:]
        definition = Definition(symbol.name, "function", method.is_async, params, Span(0, 0))
        return Resolution("found", Symbol(symbol.home, symbol.label, "function", definition), (path,))

    def target_awaitable(self, symbol: OldSymbol, target: Resolution) -> bool | None:
        """Return whether calling what takes the place of a member gives something to await."""
        if not symbol.member:
            return awaitable(self.program, target.symbol) if target.symbol is not None else None
        method = method_of(target.symbol, symbol.member)
        return method.is_async if method is not None and method.kind != "other" else None

    def found(self, use: Use, meaning: Meaning) -> Found | None:
        """Find the old member that a use reads; where several classes have one of the name, the one that is certain."""
        parts = use.dotted.split(".")
        names = [number for number, part in enumerate(parts) if number and part in self.members]
        found = [item for number in names for item in self.candidates(use, meaning, parts, number)]
        order: Sequence[Kin] = ("same", "overrides", "unknown", "other", "rival")
        return min(found, key=lambda item: order.index(item.kin), default=None)

    @cached_property
    def members(self) -> Mapping[str, tuple[OldSymbol, ...]]:
        """The old members by name."""
        found: dict[str, tuple[OldSymbol, ...]] = {}
        for symbol in self.migration.members:
            found[symbol.name] = (*found.get(symbol.name, ()), symbol)
        return found

    def candidates(self, use: Use, meaning: Meaning, parts: Sequence[str], number: int) -> list[Found]:
        symbols = self.members[parts[number]]
        owner = meaning.resolution.symbol
        through_class = owner is not None and owner.kind == "class" and meaning.rest
        if owner is not None and through_class and len(parts) - len(meaning.rest) == number:
            return [Found(s, kin(self.program, owner, _member(s)), number + 1, "class") for s in symbols]
        if _of_module(meaning):
            return []
        if use.in_fstring:
            return [Found(s, "unknown", number + 1, "object") for s in symbols]
        receiver = self.receivers.get(self.end_of(use, number, len(parts)))
        if receiver is None:
            return []
        return [Found(s, self.known.kin(receiver, _member(s)), number + 1, "object") for s in symbols]

    def end_of(self, use: Use, number: int, count: int) -> int:
        """Return where a name of the chain ends; only receivers in the use itself are of interest."""
        if number == count - 1:
            return use.span.end
        inside = [r.span.end for r in self.facts.receivers if r.span.start == use.span.start]
        return min((end for end in inside if end <= use.span.end), default=-1)

    def member_answer(self, use: Use, meaning: Meaning, found: Found, origin: Resolution) -> tuple[Answer, str]:
        symbol = found.symbol
        if found.kin in {"other", "rival"}:
            return left(f"a member of another class than {symbol.owner}", "same name, other thing"), ""
        if self.context.about_old_api:
            return self.about(), ""
        if found.kin == "unknown" and not use.in_fstring:
            return _unknown(symbol, found.through), ""
        if found.kin == "overrides":
            return _overridden(symbol), ""
        if meaning.kind == "ambiguous" and found.through == "class":
            return _SEVERAL, ""
        if use.in_fstring:
            return _IN_FSTRING, ""
        target = self.program.resolve_path(symbol.becomes)[0] if symbol.becomes else Resolution("unknown")
        if symbol.becomes and (target.symbol is None or self.lacks_member(symbol, target)):
            return canonical_missing(symbol.goal), ""
        whole = found.length == use.dotted.count(".") + 1
        site = Site(
            kind="call" if use.call is not None and whole else "reference",
            file=self.context,
            migration=self.migration,
            origin=origin,
            symbol=symbol,
            use=use,
            rest=tuple(use.dotted.split(".")[found.length :]),
            awaitable=origin.symbol.definition.is_async if origin.symbol and origin.symbol.definition else None,
            target=target,
            target_awaitable=self.target_awaitable(symbol, target),
            through="class" if found.through == "class" else "object",
            overridden=self.overriding(symbol),
            patched_by=self.tools.setters.get(symbol.name, ()),
            bound=meaning.kind == "import" and found.through == "class",
            shadowed=self.scopes.shadowed(symbol.rules.builtins, use.scope),
        )
        return self.tools.ask(symbol.codemods, site)

    def overriding(self, symbol: OldSymbol) -> tuple[str, ...]:
        """Return the classes below that bind a member anew, or what takes its place."""
        found = self.tools.overrides.of(_member(symbol))
        if not symbol.member:
            return found
        home, _, owner = symbol.becomes.rpartition(".")
        return tuple(dict.fromkeys((*found, *self.tools.overrides.of(Member(home, owner, symbol.member)))))

    def override(self, name: str, scope: int) -> Answer | None:
        """Return the answer for a class of the file that binds an old member, or None where it binds another one."""
        owner = self.facts.scopes[scope]
        if owner.kind != "class":
            return None
        evidence = next((c for c in self.facts.classes if c.at == owner.span.start), None)
        for symbol in self.members.get(name, ()):
            if owner.parent == 0 and _member(symbol).is_of(Symbol(self.facts.module, owner.name, "class")):
                return left("the definition itself; other code may still need it", "definition of the old API")
            if evidence is not None and self.known.own(evidence, _member(symbol)) == "overrides":
                return _override(symbol)
        return None


def _of_module(meaning: Meaning) -> bool:
    """Whether a chain ends in what a module binds, so that nothing is read from an object."""
    owner, binding = meaning.resolution.symbol, meaning.binding
    if owner is not None and (owner.kind == "module" or not meaning.rest):
        return True
    return owner is None and binding is not None and binding.kind == "import" and ":" not in binding.target


def _member(symbol: OldSymbol) -> Member:
    return Member(symbol.home, symbol.owner, symbol.name)


def _unknown(symbol: OldSymbol, through: str) -> Refusal:
    what = "object" if through == "object" else "class"
    return manual(
        f"{symbol.name} of something of which recanon cannot tell whether it is the {what} {symbol.owner}",
        f"Change it by hand if it is; an annotation with {symbol.owner} would tell.",
        "receiver not known",
    )


def _overridden(symbol: OldSymbol) -> Refusal:
    return manual(
        f"a class below {symbol.owner} binds {symbol.name} anew, and this may be it",
        "Change the class below and its uses together, by hand.",
        "member bound anew",
    )


def _override(symbol: OldSymbol) -> Refusal:
    return Refusal(
        Verdict.MANUAL,
        f"binds {symbol.label} anew in a class below",
        f"Give it the name that takes the place of {symbol.name}, and the same parameters.",
        "member bound anew",
    )


_SEVERAL = manual(
    "the name of the class is bound in several ways here (a fallback, or branches that differ)",
    "Change all of its bindings together, by hand.",
    "bound in several ways",
)
_IN_FSTRING = manual(
    "stands in an f-string, whose inner positions differ between Python versions",
    "Change it by hand.",
    "name in an f-string",
)
