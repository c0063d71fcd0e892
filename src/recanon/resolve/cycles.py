"""Which modules a module imports while it is being imported, directly or through others."""

from __future__ import annotations

from collections.abc import Iterator

from recanon.resolve.program import Program


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

    def find(self) -> frozenset[str]:
        """Return all that they import, found once."""
        if self._reached is None:
            self._reached = reachable(self.program, self.roots)
        return self._reached


def reachable(program: Program, roots: frozenset[str]) -> frozenset[str]:
    """Return the modules that are imported when the roots are, the roots and their packages included.

    Imports within functions and under `if TYPE_CHECKING` do not run then, and those in an `except` branch only where
    another import fails.
    """
    pending = [part for root in roots for part in with_packages(root)]
    seen: set[str] = set()
    while pending:
        module = pending.pop()
        if module in seen or module not in program.modules.paths:
            continue
        seen.add(module)
        for imported in imported_modules(program, module):
            pending.extend(with_packages(imported))
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


def with_packages(module: str) -> Iterator[str]:
    """Yield a module and its packages, which are imported before it."""
    while module:
        yield module
        module = module.rpartition(".")[0]
