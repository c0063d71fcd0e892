"""The plan of one file: its answers, the fates of its imports, its edits, and what it means for others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from recanon.codemod import Rewrite, manual
from recanon.edit import Edit
from recanon.index.facts import FileFacts, ImportedName, ImportStatement
from recanon.propose.edits import EditWriter
from recanon.propose.fate import Fate, FileFates, Renamed
from recanon.propose.fates import Decider
from recanon.propose.inputs import Input
from recanon.propose.judged import Judged, Name
from recanon.propose.needs import Needs
from recanon.propose.removals import orphaned, removal
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes
from recanon.sites import FileContext
from recanon.source import Source


@dataclass(frozen=True)
class FilePlan:
    """What would become of a file.

    Args:
        facts: the file.
        context: what kind of file it is.
        fates: its imports and final answers.
        applied: the answers that are applied.
        patched: names that a string patches where they are defined, with their modules.
    """

    facts: FileFacts
    context: FileContext
    fates: FileFates
    applied: frozenset[int]
    patched: frozenset[Name] = frozenset()

    @property
    def judged(self) -> tuple[Judged, ...]:
        """The final answers."""
        return self.fates.judged

    def renamed(self) -> dict[str, Renamed]:
        """Return what becomes of the module-level names of the old API: the new name, or why the old one stays."""
        found: dict[str, Renamed] = {}
        phases = {j.binding: j.phase for j in self.judged if j.kind == "import"}
        for key, fate in self.fates.fates.items():
            statement = self.facts.imports[key[0]]
            name = statement.names[key[1]]
            if statement.scope != 0 or not self._is_symbol(key):
                continue
            found[name.bound] = self._renamed(name.bound, fate, phases[key])
        stays = f"{self.context.module} keeps the name"
        return {name: Renamed("", self.context.phase, f"{stays} {name}") for name in self._star_names()} | found

    def _renamed(self, bound: str, fate: Fate, phase: str) -> Renamed:
        if fate.keep:
            return Renamed("", phase, f"{self.context.module} keeps the name {bound}")
        if len(fate.wanted) == 1:
            return Renamed(fate.wanted[0].bound, phase)
        return Renamed("", phase, f"{self.context.module} drops {bound}")

    def _is_symbol(self, key: tuple[int, int]) -> bool:
        return any(j.binding == key and j.kind == "import" and j.symbol is not None for j in self.judged)

    def split_names(self) -> set[str]:
        """Return module-level names that stay while some of their uses change."""
        return self._star_names() | {
            self.facts.imports[key[0]].names[key[1]].bound
            for key, fate in self.fates.fates.items()
            if fate.keep and fate.renames and self.facts.imports[key[0]].scope == 0 and self._is_symbol(key)
        }

    def _star_names(self) -> set[str]:
        """Names that a module-level star import binds and whose uses change."""
        names = set()
        for judged in self.changing_uses():
            statement = self.facts.imports[judged.binding[0]] if judged.binding is not None else None
            if judged.use is not None and statement is not None and statement.star and statement.scope == 0:
                names.add(judged.use.root)
        return names

    def changing_uses(self) -> list[Judged]:
        """Return the uses of old names that change."""
        return [j for number, j in enumerate(self.judged) if number in self.applied and j.use is not None]

    def unfits(self, taken: Callable[[ImportStatement, ImportedName], bool], given: bool) -> bool:
        """Return whether a use changes in a way that a stand-in for the old name need not fit.

        Args:
            taken: tells for an import whether the stand-in takes the place of what it binds.
            given: whether the stand-in is made by the code, and is no AsyncMock.
        """
        for j in self.changing_uses():
            if j.binding is None or not isinstance(j.answer, Rewrite):
                continue
            statement = self.facts.imports[j.binding[0]]
            call = j.use.call if j.use is not None else None
            awaits = given and j.answer.turns and call is not None and not call.awaited
            if (j.answer.reshapes or awaits) and taken(statement, statement.names[j.binding[1]]):
                return True
        return False

    def bringing(self, new: str) -> set[str]:
        """Return the module-level names in whose place, or beside which, a new one is imported."""
        return {
            self.facts.imports[key[0]].names[key[1]].bound
            for key, fate in self.fates.fates.items()
            if self.facts.imports[key[0]].scope == 0 and any(item.bound == new for item in fate.wanted)
        }

    def dropped_names(self) -> set[str]:
        """Return module-level names that the module no longer binds."""
        return {
            self.facts.imports[key[0]].names[key[1]].bound
            for key, fate in self.fates.fates.items()
            if not fate.keep
            and self.facts.imports[key[0]].scope == 0
            and self.facts.imports[key[0]].names[key[1]].bound not in {item.bound for item in fate.wanted}
        }

    def loose_names(self) -> set[str]:
        """Return module-level names that go although no import of the old API binds them: classes and libraries."""
        judged = {j.binding for j in self.judged if j.kind == "import"}
        gone = (key for key, fate in self.fates.fates.items() if key not in judged and not fate.keep)
        return self.bound(key for key in gone if self.facts.imports[key[0]].scope == 0)

    def relabelled(self) -> set[str]:
        """Return module-level names that an import changes for the canonical one."""
        return {
            self.facts.imports[key[0]].names[key[1]].bound
            for key, fate in self.fates.fates.items()
            if self.facts.imports[key[0]].scope == 0
            and not fate.keep
            and not self._is_symbol(key)
            and self.facts.imports[key[0]].names[key[1]].bound not in {item.bound for item in fate.wanted}
        }

    def changed_aliases(self) -> set[tuple[int, int]]:
        """Return the module-level imports of old names under another name that change.

        No trigger word leads to the files that take such a name from here.
        """
        found = set()
        for key, fate in self.fates.fates.items():
            statement = self.facts.imports[key[0]]
            name = statement.names[key[1]]
            aliased = name.asname and name.asname != name.name and statement.scope == 0
            if aliased and not fate.keep and self._is_symbol(key):
                found.add(key)
        return found

    def bound(self, keys: Iterable[tuple[int, int]]) -> set[str]:
        """Return the local names of imports."""
        return {self.facts.imports[key[0]].names[key[1]].bound for key in keys}

    def turned_aliases(self) -> set[str]:
        """Return aliases that denote another kind of callable afterwards, or nothing."""
        aliases = self.changed_aliases()
        return self.bound(key for key in aliases if self._turns(key)) | self.bound(aliases) & self.dropped_names()

    def _turns(self, key: tuple[int, int]) -> bool:
        """Whether a use here shows that the new name is awaited where the old one was not; without a use it may be."""
        uses = [j for j in self.judged if j.binding == key and j.kind != "import"]
        return not uses or any(isinstance(j.answer, Rewrite) and j.answer.turns for j in uses)

    def used_imports(self, program: Program) -> frozenset[tuple[int, int]]:
        """Return the imports whose names are used in the file."""
        return frozenset(FileScopes(self.facts, program).used)

    def kept_imports(self) -> set[tuple[str, str]]:
        """Return what the file still imports: module and name of every import that stays."""
        found = set()
        for number, statement in enumerate(self.facts.imports):
            for place, name in enumerate(statement.names):
                if statement.is_from and self.fates.fates.get((number, place), Fate(True)).keep:
                    found.add((statement.module, name.name))
        return found

    def edits(self, source: Source, program: Program) -> list[Edit]:
        """Return the edits of the file's own code.

        Raises:
            EditConflictError: a place cannot be parsed on its own.
        """
        gone = [
            j for n, j in enumerate(self.judged) if n in self.applied and j.kind in {"export", "definition", "alias"}
        ]
        return [
            *EditWriter(source, self.facts, program, self.fates, self.patched).edits(self.changing_uses()),
            *(removal(source, j) for j in gone),
            *self._orphaned(source, gone),
        ]

    def _orphaned(self, source: Source, gone: Sequence[Judged]) -> list[Edit]:
        """Imports that only what is taken out used go with it, unless something else happens to them."""
        spans = [(j.whole, j.codemod) for j in gone if j.whole is not None and j.kind == "definition"]
        spans += [(span, j.codemod) for j in self.changing_uses() for span in j.dropped]
        if not spans:
            return []
        touched = {self.facts.imports[key[0]].span for key in self.fates.fates}
        found = orphaned(source, [span for span, _ in spans], spans[0][1])
        return [edit for edit in found if not any(edit.span.meets(span) for span in touched)]


class Applies(Protocol):
    """Tells whether the rewrite of a place is applied."""

    def __call__(self, path: str, judged: Judged, *, coupled: bool = False) -> bool:
        """Return it; `coupled` places come along with a file of a phase that runs."""
        ...


def plan_file(item: Input, *, program: Program, applies: Applies, needs: Needs, patched: frozenset[Name]) -> FilePlan:
    """Decide what becomes of a file.

    Args:
        item: the file, with its answers.
        program: the whole program.
        applies: whether the rewrite of a place is applied.
        needs: what other files need of it.
        patched: names that a string patches, with their modules.
    """
    facts, context, judged = item.facts, item.context, item.judged
    going = {j.word for j in judged if j.kind == "export" and isinstance(j.answer, Rewrite)}
    exports = [export.name for export in facts.module_facts.exports or () if export.name not in going]
    listed = dict.fromkeys(exports, f"{facts.module} hands it on in its __all__")
    held = [_held(j, facts, needs) for j in judged]
    mine = frozenset(name for module, name in patched if module == facts.module)

    def chosen(j: Judged) -> bool:
        return applies(facts.path, j, coupled=_coupled(j, facts, needs.coupled))

    fates = Decider(facts, program, chosen, {**listed, **needs.pinned}, mine).decide(held)
    applied = frozenset(n for n, j in enumerate(fates.judged) if chosen(j) and _really(j, fates))
    return FilePlan(facts, context, fates, applied, patched)


def _coupled(judged: Judged, facts: FileFacts, coupled: frozenset[Name]) -> bool:
    """Whether an import, or a use of it, must move because the module that it takes its name from does."""
    if judged.binding is None:
        return False
    statement = facts.imports[judged.binding[0]]
    return (statement.module, statement.names[judged.binding[1]].name) in coupled


def _really(judged: Judged, fates: FileFates) -> bool:
    if judged.kind == "import":
        fate = fates.fates.get(judged.binding) if judged.binding else None
        return fate is not None and not fate.keep
    return isinstance(judged.answer, Rewrite)


def _held(judged: Judged, facts: FileFacts, needs: Needs) -> Judged:
    if judged.binding is None or not isinstance(judged.answer, Rewrite):
        return judged
    statement = facts.imports[judged.binding[0]]
    name = statement.names[judged.binding[1]]
    if statement.scope != 0:
        reason = needs.lookups.get((statement.module, name.name), "")
        hint = "Change the patch and what it shall reach together."
        return replace(judged, answer=manual(reason, hint, "looked up where it is patched")) if reason else judged
    bound = judged.use.root if statement.star and judged.use else name.bound
    if bound not in needs.held:
        return judged
    return replace(judged, answer=manual(needs.held[bound], "Settle the other uses first.", "reached by other code"))
