"""Which modules a module imports while it is being imported, directly or through others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from recanon.resolve.names import with_packages
from recanon.resolve.program import Program

ReadAhead = Callable[[Sequence[str]], None]
"""Called with dotted names of modules of which it will be asked soon what they bind."""


class Importers:
    """Everything that the canonical modules import at module level.

    Args:
        program: the whole program.
        roots: dotted names of the canonical modules.
    """

    def __init__(self, program: Program, roots: frozenset[str]) -> None:
        self.program = program
        self.roots = roots
        self._reached: frozenset[str] | None = None

    def imports(self, module: str) -> bool:
        """Return whether a canonical module imports a module, so that importing back would make a cycle."""
        return module in self.find()

    def find(self, read: ReadAhead | None = None) -> frozenset[str]:
        """Return all that they import, found once.

        Args:
            read: is told which modules will be asked for next, so that it can read them at once.
        """
        if self._reached is None:
            self._reached = reachable(self.program, self.roots, read)
        return self._reached


def reachable(program: Program, roots: frozenset[str], read: ReadAhead | None = None) -> frozenset[str]:
    """Return the modules that are imported when the roots are, the roots and their packages included.

    Imports within functions and under `if TYPE_CHECKING` do not run then, and those in an `except` branch only where
    another import fails.

    Args:
        program: the whole program.
        roots: dotted names of modules.
        read: is told which modules will be asked for next, so that it can read them at once.
    """
    seen: set[str] = set()
    next_ones = {part for root in roots for part in with_packages(root) if part in program.modules.paths}
    while next_ones:
        seen |= next_ones
        if read is not None:
            read(sorted(next_ones))
        imported = (target for module in next_ones for target in imported_modules(program, module))
        parts = {part for target in set(imported) for part in with_packages(target)}
        next_ones = {part for part in parts - seen if part in program.modules.paths}
    return frozenset(seen)


def imported_modules(program: Program, module: str, *, named: bool = False) -> Iterator[str]:
    """Yield the modules of the tree that a module imports at its top level.

    Args:
        program: the whole program.
        module: the module.
        named: leave out a package that is only named because a module of it is imported.
    """
    facts = program.module_facts(module)
    for target, guards in facts.imports if facts else ():
        if "if:TYPE_CHECKING" in guards or "except" in guards:
            continue
        origin, colon, name = target.partition(":")
        if colon and f"{origin}.{name}" in program.modules.paths and not _binds(program, origin, name):
            yield f"{origin}.{name}"
            if named:
                continue
        yield origin


def _binds(program: Program, module: str, name: str) -> bool:
    facts = program.module_facts(module)
    return facts is not None and name in facts.bindings
