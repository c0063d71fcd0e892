"""Import fragmentation: one symbol that code imports under several paths."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from recanon.detectors.contract import Opinion
from recanon.detectors.ground import Ground, Imported
from recanon.outcome import Finding, Verdict
from recanon.resolve.program import Symbol
from recanon.yardstick import Counted

_SHOWN = 6


class Fragmentation:
    """Find it."""

    id: ClassVar[str] = "fragmentation"
    definition: ClassVar[str] = (
        "A function or class of the packages that files import, and use, under more than one path (module and name). "
        "Modules that hand it on from one of these paths to another do not count as users."
    )
    advice: ClassVar[str] = "Agree on one path for each symbol, and import it from there."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield a finding for each symbol with several paths, at its definition."""
        for symbol, routes in used_routes(ground).items():
            if len(routes) > 1:
                yield _finding(ground, symbol, routes)

    def judge(self, ground: Ground, items: Sequence[Counted]) -> list[Opinion]:
        """Say of each class that a yardstick counts whether it is imported under several paths."""
        routes = used_routes(ground)
        paths = {ground.program.modules.paths[s.module]: s.module for s in routes}
        return [
            _opinion([len(routes[s]) for s in routes if s.name == i.name and s.module == paths.get(i.path)])
            for i in items
        ]


def used_routes(ground: Ground) -> dict[Symbol, Counter[str]]:
    """Return for each function and class of the packages the paths under which files use it, with how many do."""
    items = [item for item in ground.imports if _counts(ground, item)]
    asked = {item.route for item in items}
    files: Mapping[Symbol, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    symbols: dict[str, Symbol] = {}
    for item in items:
        symbol = item.resolution.symbol
        handed = f"{item.facts.module}.{item.name.bound}" in asked and item.statement.scope == 0
        if symbol is not None and not handed:
            known = symbols.setdefault(symbol.path, symbol)
            files[known][item.route].add(item.facts.path)
    return {symbol: Counter({route: len(paths) for route, paths in found.items()}) for symbol, found in files.items()}


def _counts(ground: Ground, item: Imported) -> bool:
    symbol = item.resolution.symbol
    return (
        symbol is not None
        and symbol.kind in {"function", "class"}
        and ground.covers(symbol.module)
        and ground.is_used(item)
    )


def _opinion(counts: Sequence[int]) -> Opinion:
    if not counts:
        return Opinion(False, "no file imports and uses it")
    return Opinion(counts[0] > 1, f"used under {counts[0]} {'path' if counts[0] == 1 else 'paths'}")


def _finding(ground: Ground, symbol: Symbol, routes: Counter[str]) -> Finding:
    path = ground.program.modules.paths[symbol.module]
    line, column = ground.source(path).position(symbol.definition.span.start) if symbol.definition else (1, 1)
    shown = ", ".join(f"{route} ({count})" for route, count in routes.most_common(_SHOWN))
    more = f" and {len(routes) - _SHOWN} more" if len(routes) > _SHOWN else ""
    home = ground.canonical_origins.get(symbol.path)
    best = f"{home}" if home else routes.most_common(1)[0][0].rpartition(".")[0]
    return Finding(
        path=path,
        line=line,
        column=column,
        word=symbol.name,
        kind=symbol.kind,
        verdict=Verdict.MANUAL,
        reason=f"used under {len(routes)} paths (files): {shown}{more}",
        hint=f"Import it from {best}.",
        origin=symbol.path,
        chain=tuple(route for route, _ in routes.most_common()),
        group="canonical symbols" if home else "other symbols",
        detector=Fragmentation.id,
    )
