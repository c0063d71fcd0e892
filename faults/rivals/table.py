"""The rivals side by side."""

from __future__ import annotations

from collections.abc import Sequence

from faults.rivals.measure import Measure
from faults.table import lay_out

_HEAD = ("program", "kill points", "leave an empty file", "a torn one", "full disk, 4 files", "exit code", "it says")
_LONGEST = 60


def table(measures: Sequence[Measure]) -> str:
    """Return what was measured as a table in Markdown."""
    return lay_out([_HEAD, *map(_line, measures)])


def _line(measure: Measure) -> tuple[str, ...]:
    if measure.missing:
        return measure.tool, f"not tried: {measure.missing}", *("-" for _ in _HEAD[2:])
    torn = measure.killed["torn"] + measure.killed["gone"]
    full = ", ".join(f"{count} {state}" for state, count in sorted(measure.full.items())) or "not tried"
    code = "-" if measure.code is None else str(measure.code)
    said = measure.said.replace("|", "/")[:_LONGEST]
    return measure.tool, str(measure.points), str(measure.killed["empty"]), str(torn), full, code, said
