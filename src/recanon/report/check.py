"""What `recanon check` says about a pack: as sections, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from recanon.report.content import Group, Row, Section, many
from recanon.testing.check import CodemodReport, PackReport
from recanon.testing.guests import GuestReport
from recanon.testing.reach import Unreached


def check_sections(report: PackReport) -> list[Section]:
    """Return how a pack stands, for a person.

    Args:
        report: what was found.
    """
    count = len(report.failures)
    lead = f"{count} failure{'s' if count != 1 else ''}" if count else "all checks hold"
    groups = [Group(tuple(Row(codemod.id, _summary(codemod)) for codemod in report.codemods), "codemods")]
    groups.append(Group(tuple(Row(guest.run, _guest(guest)) for guest in report.guests), "guests"))
    sections = [Section(report.id, lead, tuple(group for group in groups if group.rows))]
    unreached = tuple(Group(rows, heading) for heading, rows in _unreached(report) if rows)
    if unreached:
        sections.append(Section("not reached", "no example shows this", unreached))
    return sections


def failure_lines(report: PackReport) -> Iterator[str]:
    """Yield what is wrong, line by line: the place of the example, its title, and what was found.

    Args:
        report: what was found.
    """
    for failure in report.failures:
        yield from ("", f"{failure.where}: {failure.what}")
        yield from (f"  {line}" for line in failure.why.splitlines())


def check_data(report: PackReport) -> dict[str, Any]:
    """Return how a pack stands, for scripts."""
    return {
        "pack": report.id,
        "folder": str(report.folder),
        "ok": not report.failures,
        "codemods": [asdict(codemod) for codemod in report.codemods],
        "guests": [asdict(guest) for guest in report.guests],
        "not_reached": {
            "entries": list(report.entries),
            "verdicts": list(report.verdicts),
            "helpers": {name: asdict(rest) for name, rest in report.helpers},
        },
    }


def _summary(codemod: CodemodReport) -> str:
    stand = f"FAILED ({len(codemod.failures)})" if codemod.failures else "ok"
    shown = f"{codemod.changing} changing, {codemod.staying} staying"
    return f"{stand}; examples: {shown}; shapes: {codemod.shapes}, {codemod.rewritten} of them rewritten"


def _guest(guest: GuestReport) -> str:
    if guest.trouble:
        return f"FAILED; phase {guest.phase}"
    return f"ok; phase {guest.phase}; given {many(guest.files, 'file')} of the world, {guest.changed} of them changed"


def _unreached(report: PackReport) -> Iterator[tuple[str, tuple[Row, ...]]]:
    files = [(codemod.id, codemod.unreached) for codemod in report.codemods]
    yield "code", tuple(Row(name, _lines(rest)) for name, rest in (*files, *report.helpers) if rest != Unreached())
    yield "entries of pack.toml", tuple(Row(entry) for entry in report.entries)
    yield "verdicts", tuple(Row(verdict) for verdict in report.verdicts)


def _lines(rest: Unreached) -> str:
    """Lines as ranges, and the branches that are not plain from them."""
    branches = [(start, end) for start, end in rest.branches if end not in rest.lines]
    never = [f"{start} never leads {f'to {end}' if end > 0 else 'out'}" for start, end in branches]
    lines = [f"line{'s' if len(rest.lines) > 1 else ''} {', '.join(_ranges(rest.lines))}"] if rest.lines else []
    return "; ".join([*lines, *never])


def _ranges(lines: tuple[int, ...]) -> Iterator[str]:
    start = end = 0
    for line in (*lines, 0):
        if line != end + 1:
            if end:
                yield f"{start}–{end}" if end > start else str(start)
            start = line
        end = line
