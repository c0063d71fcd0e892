"""What happens to each import statement of a file, with names that are bound already left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from recanon.index.facts import Binding, FileFacts, ImportStatement
from recanon.propose.clashes import Clashes
from recanon.propose.fate import Fate, FileFates
from recanon.propose.file_judge import broken_names
from recanon.resolve.program import Program
from recanon.rewrite.imports import LINE, Wanted
from recanon.sites import is_tried
from recanon.source import Source


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

    def moves_to(self, modules: set[str]) -> bool:
        """Return whether the whole statement becomes an import from the one module."""
        wanted = {item.module for item in self.wanted()}
        return not any(self.keep) and wanted == modules and any(item is not None for item in self.moved_to)

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
        source: its text.
        patched: names that a string patches where they are defined, with their modules.
    """

    facts: FileFacts
    program: Program
    fates: FileFates
    source: Source
    patched: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def clashes(self) -> Clashes:
        """The names that clash, with the fates at hand."""
        return Clashes(self.facts, self.program, self.fates.fates)

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
        """Whether a statement has to import a name, or something else has bound it in this scope already.

        An import in a `try` is always needed.
        """
        if (statement.suite, wanted) in offered:
            return False
        if is_tried(statement.guards):
            return True
        for binding in self.facts.bindings:
            if binding.name == wanted.bound and self.serves(binding, wanted, number, statement):
                return False
        return True

    def serves(self, binding: Binding, wanted: Wanted, number: int, statement: ImportStatement) -> bool:
        """Whether another import binds the wanted name to the wanted symbol where it is needed."""
        if binding.kind != "import":
            return False
        if binding.statement == number:
            own = statement.module == wanted.module and (self.clashes.fate_of(binding) or Fate(True)).keep
            return own and self.clashes.becomes(binding, f"{wanted.module}.{wanted.name}", wanted.bound)
        other = self.facts.imports[binding.statement]
        fate = self.clashes.fate_of(binding) or Fate(True)
        if not fate.keep and wanted not in fate.wanted:
            return False
        if fate.keep and not self.clashes.becomes(binding, f"{wanted.module}.{wanted.name}", wanted.bound):
            return False
        if binding.scope == statement.scope:
            always = not binding.guards or other.suite == statement.suite
            earlier = other.span.start < statement.span.start
            return always and fate.keep and (earlier or not self.used_between(statement, other))
        return self.outer_serves(binding, wanted, statement)

    def used_between(self, statement: ImportStatement, other: ImportStatement) -> bool:
        """Whether a name of the statement is used, before the other statement binds the new one, by code that runs
        where it stands: not within a function.
        """
        bound = {name.bound for name in statement.names}
        return any(
            use.root in bound and use.span.start < other.span.start and self.runs_in(use.scope, statement.scope)
            for use in self.facts.uses
        )

    def runs_in(self, scope: int, outer: int) -> bool:
        """Whether a scope is another one, or a comprehension or class body in it."""
        while scope != outer and self.facts.scopes[scope].kind in {"comprehension", "class"}:
            scope = self.facts.scopes[scope].parent
        return scope == outer

    def outer_serves(self, binding: Binding, wanted: Wanted, statement: ImportStatement) -> bool:
        """Whether the module's own import should serve, because a local one would break or idle it.

        A local import makes the name local to the whole function, also where it has not run; and a module-level name
        that nothing else uses would be reported as redefined while unused. A name that a test patches where it is
        defined is looked up at call time, so that its import stays local; and a patch of the module's own name
        must not reach more than it did.
        """
        if binding.scope != 0 or binding.guards or statement.scope == 0:
            return False
        if (self.facts.module, wanted.bound) in self.patched:
            return False
        if self.clashes.needs_outer(statement, wanted.bound):
            return True
        looked_up = any((statement.module, name.name) in self.patched for name in statement.names)
        return not looked_up and not any(use.root == wanted.bound for use in self.facts.uses)

    def merged(self, changes: dict[int, Change]) -> dict[int, Change]:
        """Move wanted names into a canonical import that stands earlier in the same block."""
        for number, change in list(changes.items()):
            host = self.host(number, change, changes)
            if host is None:
                continue
            kept = Change([True] * len(self.facts.imports[host].names), [])
            changes.setdefault(host, kept).joined.extend(change.wanted())
            changes[number] = Change(change.keep, [None] * len(change.keep))
        return changes

    def host(self, number: int, change: Change, changes: Mapping[int, Change]) -> int | None:
        """Return the statement into which the wanted names of another one go, or None."""
        statement = self.facts.imports[number]
        modules = {item.module for item in change.wanted()}
        if len(modules) != 1 or statement.star or self.commented(statement) or self.bound_again(statement, change):
            return None
        for other_number, other in reversed(list(enumerate(self.facts.imports[:number]))):
            if other.suite != statement.suite or not other.is_from or other.star or self.crowded(other, change):
                continue
            planned = changes.get(other_number)
            if other.module in modules and (planned is None or planned.joined):
                return other_number
            beside = other.index == statement.index - 1 and not any(change.keep)
            if beside and planned is not None and planned.moves_to(modules):
                return other_number
        if self.fails(statement):
            return None
        for other_number, other in enumerate(self.facts.imports):
            next_one = other.suite == statement.suite and other.index == statement.index + 1 and other.is_from
            planned = changes.get(other_number)
            free = (planned is None or bool(planned.joined)) and not self.fails(other)
            if next_one and free and other.module in modules and not other.star and not self.crowded(other, change):
                return other_number
        return None

    def bound_again(self, statement: ImportStatement, change: Change) -> bool:
        """Whether another import of the scope binds one of the names too, so that their order counts."""
        taken = [b.name for b in self.facts.bindings if b.scope == statement.scope and b.kind == "import"]
        return any(taken.count(item.bound) > 1 for item in change.wanted())

    def fails(self, statement: ImportStatement) -> bool:
        """Whether a statement asks for a name that does not exist, so that nothing behind it is bound."""
        return bool(broken_names(statement, self.program))

    def commented(self, statement: ImportStatement) -> bool:
        """Whether a comment belongs to a statement: within it, behind it or on the line above."""
        first = self.source.line_of(statement.span.start)
        last = self.source.line_span(self.source.line_of(statement.span.end))
        above = self.source.cut(self.source.line_span(first - 1)).lstrip() if first > 1 else ""
        return "#" in self.source.text[statement.span.start : last.end] or above.startswith("#")

    def crowded(self, host: ImportStatement, change: Change) -> bool:
        """Whether the names would make one line too long."""
        text = self.source.cut(host.span)
        longer = len(text) + sum(len(item.name) + 2 for item in change.wanted())
        return "(" not in text and longer > LINE
