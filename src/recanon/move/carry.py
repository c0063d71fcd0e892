"""Carry a definition to another module: with what it needs, and without what only it needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from recanon.edit import Edit, Span
from recanon.index.facts import Export
from recanon.move.addresses import Addresses
from recanon.move.joining import Need, gathered, joining
from recanon.move.names import ImportAt, Variable
from recanon.move.needs import Needs
from recanon.move.parcel import Parcel
from recanon.move.placing import cut_edit, definition_edit, import_edit, together
from recanon.move.spelling import name_as, spelled
from recanon.move.statements import without
from recanon.move.world import File
from recanon.propose.layout import removable
from recanon.source import Source, splice

_FLAG = Variable(0, "TYPE_CHECKING")


class Carry:
    """Plan how a definition is carried.

    Args:
        parcel: the definition.
        target: the module that it goes to.
        addresses: where names are found after the move.
    """

    def __init__(self, parcel: Parcel, target: File, addresses: Addresses) -> None:
        self.parcel = parcel
        self.home = parcel.file
        self.target = target
        self.addresses = addresses
        self.move = addresses.move
        self.program = addresses.world.program

    @property
    def stays_used(self) -> bool:
        """Whether the rest of the old module uses the symbol, so that it imports it."""
        return bool(self.parcel.outside(self.parcel.variable))

    def text(self, edits: Iterable[Edit]) -> str:
        """Return the definition as it will stand, with the edits that lie in it and its new name.

        Args:
            edits: of the whole file.
        """
        span, tokens = self.parcel.span, self.home.names.by_variable[self.parcel.variable]
        own = [token for token in tokens if span.holds(token.span)]
        spans = {token.span for token in own}
        inner = {e for e in edits if span.holds(e.span) and e.span not in spans}
        inner |= {Edit(t.span, t.text, self.move.new.name) for t in own if self.move.renamed}
        inner |= set(self._relative())
        for token in own:
            at = self.home.names.lookup(self.move.new.name, token.place, token.span)
            if not token.exact or (self.move.renamed and at > 0):
                why = f"{self.move.new.name} would be another thing there"
                raise self.parcel.refused(self.target.module, token.span, why)
        moved = [
            Edit(Span(e.span.start - span.start, e.span.end - span.start), e.expected, e.replacement) for e in inner
        ]
        text = splice(Source(self.home.path, self.home.source.cut(span)), moved)
        return re.sub(r"\r\n|\r|\n", lambda _: self.target.source.newline, text.rstrip("\r\n") + "\n")

    def _relative(self) -> Iterator[Edit]:
        """Relative imports within the definition start from another package now."""
        if self.home.package == self.target.package:
            return
        for at in self.home.names.imports:
            if at.level and self.parcel.span.holds(at.span):
                text = spelled(at.module, self.target.package, relative=True)
                yield Edit(at.module_span, self.home.source.cut(at.module_span), text)

    @cached_property
    def needs(self) -> list[Need]:
        """The imports that the new module gets."""
        return Needs(self.parcel, self.target, self.addresses).found()

    def target_edits(self, text: str, used_at: Iterable[int]) -> list[Edit]:
        """Return the edits of the new module: the imports that the definition needs, and the definition."""
        needs, joined = joining(self.target, self.needs, self.move.old)
        plain = [need.statement for need in needs if not need.typing_only]
        typing_only = gathered(need.statement for need in needs if need.typing_only)
        if typing_only and _FLAG not in self.target.names.bound:
            plain.append("from typing import TYPE_CHECKING")
        statements = gathered(plain)
        if typing_only:
            lines = self.target.source.newline.join(["if TYPE_CHECKING:", *(f"    {line}" for line in typing_only)])
            statements.append(f"{self.target.source.newline}{lines}")
        self._check_annotations(bool(typing_only))
        imports = import_edit(self.target.source, statements)
        definition = definition_edit(self.target.source, text, used_at)
        return [*joined, *together(imports, definition, self.target.source)]

    def _check_annotations(self, typing_only: bool) -> None:
        """Where annotations are not evaluated in the old module, and are in the new one, they must be fit for it."""
        if not lazy(self.home) or lazy(self.target):
            return
        own = self.home.names.by_variable[self.parcel.variable]
        inside = [token for token in own if self.parcel.span.holds(token.span) and token.role == "load"]
        if typing_only or inside:
            raise self.parcel.refused(
                self.target.module,
                self.parcel.span,
                f"{self.home.module} has `from __future__ import annotations`, and {self.target.module} has not",
            )

    def home_edits(self, taken: frozenset[str]) -> list[Edit]:
        """Return the edits of the old module: the definition goes, and imports that only it needed.

        Args:
            taken: names that others take from the old module.
        """
        cut = cut_edit(self.home.source, self.parcel.span)
        orphans = list(self._orphans(taken))
        rest, joined = self._back(orphans) if self.stays_used else ([], [])
        imports = import_edit(self.home.source, [need.statement for need in rest])
        return [*together(imports, cut, self.home.source), *joined, *orphans]

    def _back(self, orphans: Sequence[Edit]) -> tuple[list[Need], list[Edit]]:
        """Import the symbol back into the module that it left."""
        new, bound = self.move.new, self._bound()
        module = spelled(new.module, self.home.package, relative=self._home_is_relative())
        asname = "" if bound == new.name else bound
        statement = f"from {module} import {name_as(new.name, bound)}"
        need = Need(self.parcel.variable, statement, source=new, asname=asname)
        rest, joined = joining(self.home, [need], self.move.old)
        if any(edit.span.meets(orphan.span) for edit in joined for orphan in orphans):
            return [need], []
        return rest, joined

    def _bound(self) -> str:
        return self.addresses.renamed(self.home).get(self.parcel.variable, self.parcel.name)

    def _home_is_relative(self) -> bool:
        return any(at.level for at in self.home.names.imports if at.place.scope == 0)

    @property
    def from_home(self) -> frozenset[Variable]:
        """The names that the new module takes from the old one."""
        home = self.home.module
        return frozenset(n.variable for n in self.needs if n.source is not None and n.source.module == home)

    def orphans(self, taken: frozenset[str]) -> set[Variable]:
        """Return the imports of the old module that only the definition needed."""
        exports = {export.name for export in self._exports()}
        found = set()
        for variable in self.parcel.needs():
            unused = variable.scope == 0 and not self.parcel.outside(variable) and variable not in self.from_home
            if unused and self.home.names.imported(variable) and variable.name not in taken | exports:
                found.add(variable)
        return set() if self.home.is_package else found

    def _exports(self) -> Sequence[Export]:
        facts = self.program.module_facts(self.home.module)
        return tuple(facts.exports or ()) if facts else ()

    def _orphans(self, taken: frozenset[str]) -> Iterator[Edit]:
        gone = self.orphans(taken)
        if self._flag_goes(gone) and _FLAG.name not in taken | {export.name for export in self._exports()}:
            gone.add(_FLAG)
        for at in self.home.names.imports:
            if at.place.scope != 0 or self.parcel.span.holds(at.span):
                continue
            drop = [
                n for n, alias in enumerate(at.aliases) if alias.bound and self.home.names.variable(alias.bound) in gone
            ]
            if drop and self._alone(at, len(drop)):
                whole = removable(self.home.source, at.place.outer)
                yield Edit(whole, self.home.source.cut(whole), "", "import")
            elif drop:
                yield without(self.home.source, at, drop)

    def _alone(self, at: ImportAt, drop: int) -> bool:
        """Whether an `if TYPE_CHECKING` is left with nothing in it when names of an import in it go."""
        whole = drop == len(at.aliases) and at.block[2] == 1 and at.place.outer.end == at.span.end
        return whole and _typing_only(self.home, at)

    def _flag_goes(self, gone: set[Variable]) -> bool:
        """Whether `TYPE_CHECKING` is read by nothing but blocks that go."""
        names = self.home.names
        blocks = [
            at.place.outer
            for at in names.imports
            if self._alone(at, sum(names.variable(a.bound) in gone for a in at.aliases if a.bound))
        ]
        uses = self.parcel.outside(_FLAG)
        return bool(blocks and names.imported(_FLAG)) and all(any(b.holds(n.span) for b in blocks) for n in uses)


def _typing_only(file: File, at: ImportAt) -> bool:
    head = file.source.cut(at.place.outer).partition(":")[0].split()
    return len(head) == 2 and head[0] == "if" and head[1].rpartition(".")[2] == "TYPE_CHECKING"


def lazy(file: File) -> bool:
    """Return whether annotations of a file are not evaluated."""
    return any(at.module == "__future__" and at.aliases[0].name == "annotations" for at in file.names.imports)
