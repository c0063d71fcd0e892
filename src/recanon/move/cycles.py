"""Import cycles in which a move would make an import fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recanon.move.import_order import ImportOrder, Taken
from recanon.resolve.cycles import imported_modules
from recanon.resolve.names import with_packages
from recanon.resolve.program import Program

_FIRST = 40  # modules that are tried as the first one


def new_cycles(before: Program, after: Program, paths: Sequence[str]) -> Iterator[str]:
    """Yield the files that would take, while they are imported, what is not there yet.

    A package that is imported because one of its modules is counts only where a statement names it: it is being
    imported already when it imports that module.

    Args:
        before, after: the program as it is, and as it would be.
        paths: the files that change.
    """
    told: set[Taken] = set()
    for path in paths:
        module = after.modules.modules.get(path, "")  # a file beside a package of its name is never imported
        for target in sorted(_fresh(before, after, module)) if module else ():
            ring = _ring(after, target, module)
            if ring:
                told |= _failures(after, ring, (module, target)) - _failures(before, ring, (module, target))
    for by, target, name in sorted(told):
        where = after.modules.paths[by]
        yield f"{where}: {target} imports {by}: importing {name or 'it'} here would make a cycle"


def _fresh(before: Program, after: Program, module: str) -> set[str]:
    """Return the modules from which one imports something at its top level that it did not import before."""
    old, new = (program.module_facts(module) for program in (before, after))
    known = set(old.imports) if old else set()
    targets = {target.partition(":")[0] for target, _ in (set(new.imports) - known if new else ())}
    named = {m for m in imported_modules(after, module, named=True) if m != module and m in after.modules.paths}
    return {m for m in named if m in targets or m.rpartition(".")[0] in targets}


def _ring(program: Program, start: str, module: str) -> frozenset[str]:
    """Return the modules that are imported with one, where that leads to a statement that names another; else none."""
    loading = set(with_packages(module))
    pending, seen, leads = [start], set(), False
    while pending:
        current = pending.pop()
        if current in seen or current not in program.modules.paths:
            continue
        seen.add(current)
        named = set(imported_modules(program, current, named=True))
        leads = leads or module in named
        pending += [part for name in {current, *named} for part in with_packages(name) if part not in loading]
    return frozenset(seen | loading) if leads else frozenset()


def _failures(program: Program, ring: frozenset[str], ends: tuple[str, str]) -> set[Taken]:
    order = ImportOrder(program, ring)
    first = sorted((m for m in ring if m in program.modules.paths), key=lambda m: (m not in ends, m))
    return {taken for module in first[:_FIRST] for taken in order.failures(module)}
