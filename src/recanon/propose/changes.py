"""What happens to each import statement of a file, with names that are bound already left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recanon.index.facts import Binding, FileFacts, ImportStatement
from recanon.propose.fates import Fate, FileFates
from recanon.resolve.program import Program
from recanon.rewrite.imports import Wanted


@dataclass
class Change:
    """What happens to the names of one statement.

    Args:
        keep: for each name whether it stays.
        moved_to: for each name the one that takes its place.
        extra: further names to import here.
        joined: names that other statements send here.
    """

    keep: list[bool]
    moved_to: list[Wanted | None]
    extra: list[Wanted] = field(default_factory=list)
    joined: list[Wanted] = field(default_factory=list)

    def wanted(self) -> list[Wanted]:
        """Return all names to import here, each once."""
        return list(dict.fromkeys([*(item for item in self.moved_to if item is not None), *self.extra]))

    @property
    def removes(self) -> bool:
        """Whether nothing of the statement is left."""
        return not any(self.keep) and not self.wanted() and not self.joined


@dataclass(frozen=True)
class Gatherer:
    """Gather the changes of one file's import statements.

    Args:
        facts: the file.
        program: the whole program.
        fates: what becomes of its imports.
    """

    facts: FileFacts
    program: Program
    fates: FileFates

    def changes(self) -> dict[int, Change]:
        """Return the changes by number of the statement."""
        return self.merged(self.statements())

    def statements(self) -> dict[int, Change]:
        """Gather what happens to each import statement, without what is bound there already."""
        changes: dict[int, Change] = {}
        offered: dict[tuple[int, Wanted], int] = {}
        for number, statement in enumerate(self.facts.imports):
            fates = [self.fates.fates.get((number, place), Fate(True)) for place in range(len(statement.names))]
            if all(fate.keep and not fate.wanted for fate in fates):
                continue
            moved_to: list[Wanted | None] = []
            extra: list[Wanted] = []
            for fate in fates:
                fresh = [w for w in fate.wanted if self.is_needed(w, number, statement, offered)]
                for item in fresh:
                    offered[(statement.suite, item)] = number
                moved_to.append(fresh[0] if fresh and not fate.keep else None)
                extra += fresh if fate.keep else fresh[1:]
            changes[number] = Change([fate.keep for fate in fates], moved_to, list(dict.fromkeys(extra)))
        return changes

    def is_needed(
        self, wanted: Wanted, number: int, statement: ImportStatement, offered: Mapping[tuple[int, Wanted], int]
    ) -> bool:
        """Whether a statement has to import a name, or something else has bound it in this scope already."""
        if (statement.suite, wanted) in offered:
            return False
        for binding in self.facts.bindings:
            if binding.name == wanted.bound and self.serves(binding, wanted, number, statement):
                return False
        return True

    def serves(self, binding: Binding, wanted: Wanted, number: int, statement: ImportStatement) -> bool:
        """Whether another import already binds the wanted name to the wanted symbol where it is needed."""
        if binding.kind != "import" or binding.statement == number:
            return False
        other = self.facts.imports[binding.statement]
        place = next(p for p, name in enumerate(other.names) if name.span == binding.span)
        if not self.fates.fates.get((binding.statement, place), Fate(True)).keep:
            return False
        found = self.program.follow(self.facts.module, binding).symbol
        target = self.program.resolve(wanted.module, wanted.name).symbol
        if found is None or target is None or found.path != target.path:
            return False
        if binding.scope == statement.scope:
            always = not binding.guards or other.suite == statement.suite
            return always and (other.span.start < statement.span.start or not self.used_between(statement, other))
        return self.outer_serves(binding, wanted, statement)

    def used_between(self, statement: ImportStatement, other: ImportStatement) -> bool:
        """Whether a name of the statement is used, in its own scope, before the other statement binds the new one."""
        bound = {name.bound for name in statement.names}
        return any(
            use.root in bound and use.scope == statement.scope and use.span.start < other.span.start
            for use in self.facts.uses
        )

    def outer_serves(self, binding: Binding, wanted: Wanted, statement: ImportStatement) -> bool:
        """Whether the module's own import should serve, because a local one would break or idle it.

        A local import makes the name local to the whole function, also before it; and a module-level name that
        nothing else uses would be reported as redefined while unused.
        """
        if binding.scope != 0 or binding.guards or statement.scope == 0:
            return False
        uses = [use for use in self.facts.uses if use.root == wanted.bound]
        earlier = any(use.scope == statement.scope and use.span.start < statement.span.start for use in uses)
        return earlier or not uses

    def merged(self, changes: dict[int, Change]) -> dict[int, Change]:
        """Move wanted names into a canonical import that stands earlier in the same block."""
        for number, change in list(changes.items()):
            statement = self.facts.imports[number]
            if statement.star:
                continue
            host = self.host(statement, number, change, changes)
            if host is None:
                continue
            names = change.wanted()
            changes.setdefault(host, Change([True] * len(self.facts.imports[host].names), []))
            changes[host].joined.extend(names)
            changes[number] = Change(change.keep, [None] * len(change.keep))
        return changes

    def host(
        self, statement: ImportStatement, number: int, change: Change, changes: Mapping[int, Change]
    ) -> int | None:
        wanted = change.wanted()
        modules = {item.module for item in wanted}
        if len(modules) != 1 or (all(item is not None for item in change.moved_to) and len(change.moved_to) > 2):
            return None
        for other_number, other in enumerate(self.facts.imports[:number]):
            fits = other.is_from and not other.star and other.module in modules and other.suite == statement.suite
            if fits and (other_number not in changes or changes[other_number].joined):
                return other_number
        return None
