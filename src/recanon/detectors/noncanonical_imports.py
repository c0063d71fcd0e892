"""Imports of a canonical symbol from another module than the canonical one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from recanon.detectors.contract import Opinion
from recanon.detectors.ground import Ground, Imported
from recanon.outcome import Finding, Verdict
from recanon.yardstick import Counted


class NoncanonicalImports:
    """Find them."""

    id: ClassVar[str] = "noncanonical-imports"
    definition: ClassVar[str] = (
        "An import whose name denotes, under whatever name, a symbol that the pack calls canonical or moves to a "
        "canonical module, and that takes it from another module. Modules through which the canonical one gets the "
        "symbol itself, and places that are kept on purpose, do not count."
    )
    advice: ClassVar[str] = "Import it from the canonical module."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield every such import."""
        for item in ground.imports:
            symbol = item.resolution.symbol
            home = ground.canonical_origins.get(symbol.path) if symbol is not None else None
            if home is None or item.statement.module == home or item.facts.module in ground.sources_of_canonical:
                continue
            finding = _finding(ground, item, home)
            if finding.verdict not in {Verdict.LEFT, Verdict.CANONICAL}:
                yield finding

    def judge(self, ground: Ground, items: Sequence[Counted]) -> list[Opinion]:
        """Say of each line that a yardstick counts whether it imports a canonical symbol from elsewhere."""
        found = {(finding.path, finding.line): finding for finding in self.find(ground)}
        imported = {
            (item.facts.path, ground.place(item.facts, item.statement.span.start)[0]) for item in ground.imports
        }
        return [_opinion(found.get((i.path, i.line)), (i.path, i.line) in imported) for i in items]


def _opinion(finding: Finding | None, imports: bool) -> Opinion:
    if finding is not None:
        return Opinion(True, finding.reason)
    if imports:
        return Opinion(False, "what it imports is another symbol than the canonical ones")
    return Opinion(False, "the line imports nothing: it is text, or a module as a whole")


def _finding(ground: Ground, item: Imported, home: str) -> Finding:
    line, column = ground.place(item.facts, item.name.span.start)
    planned = ground.by_place.get((item.facts.path, line, column))
    symbol = item.resolution.symbol
    assert symbol is not None
    return Finding(
        path=item.facts.path,
        line=line,
        column=column,
        word=item.name.name,
        kind="import",
        verdict=planned.verdict if planned is not None else Verdict.MANUAL,
        reason=f"takes {symbol.path} from {item.statement.module}; the canonical module is {home}",
        hint=(planned.hint if planned is not None else "") or f"Import it from {home}.",
        codemod=planned.codemod if planned is not None else "",
        origin=symbol.path,
        chain=item.resolution.chain,
        group=f"from {item.statement.module}",
        phase=planned.phase if planned is not None else "",
        detector=NoncanonicalImports.id,
    )
