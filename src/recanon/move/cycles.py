"""Import cycles that a move would make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recanon.resolve.cycles import imported_modules, with_packages
from recanon.resolve.program import Program


def new_cycles(before: Program, after: Program, paths: Sequence[str]) -> Iterator[str]:
    """Yield the files that would import, at module level, a module that imports them.

    A package that is imported because one of its modules is counts only where a statement names it: it is being
    imported already when it imports that module.

    Args:
        before, after: the program as it is, and as it would be.
        paths: the files that change.
    """
    for path in paths:
        module = after.modules.modules.get(path, "")  # a file beside a package of its name is never imported
        old = set(imported_modules(before, module, named=True)) if module in before.modules.paths else set()
        for target in sorted(set(imported_modules(after, module, named=True)) - old):
            if module and target in after.modules.paths and target != module and _leads_to(after, target, module):
                yield f"{path}: {target} imports {module}: importing it here would make a cycle"


def _leads_to(program: Program, start: str, module: str) -> bool:
    """Whether importing a module runs an import statement that names another one."""
    loading = set(with_packages(module))
    pending, seen = [start], set()
    while pending:
        current = pending.pop()
        if current in seen or current not in program.modules.paths:
            continue
        seen.add(current)
        named = set(imported_modules(program, current, named=True))
        if module in named:
            return True
        pending += [part for name in {current, *named} for part in with_packages(name) if part not in loading]
    return False
