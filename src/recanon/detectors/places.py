"""Places of the API whose names hold no trigger word: what they denote decides, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from recanon.detectors.ground import Ground, Imported
from recanon.outcome import Finding, Verdict, is_old, is_use


class Place(NamedTuple):
    """A place that uses the API.

    Args:
        path: the file.
        kind: import, call, reference or patch target.
        standing: `canonical`, `old`, or `kept` where it is old and stays on purpose.
        phase: the phase that its edit belongs to, or "".
    """

    path: str
    kind: str
    standing: str
    phase: str = ""


def planned_place(finding: Finding) -> Place | None:
    """Return the place of a mention, or None where it is no use of the API."""
    if not is_use(finding):
        return None
    standing = "old" if is_old(finding) else "canonical" if finding.verdict is Verdict.CANONICAL else "kept"
    return Place(finding.path, finding.kind, standing, finding.phase)


def further_places(ground: Ground) -> Iterator[Place]:
    """Yield the imports and uses of canonical symbols that are no mention of the plan.

    A use stands as the import does that brings its name in. An import stands as the plan has it; one that the plan does
    not know is canonical when it takes the symbol from its canonical module.
    """
    standings: dict[tuple[str, int], str] = {}
    for item in ground.imports:
        standing, known = _standing(ground, item)
        if standing:
            standings[item.facts.path, item.name.span.start] = standing
            if not known:
                yield Place(item.facts.path, "import", standing)
    for used in ground.uses:
        symbol, binding = used.meaning.resolution.symbol, used.meaning.binding
        if binding is None or symbol is None or symbol.path not in ground.canonical_origins or used.use.in_fstring:
            continue
        found = standings.get((used.facts.path, binding.span.start))
        place = (used.facts.path, *ground.place(used.facts, used.use.name_span.start))
        if found and place not in ground.by_place:
            yield Place(used.facts.path, "call" if used.use.call is not None else "reference", found)


def _standing(ground: Ground, item: Imported) -> tuple[str, bool]:
    """How an import stands, and whether the plan has it; "" where it imports no canonical symbol."""
    symbol = item.resolution.symbol
    home = ground.canonical_origins.get(symbol.path) if symbol is not None else None
    if home is None:
        return "", False
    planned = ground.by_place.get((item.facts.path, *ground.place(item.facts, item.name.span.start)))
    if planned is not None:
        place = planned_place(planned)
        return (place.standing if place is not None else ""), True
    if item.statement.module == home:
        return "canonical", False
    return ("" if item.facts.module in ground.sources_of_canonical else "old"), False
