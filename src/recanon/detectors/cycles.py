"""Import cycles: modules that import each other while they are being imported."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from recanon.detectors.contract import Opinion
from recanon.detectors.ground import Ground
from recanon.errors import SourceError
from recanon.index.modules import absolute_module
from recanon.index.reader import parse
from recanon.outcome import Finding, Verdict
from recanon.resolve.cycles import imported_modules
from recanon.resolve.graph import Cut, Graph, components, cuts
from recanon.resolve.names import with_packages
from recanon.yardstick import Counted


class Cycles:
    """Find them."""

    id: ClassVar[str] = "cycles"
    definition: ClassVar[str] = (
        "A strongly connected component of the imports at module level that holds a module of the packages. An import"
        " also leads to the packages around the module that it names, where the importer lies outside of them. "
        "Imports in functions, under TYPE_CHECKING and in except branches do not run then; cycles among the packages'"
        " modules that only imports in functions close are listed apart."
    )
    advice: ClassVar[str] = (
        "Cut the edge that is named: move what is needed to a module below both, or into the function."
    )

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield the imports to cut, one after the other, until no module of the packages is on a cycle."""
        graph = import_graph(ground)
        own = frozenset(filter(ground.covers, graph))
        for cut in cuts(graph, own):
            yield _finding(ground, cut, "at module level")
        firm = frozenset().union(*components(graph))
        for cut in cuts(with_deferred(ground, graph), own - firm):
            yield _finding(ground, cut, "closed by an import in a function")

    def judge(self, ground: Ground, items: Sequence[Counted]) -> list[Opinion]:
        """Say of each module that a yardstick counts whether it is on a cycle at module level."""
        graph = import_graph(ground)
        firm = {module: len(members) for members in components(graph) for module in members}
        loose = {module for members in components(with_deferred(ground, graph)) for module in members}
        return [_opinion(ground.program.modules.modules.get(item.path, ""), firm, loose) for item in items]


def import_graph(ground: Ground) -> Graph:
    """Return which modules each module imports at module level, as far as the packages' modules lead."""
    graph: dict[str, frozenset[str]] = {}
    waiting = sorted(ground.structures)
    while waiting:
        module = waiting.pop()
        if module in graph:
            continue
        around = set(with_packages(module)) - {module}
        steps = {part for imported in imported_modules(ground.program, module) for part in with_packages(imported)}
        explicit = set(imported_modules(ground.program, module))
        known = {step for step in steps if step in ground.program.modules.paths and step != module}
        graph[module] = frozenset(known - (around - explicit))
        waiting.extend(graph[module] - graph.keys())
    return graph


def with_deferred(ground: Ground, graph: Graph) -> Graph:
    """Return the imports among the packages' modules, those in functions included."""
    steps: dict[str, set[str]] = defaultdict(set)
    for facts in ground.facts.values():
        if facts.module in ground.structures:
            steps[facts.module] |= {step for step in graph[facts.module] if step in ground.structures}
            for item in facts.imports:
                names = (f"{item.module}.{name.name}" for name in item.names)
                inner = {name for name in names if name in ground.structures}
                if "def" in item.guards and item.is_from and "if:TYPE_CHECKING" not in item.guards:
                    steps[facts.module] |= (inner or {item.module} & ground.structures.keys()) - {facts.module}
    return {module: frozenset(found) for module, found in steps.items()}


def _opinion(module: str, firm: Mapping[str, int], loose: set[str]) -> Opinion:
    if module in firm:
        return Opinion(True, f"on a cycle of {firm[module]} modules at module level")
    if module in loose:
        return Opinion(False, "an import in a function closes it, and that runs after both modules are there")
    return Opinion(False, "no import that runs leads back to it")


def _finding(ground: Ground, cut: Cut, group: str) -> Finding:
    importer, imported = cut.edge
    line, column = import_place(ground, importer, imported)
    own = sum(map(ground.covers, cut.members))
    rest = f"{cut.left} of these stay on one" if cut.left else "none of these is on one"
    return Finding(
        path=ground.program.modules.paths[importer],
        line=line,
        column=column,
        word=imported,
        kind="import",
        verdict=Verdict.MANUAL,
        reason=f"{len(cut.members)} modules import each other, {own} of the packages; without this import {rest}",
        hint=f"Cut {importer} → {imported}: move what is needed to a module below both, or into the function.",
        origin=imported,
        chain=cut.circle,
        group=group,
        detector=Cycles.id,
    )


def import_place(ground: Ground, importer: str, imported: str) -> tuple[int, int]:
    """Return line and column of the import that leads from a module to another one; 1, 1 where none can be told."""
    path = ground.program.modules.paths[importer]
    try:
        source = ground.source(path)
        tree = parse(source)
    except (SourceError, OSError):
        return 1, 1
    is_package = ground.program.modules.is_package(path)
    places = [
        source.position(source.offset(node.lineno, node.col_offset))
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and any(f"{name}.".startswith(f"{imported}.") for name in _named(node, importer, is_package))
    ]
    return min(places, default=(1, 1), key=lambda place: (place[1] > 1, place))


def _named(node: ast.Import | ast.ImportFrom, module: str, is_package: bool) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    else:
        origin = absolute_module(module, is_package, node)
        yield from (origin, *(f"{origin}.{alias.name}" for alias in node.names))
