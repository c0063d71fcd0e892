"""What a report says about interrupted runs and about the journal itself."""

from __future__ import annotations

import json

from recanon.journal.rows import RunKind
from recanon.recovery import Half, Order
from recanon.report.content import Group, Row, Section, many
from recanon.report.run_listing import recovered_sections, refused_section
from recanon.upkeep import Dropped, Health


def order_sections(order: Order) -> list[Section]:
    """Return what was found of interrupted runs, and what can be done about each.

    Args:
        order: what was found.
    """
    return [*recovered_sections(order.recovered), *map(_half, order.halves)]


def _half(half: Half) -> Section:
    what = f"{half.kind} {half.pack}".rstrip()
    done = f"{len(half.written)} of {many(len(half.written) + len(half.missing), 'file')} done"
    ways = "--finish" if half.kind is RunKind.ROLLBACK else "--finish, or --undo"
    rows = tuple(Row(path) for path in half.missing)
    return Section(f"run {half.run}", f"{what} waits: {done}; {ways}", (Group(rows, "not done yet"),))


def health_sections(health: Health) -> list[Section]:
    """Return whether everything can still be given back.

    Args:
        health: what was found.
    """
    lead = f"{many(health.files, 'record')} of files, {many(health.texts, 'kept text')} read, {_bytes(health.size)}"
    spare = f"{many(health.spare, 'kept text')} that nobody needs: `recanon gc` takes them away" if health.spare else ""
    sections = [
        Section("journal", f"{lead}: {'damaged' if health.damaged else 'whole'}"),
        refused_section("damaged", "cannot be given back", health.damaged),
        Section("spare", spare),
    ]
    return [section for section in sections if section.groups or section.lead]


def health_json(health: Health) -> str:
    """Return the same for a script.

    Args:
        health: what was found.
    """
    damaged = [{"path": file.path, "reason": file.reason, "hint": file.hint} for file in health.damaged]
    counts = {"files": health.files, "texts": health.texts, "bytes": health.size, "spare": health.spare}
    return json.dumps({"whole": not health.damaged, **counts, "damaged": damaged}, indent=2) + "\n"


def dropped_sections(dropped: Dropped, *, dry: bool) -> list[Section]:
    """Return what was taken away.

    Args:
        dropped: what went, and what stays.
        dry: whether it was only looked at.
    """
    verb = "would go" if dry else "taken away"
    lead = f"{many(dropped.texts, 'kept text')}, {_bytes(dropped.size)}, {verb}; {dropped.kept} still needed"
    rows = tuple(Row(name) for name in dropped.strange)
    strange = Section("strange", "not put there by recanon, and left alone", (Group(rows),))
    return [Section("journal", lead), *([strange] if rows else [])]


def _bytes(size: int) -> str:
    return f"{size:,} bytes"
