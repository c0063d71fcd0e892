"""What a report says of the guard: as a section, as JSON, and in a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from recanon.guard.places import Place
from recanon.report.content import Group, Row, Section, many
from recanon.report.model import Guarded


def guarded_line(guarded: Guarded) -> str:
    """Return the counts in one line, without the baseline's name."""
    found = guarded.comparison
    known = many(found.known, "known place")
    return f"{known}, {len(found.new):,} new, {len(found.gone):,} gone, {len(found.moved):,} moved"


def guarded_section(guarded: Guarded) -> Section:
    """Return what is new, gone and moved.

    Args:
        guarded: what to speak of.
    """
    return Section("guard", f"{guarded_line(guarded)} against {guarded.baseline}", tuple(_groups(guarded)))


def guarded_value(guarded: Guarded) -> dict[str, Any]:
    """Return the comparison as JSON has it, in the words of the schema `recanon/guard/1`.

    Args:
        guarded: what to write down.
    """
    found = guarded.comparison
    return {
        "baseline": guarded.baseline,
        "holds": found.holds,
        "known": found.known,
        "new": [_value(place) for place in found.new],
        "gone": [entry._asdict() for entry in found.gone],
        "moved": [{"from": move.before._asdict(), "to": _value(move.place)} for move in found.moved],
    }


def _groups(guarded: Guarded) -> Iterator[Group]:
    found = guarded.comparison
    new = (Row(_at(p), f"{p.kind} {p.name}", (f"use {p.canonical}",) if p.canonical else ()) for p in found.new)
    gone = (Row(entry.path, f"{entry.kind} {entry.name}") for entry in found.gone)
    moved = (Row(m.before.path, f"{m.before.kind} {m.before.name}", (f"now {_at(m.place)}",)) for m in found.moved)
    for heading, rows in (("new", tuple(new)), ("gone", tuple(gone)), ("moved", tuple(moved))):
        if rows:
            yield Group(rows, heading)


def _at(place: Place) -> str:
    return f"{place.path}:{place.line}"


def _value(place: Place) -> dict[str, Any]:
    value = asdict(place)
    return {"file": value.pop("path"), **value}
