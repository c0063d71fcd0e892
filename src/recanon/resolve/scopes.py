"""What a name in a file denotes: the scopes of Python's execution model, then the whole program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from recanon.index.facts import Binding, FileFacts, ImportedName, ImportStatement
from recanon.index.usage import Use
from recanon.resolve.program import UNKNOWN, Program, Resolution


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a use denotes.

    Args:
        kind: import, when the name comes in by an import statement; star, when by `import *`; local, when the file
            itself defines or assigns it; ambiguous, when branches bind it differently; attribute, when it is an
            attribute of some object; unbound, when nothing in the file binds it.
        resolution: what the import or definition denotes.
        binding: the binding found.
        rest: attributes of the chain behind the symbol.
        length: how many names of the chain the symbol takes.
    """

    kind: Literal["import", "star", "local", "ambiguous", "attribute", "unbound"]
    resolution: Resolution = UNKNOWN
    binding: Binding | None = None
    rest: tuple[str, ...] = ()
    length: int = 1


class FileScopes:
    """Resolve the uses of one file.

    Args:
        facts: the file.
        program: the whole program.
    """

    def __init__(self, facts: FileFacts, program: Program) -> None:
        self.facts = facts
        self.program = program
        self._by_scope: dict[tuple[int, str], list[Binding]] = {}
        for binding in facts.bindings:
            self._by_scope.setdefault((binding.scope, binding.name), []).append(binding)
        self.stars = [binding for binding in facts.bindings if binding.kind == "star"]

    def visible(self, name: str, scope: int) -> list[Binding]:
        """Return the bindings of the innermost scope that binds a name, seen from a scope.

        Class scopes are passed over unless the name stands directly in one. A name that a class body binds is read
        from the module until it is bound (Python reference, 4.2.2).
        """
        first = True
        while scope >= 0:
            found = self._by_scope.get((scope, name))
            in_class = self.facts.scopes[scope].kind == "class"
            if found and in_class and first:
                return [*found, *self._by_scope.get((0, name), [])]
            if found and not in_class:
                return found
            first = first and self.facts.scopes[scope].kind == "comprehension"
            scope = self.facts.scopes[scope].parent
        return []

    def shadowed(self, names: Iterable[str], scope: int) -> tuple[str, ...]:
        """Return those of some built-in names that the file binds, as seen from a scope."""
        return tuple(name for name in sorted(names) if self.visible(name, scope) or self._from_star(name))

    def _from_star(self, name: str) -> bool:
        return any(self.program.resolve(star.target, name).state == "found" for star in self.stars)

    def within(self, inner: int, outer: int) -> bool:
        """Return whether a scope is another one or lies in it."""
        while inner >= 0:
            if inner == outer:
                return True
            inner = self.facts.scopes[inner].parent
        return False

    def statement(self, binding: Binding) -> tuple[ImportStatement, ImportedName]:
        """Return the import statement of a binding and the name in it."""
        statement = self.facts.imports[binding.statement]
        name = next(name for name in statement.names if name.span == binding.span)
        return statement, name

    def module_named(self, dotted: str, scope: int) -> str:
        """Return the module of the tree that a dotted name denotes at a place, or ""."""
        root, *rest = dotted.split(".")
        bindings = self.visible(root, scope) if root else []
        if not bindings or any(binding.kind != "import" for binding in bindings):
            return ""
        found, *others = (self.program.follow(self.facts.module, binding).symbol for binding in bindings)
        if any(other is None or found is None or other.path != found.path for other in others):
            return ""
        for name in rest:
            if found is None or found.kind != "module":
                return ""
            found = self.program.resolve(found.module, name).symbol
        if found is None or found.kind != "module" or found.module not in self.program.modules.paths:
            return ""
        return found.module

    def key(self, meaning: Meaning) -> tuple[int, int] | None:
        """Return statement and place of the import that brings a name in, or None."""
        binding = meaning.binding
        if binding is None or binding.statement < 0:
            return None
        names = self.facts.imports[binding.statement].names
        return binding.statement, next(place for place, name in enumerate(names) if name.span == binding.span)

    @cached_property
    def meanings(self) -> tuple[Meaning, ...]:
        """What each use of the file denotes, in their order."""
        return tuple(map(self.meaning, self.facts.uses))

    @cached_property
    def used(self) -> Mapping[tuple[int, int], tuple[Use, ...]]:
        """The uses of each imported name that has any, by statement and place of the import."""
        found: dict[tuple[int, int], list[Use]] = {}
        for use, meaning in zip(self.facts.uses, self.meanings, strict=True):
            if (key := self.key(meaning)) is not None:
                found.setdefault(key, []).append(use)
        return {key: tuple(uses) for key, uses in found.items()}

    def meaning(self, use: Use) -> Meaning:
        """Return what a use denotes."""
        root, *rest = use.dotted.split(".")
        bindings = self.visible(root, use.scope)
        if not bindings:
            return self._unbound(root, tuple(rest))
        primary = [b for b in bindings if not b.fallback and (len(bindings) == 1 or self._binds(b))] or bindings
        answers = [self._follow(binding, tuple(rest)) for binding in primary]
        answer = answers[-1]
        others = [b for b in bindings if b not in primary]
        if binding_later := self._later_star(root, bindings):
            return Meaning("ambiguous", answer.resolution, binding_later, answer.rest, answer.length)
        same = all(a.kind == answer.kind and a.resolution.denotes(answer.resolution) for a in answers[:-1])
        if not same or (others and answer.kind == "import"):
            return self._several(answer, answers, bindings)
        return answer

    def _binds(self, binding: Binding) -> bool:
        """Whether an import comes to bind a name.

        It fails at the first of its names that does not exist, and what stands behind it in its block is not reached.
        """
        if binding.statement < 0:
            return True
        statement = self.facts.imports[binding.statement]
        reached = (s for s in self.facts.imports if s.suite == statement.suite and s.index <= statement.index)
        return not any(
            self.program.resolve(other.module, name.name).state == "missing"
            for other in reached
            if other.is_from
            for name in other.names
            if name.name != "*" and name.span.start <= binding.span.start
        )

    def _later_star(self, root: str, bindings: list[Binding]) -> Binding | None:
        """Return an import of the module's own scope whose name a later `import *` binds anew."""
        first = bindings[0]
        if first.scope != 0 or first.kind != "import":
            return None
        for star in self.stars:
            if star.span.start > first.span.start and self.program.resolve(star.target, root).state == "found":
                return first
        return None

    def _several(self, answer: Meaning, answers: list[Meaning], bindings: list[Binding]) -> Meaning:
        """Several bindings that differ: only import bindings of one and the same symbol are certain."""
        if all(b.kind in {"param", "assign", "other", "def"} for b in bindings):
            return Meaning("local", binding=bindings[-1])
        return Meaning("ambiguous", answer.resolution, answer.binding, answer.rest, answer.length)

    def _follow(self, binding: Binding, rest: tuple[str, ...]) -> Meaning:
        if binding.kind != "import":
            if binding.scope == 0 and binding.kind in {"def", "class", "assign"}:
                return Meaning("local", self.program.follow(self.facts.module, binding), binding, rest)
            return Meaning("local", Resolution("unknown"), binding, rest)
        found = self.program.follow(self.facts.module, binding)
        length = 1
        while rest and found.symbol is not None and found.symbol.kind == "module":
            module = found.symbol.module
            submodule = f"{module}.{rest[0]}"
            facts = self.program.module_facts(module)
            known = facts is not None and rest[0] in facts.bindings
            if not known and self.program.modules.holds(submodule):
                found = self.program.imported(submodule)
            else:
                found = self.program.resolve(module, rest[0])
            rest, length = rest[1:], length + 1
        return Meaning("import", found, binding, rest, length)

    def _unbound(self, root: str, rest: tuple[str, ...]) -> Meaning:
        for star in reversed(self.stars):
            found = self.program.resolve(star.target, root)
            if found.state == "found":
                return Meaning("star", found, star, rest)
        return Meaning("unbound", rest=rest)
