"""What is to be said of the run of a guest besides its plan: the sum over the files, warnings, and what it printed."""

from __future__ import annotations

from recanon.guests.result import Result, State
from recanon.guests.run import GuestRun
from recanon.report.content import Group, Row, Section, many


def guest_sections(run: GuestRun, *, output: bool) -> list[Section]:
    """Return the sections.

    Args:
        run: the run.
        output: whether to show what the guest printed.
    """
    sections = [_strays(run), _warnings(run)]
    if output:
        sections += [_output(result) for result in run.results if result.output]
    return [section for section in sections if section.groups]


def census_line(run: GuestRun) -> str:
    """Return the sum over the files, as one line."""
    counts = " + ".join(f"{state} {count:,}" for state, count in run.census.items())
    return f"files: {len(run.results):,} = {counts}"


def printed_line(run: GuestRun) -> str:
    """Return how much the guest printed that is not shown, or nothing."""
    printed = sum(1 for result in run.results if result.output)
    return f"It printed something about {many(printed, 'file')}; --show-output shows it." if printed else ""


def _warnings(run: GuestRun) -> Section:
    rows = tuple(
        Row(result.path, warning)
        for result in run.results
        if result.state in {State.CHANGED, State.UNCHANGED}
        for warning in result.warnings
    )
    return Section("warnings", f"{len(rows):,} of the guest or about its changes", (Group(rows),) if rows else ())


def _strays(run: GuestRun) -> Section:
    rows = tuple(Row(path) for path in run.strays)
    lead = (
        f"{many(len(rows), 'file')} that the guest wrote into its copy of the tree on its own; nothing of it is taken"
    )
    return Section("strays", lead, (Group(rows),) if rows else ())


def _output(result: Result) -> Section:
    rows = tuple(Row(line) for line in result.output.splitlines())
    return Section("output", result.path, (Group(rows),))
