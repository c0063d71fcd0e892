"""What happens when a module is imported first: which imports find another module half way through, and fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from recanon.index.facts import ModuleFacts
from recanon.resolve.names import with_packages
from recanon.resolve.program import Program

_DONE = 1 << 60


class Taken(NamedTuple):
    """What a module takes from one that is half way through; `name` is "" for the module itself."""

    by: str
    module: str
    name: str


class _Step(NamedTuple):
    """An import statement of a module: where it stands, and what it names, as in its facts."""

    at: int
    target: str


class ImportOrder:
    """Follow the import statements of some modules as Python does.

    Args:
        program: the whole program.
        modules: those that are followed; others import none of them.
    """

    def __init__(self, program: Program, modules: frozenset[str]) -> None:
        self.program = program
        self.modules = modules
        self._at: dict[str, int] = {}
        self._found: set[Taken] = set()

    def failures(self, first: str) -> frozenset[Taken]:
        """Return what is not there yet when it is taken, if a module is imported before all others.

        A module that is taken half way through counts: what it has then cannot be told from here.

        Args:
            first: the module.
        """
        self._at, self._found = {}, set()
        stack = [self._run(first)]
        while stack:
            wanted = next(stack[-1], None)
            if wanted is None:
                stack.pop()
            else:
                stack.append(self._run(wanted))
        return frozenset(self._found)

    def _run(self, module: str) -> Iterator[str]:
        """Import a module: yield each one that has to be imported before its next statement."""
        for package in reversed([*with_packages(module)][1:]):
            if self._pending(package):
                yield package
        facts = self.program.module_facts(module)
        if facts is None or not self._pending(module):
            return
        self._at[module] = -1
        for step in _steps(facts):
            self._at[module] = step.at
            yield from self._statement(module, step.target)
        self._at[module] = _DONE

    def _pending(self, module: str) -> bool:
        return module in self.modules and module not in self._at

    def _half_way(self, module: str) -> bool:
        return self._at.get(module, _DONE) < _DONE

    def _statement(self, module: str, target: str) -> Iterator[str]:
        origin, colon, name = target.partition(":")
        if self._pending(origin):
            yield origin
        if not colon:
            self._take(module, origin)
            return
        below = f"{origin}.{name}"
        if name != "*" and below in self.program.modules.paths and not self._has(origin, name):
            if self._pending(below):
                yield below
            self._take(module, below)
        elif name != "*" and self._half_way(origin) and not self._has(origin, name):
            self._found.add(Taken(module, origin, name))

    def _take(self, module: str, taken: str) -> None:
        """Note that a module is taken half way through; a package always is, while its modules are imported."""
        if self._half_way(taken) and taken not in with_packages(module):
            self._found.add(Taken(module, taken, ""))

    def _has(self, module: str, name: str) -> bool:
        """Whether a module has bound a name by now."""
        facts = self.program.module_facts(module)
        bound = facts.bindings.get(name, ()) if facts else ()
        now = self._at.get(module, _DONE)
        from_star = facts is not None and not bound and 0 <= facts.last_star < now
        return from_star or any(binding.span.end <= now for binding in bound)


def _steps(facts: ModuleFacts) -> Iterator[_Step]:
    """Yield the imports that run at import time, in order; an `except` branch does where another import fails."""
    starts = sorted(b.span.start for found in facts.bindings.values() for b in found if b.kind == "import")
    number, at = 0, -1
    for target, guards in facts.imports:
        if target.endswith(":*"):
            at += 1
        else:
            at, number = starts[number], number + 1
        if "if:TYPE_CHECKING" not in guards and "except" not in guards:
            yield _Step(at, target)
