"""The results as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

TOOLS = ("recanon", "rope", "rope-text", "libcst")
COUNTED = ("right", "missed", "wrong", "beside", "broken", "names", "dangling", "lost")


def counts(row: Mapping[str, Any]) -> dict[str, int]:
    """Return the figures of one result."""
    lists = {name: len(row[name]) for name in COUNTED if isinstance(row.get(name), list)}
    return {**lists, "right": row["right"], "lost": len(row["tests"].get("lost", ()))}


def line(row: Mapping[str, Any]) -> str:
    """Return one result as a line."""
    figures = "  ".join(f"{name} {counts(row)[name]}" for name in COUNTED)
    return f"{row['move']:18} {row['tool']:9} {row['seconds']:6.2f} s  of {row['sites']}: {figures}"


def totals(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what each tool did over all moves."""
    lines = []
    for tool in TOOLS:
        mine = [row for row in rows if row["tool"] == tool]
        if mine:
            summed = "  ".join(f"{name} {sum(counts(row)[name] for row in mine)}" for name in COUNTED)
            sites, clean = sum(row["sites"] for row in mine), sum(not row["tests"].get("lost") for row in mine)
            seconds = sum(row["seconds"] for row in mine)
            lines.append(f"{tool:9} of {sites}: {summed}; suites whole {clean} of {len(mine)}; {seconds:.1f} s")
    return "\n".join(lines)
