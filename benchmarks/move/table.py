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


def markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the results as a table, a row for each move: sites right, missed, wrong and changes beside; tests lost."""
    tools = [tool for tool in TOOLS if any(row["tool"] == tool for row in rows)]
    lines = ["| move | sites | " + " | ".join(tools) + " |", "|---|---|" + "---|" * len(tools)]
    for move in dict.fromkeys(row["move"] for row in rows):
        mine = {row["tool"]: row for row in rows if row["move"] == move}
        cells = [cell(mine[tool]) if tool in mine else "" for tool in tools]
        lines.append(f"| `{move}` | {next(iter(mine.values()))['sites']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def cell(row: Mapping[str, Any]) -> str:
    """Return the figures of one result: right, missed, wrong, beside; what dangles; tests lost; seconds."""
    figures = counts(row)
    said = ", ".join(str(figures[name]) for name in ("right", "missed", "wrong", "beside"))
    bad = [f"{figures['dangling']} dangle"] if figures["dangling"] else []
    bad += [f"{figures['names']} names"] if figures["names"] else []
    tests = [f"{figures['lost']} tests lost" if figures["lost"] else "tests whole"] if row["tests"] else []
    return "; ".join([said, *bad, *tests, f"{row['seconds']:.1f} s"])
