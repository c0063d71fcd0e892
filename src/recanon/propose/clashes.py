"""Names that clash: a new import would capture a name, or its own uses would be captured."""

from __future__ import annotations

import builtins
from collections.abc import Mapping

from recanon.edit import Span
from recanon.index.facts import Binding, FileFacts, ImportStatement
from recanon.index.usage import Use
from recanon.propose.fate import Fate
from recanon.propose.judged import Key
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes
from recanon.sites import is_tried
from recanon.sites import local as local_guards


class Clashes:
    """Find out whether a scope of a file can bind a new name.

    Args:
        facts: the file.
        program: the whole program.
        fates: what becomes of its imports.
        gone: where names stand that are no longer bound.
        patched: names of the module that a string patches; who reads them must go on reading them.
    """

    def __init__(
        self,
        facts: FileFacts,
        program: Program,
        fates: Mapping[Key, Fate],
        *,
        gone: frozenset[Span] = frozenset(),
        patched: frozenset[str] = frozenset(),
    ) -> None:
        self.patched = patched
        self.gone = gone
        self.facts = facts
        self.program = program
        self.fates = fates
        self.scopes = FileScopes(facts, program)

    def clash(self, key: Key, target: str, local: str) -> bool:
        """Return whether importing `target` as `local` in the place of an import changes what some name means.

        Args:
            key: the import.
            target: full dotted name of the canonical symbol.
            local: the local name that it would have.
        """
        mine = (use for use in self.facts.uses if self.comes_from(use, key))
        return self.captures(key, target, local) or any(self.hides(use.scope, key, local) for use in mine)

    def captures(self, key: Key, target: str, local: str) -> bool:
        """Return whether the new import changes what a name means that is written already; arguments as of `clash`."""
        statement = self.facts.imports[key[0]]
        here = [b for b in self.facts.bindings if b.name == local and b.scope == statement.scope]
        if here and self.are_patched_apart(statement.names[key[1]].bound, local):
            return True
        if any(not self.becomes(binding, target, local) for binding in here) or self.later_star(
            statement, local, target
        ):
            return True
        return any(self.captured(use, key, target, local) for use in self.facts.uses)

    def are_patched_apart(self, old: str, local: str) -> bool:
        """Whether a string patches one of two names of the module that would become one, while both are used."""
        roots = {use.root for use in self.facts.uses}
        return old != local and {old, local} <= roots and bool({old, local} & self.patched)

    def becomes(self, binding: Binding, target: str, local: str) -> bool:
        """Whether a binding of the new name denotes the target, now or when the plan is done."""
        if binding.kind != "import":
            return binding.span in self.gone
        found = self.program.follow(self.facts.module, binding).symbol
        wanted = self.program.resolve_path(target)[0].symbol
        if found is not None and wanted is not None and found.path == wanted.path:
            return True
        fate = self.fate_of(binding)
        if fate is None or fate.keep:
            return False
        bound = [f"{item.module}.{item.name}" for item in fate.wanted if item.bound == local]
        return all(self.program.resolve_path(path)[0].denotes(self.program.resolve_path(target)[0]) for path in bound)

    def fate_of(self, binding: Binding) -> Fate | None:
        """Return what becomes of the import that a binding belongs to."""
        names = self.facts.imports[binding.statement].names
        place = next(number for number, name in enumerate(names) if name.span == binding.span)
        return self.fates.get((binding.statement, place))

    def later_star(self, statement: ImportStatement, local: str, target: str) -> bool:
        """Whether an `import *` behind the statement binds the new name to something else."""
        for star in self.scopes.stars:
            if statement.scope == 0 and star.span.start > statement.span.start:
                found = self.program.resolve(star.target, local)
                if found.state == "found" and not found.denotes(self.program.resolve_path(target)[0]):
                    return True
        return False

    def captured(self, use: Use, key: Key, target: str, local: str) -> bool:
        """Whether a use would mean something else once the scope binds the new name."""
        statement = self.facts.imports[key[0]]
        if not self.scopes.within(use.scope, statement.scope):
            return False
        visible = self.scopes.visible(local, use.scope)
        if use.root == local:
            if not visible:
                return hasattr(builtins, local)
            if self.scopes.within(visible[0].scope, statement.scope):
                return False
            replaced = local in self.patched and visible[0].scope == 0 and statement.scope != 0
            same = not replaced and all(self.becomes(binding, target, local) for binding in visible)
            served = self.serves_all(visible) and not is_tried(statement.guards)
            return not same or (self.unbound_at(use, statement) and not served)
        return statement.scope != 0 and self.is_patched_and_becomes(use, local)

    def comes_from(self, use: Use, key: Key) -> bool:
        """Whether a statement brings in the name that a use reads."""
        return any(b.statement == key[0] for b in self.scopes.visible(use.root, use.scope))

    def hides(self, scope: int, key: Key, local: str) -> bool:
        """Whether a scope within that of an import binds the new name, so that a use there would read that one."""
        outer = self.facts.imports[key[0]].scope
        visible = self.scopes.visible(local, scope)
        return bool(visible) and visible[0].scope != outer and self.scopes.within(visible[0].scope, outer)

    def is_patched_and_becomes(self, use: Use, local: str) -> bool:
        """Whether a use reads a name of the module that a string patches and that is to become the new name."""
        visible = self.scopes.visible(use.root, use.scope) if use.root in self.patched else []
        fates = [self.fate_of(binding) for binding in visible if binding.scope == 0 and binding.statement >= 0]
        return any(item.bound == local for fate in fates if fate is not None for item in fate.wanted)

    def unbound_at(self, use: Use, statement: ImportStatement) -> bool:
        """Whether a local import need not have run where a name is read: it stands behind, or in a branch."""
        return statement.scope != 0 and (use.span.start < statement.span.start or bool(local_guards(statement.guards)))

    def needs_outer(self, statement: ImportStatement, local: str) -> bool:
        """Whether the function reads an outer name where a local import of that name would leave it unbound."""
        return any(
            use.root == local and self.scopes.within(use.scope, statement.scope) and self.unbound_at(use, statement)
            for use in self.facts.uses
            if not any(self.scopes.within(b.scope, statement.scope) for b in self.scopes.visible(local, use.scope))
        )

    def serves_all(self, bindings: list[Binding]) -> bool:
        """Whether bindings of the module always run, so that every function can rely on them."""
        return all(binding.scope == 0 and not binding.guards for binding in bindings)
