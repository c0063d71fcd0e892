"""Inconsistent resolution: one name that denotes different symbols, or none, depending on where it is imported from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar

from recanon.detectors.ground import Ground, Imported
from recanon.outcome import Finding, Verdict
from recanon.resolve.program import Symbol


class InconsistentResolution:
    """Find it."""

    id: ClassVar[str] = "inconsistent-resolution"
    definition: ClassVar[str] = (
        "A name that files import from different modules of the packages, and that denotes another function or class "
        "in each; and an import of a name, or from a module, that the packages do not have."
    )
    advice: ClassVar[str] = "Give different things different names; mend or take out imports of what is not there."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield the other symbols of a name at their definitions, and imports of missing names at their place."""
        named: dict[str, dict[str, list[Imported]]] = defaultdict(lambda: defaultdict(list))
        for item in ground.imports:
            symbol = item.resolution.symbol
            if symbol is not None and symbol.kind in {"function", "class"} and symbol.module in ground.structures:
                named[item.name.name][symbol.path].append(item)
            if item.resolution.state == "missing":
                yield _missing(ground, item)
        for name, symbols in sorted(named.items()):
            yield from _others(ground, name, symbols)


def _others(ground: Ground, name: str, symbols: dict[str, list[Imported]]) -> Iterator[Finding]:
    """Every symbol of a name but the canonical one, or the one that most files import."""
    ranked = sorted(symbols, key=lambda path: (path not in ground.canonical_origins, -len(symbols[path]), path))
    first, count = ranked[0], _files(symbols[ranked[0]])
    for path in ranked[1:]:
        items = symbols[path]
        symbol = items[0].resolution.symbol
        assert symbol is not None
        file = ground.program.modules.paths[symbol.module]
        line, column = ground.source(file).position(_start(symbol))
        yield Finding(
            path=file,
            line=line,
            column=column,
            word=name,
            kind=symbol.kind,
            verdict=Verdict.MANUAL,
            reason=f"{_many(_files(items))} import {name} and get this one; {_many(count)} get {first}",
            hint="Give it another name, or let its importers take the other one.",
            origin=path,
            chain=tuple(dict.fromkeys(item.route for item in items)),
            group="one name, several symbols",
            detector=InconsistentResolution.id,
        )


def _missing(ground: Ground, item: Imported) -> Finding:
    line, column = ground.place(item.facts, item.name.span.start)
    there = ground.program.modules.holds(item.statement.module)
    lacks = (
        f"{item.statement.module} has no {item.name.name}" if there else f"there is no module {item.statement.module}"
    )
    tried = any(guard.startswith("try:") for guard in item.statement.guards)
    return Finding(
        path=item.facts.path,
        line=line,
        column=column,
        word=item.name.name,
        kind="import",
        verdict=Verdict.MANUAL,
        reason=lacks + ("; a try stands around it" if tried else ""),
        hint="Import what is there, or take the import out.",
        origin=item.route,
        chain=item.resolution.chain,
        group="a name that is not there" if there else "a module that is not there",
        detector=InconsistentResolution.id,
    )


def _start(symbol: Symbol) -> int:
    return symbol.definition.span.start if symbol.definition is not None else 0


def _files(items: list[Imported]) -> int:
    return len({item.facts.path for item in items})


def _many(count: int) -> str:
    return f"{count} {'file' if count == 1 else 'files'}"
