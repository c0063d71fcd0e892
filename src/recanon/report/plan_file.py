"""What a report says about a plan file: the matrix of phases and risks, the files that need care, and the way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from recanon.outcome import Finding
from recanon.plan_file import PlanFile, PlannedFile, PlannedPhase
from recanon.report.content import Group, Row, Section, many
from recanon.risk import LEVELS

FEW = 3


def plan_file_sections(plan: PlanFile) -> list[Section]:
    """Return the sections of a plan file.

    Args:
        plan: the plan file.
    """
    return [_matrix(plan), *_high(plan), *_refused(plan), _offered(plan), _way_back(plan)]


def step_sections(stale: Sequence[str], held: Sequence[Finding]) -> list[Section]:
    """Return what of a phase of a plan file does not come out as it was decided.

    Args:
        stale: files that are not as planned upon.
        held: places that were to be rewritten and stay.
    """
    rows = tuple(Row(f"{f.path}:{f.line}", f"{f.kind} {f.word}", (f.reason,)) for f in held)
    sections = [
        Section(
            "stale",
            f"{many(len(stale), 'file')} not as planned upon: they stay as they are; plan again",
            (Group(tuple(Row(path) for path in stale)),),
        ),
        Section("held", f"{many(len(rows), 'place')} cannot be rewritten as decided", (Group(rows),)),
    ]
    return [section for section in sections if section.groups[0].rows]


def _matrix(plan: PlanFile) -> Section:
    rows = tuple(Row(phase.id, _phase_line(phase)) for phase in plan.phases)
    return Section("phases", "files by risk, and places by decision", (Group(rows),))


def _phase_line(phase: PlannedPhase) -> str:
    levels = Counter(file.risk.level for file in phase.files)
    decisions = Counter(place.decision for file in phase.files for place in file.places)
    risks = ", ".join(f"{levels[level]} {level}" for level in LEVELS)
    return f"{many(len(phase.files), 'file')} ({risks}); {decisions['apply']} apply, {decisions['leave']} leave"


def _high(plan: PlanFile) -> Iterable[Section]:
    groups = []
    for phase in plan.phases:
        rows = tuple(_file(file) for file in phase.files if file.risk.level == "high")
        if rows:
            groups.append(Group(rows, f"phase {phase.id}"))
    if groups:
        yield Section("high risk", "files to look at first, each with the facts", tuple(groups))


def _file(file: PlannedFile) -> Row:
    return Row(file.path, "; ".join(file.risk.facts))


def _refused(plan: PlanFile) -> Iterable[Section]:
    """What cannot be ended yet, each with those that need it; the first few here, all in the file."""
    groups = []
    for phase in plan.phases:
        rows = tuple(Row(f"{item.path}:{item.line}", item.name, _few(item.needed)) for item in phase.refused)
        if rows:
            groups.append(Group(rows, f"phase {phase.id}"))
    if groups:
        count = sum(len(group.rows) for group in groups)
        yield Section("still needed", f"{many(count, 'name')} of the old API cannot go yet", tuple(groups))


def _few(needed: Sequence[str]) -> tuple[str, ...]:
    more = len(needed) - FEW
    return (*needed[:FEW], f"and {more} more") if more > 0 else tuple(needed)


def _offered(plan: PlanFile) -> Section:
    left = [
        place for phase in plan.phases for file in phase.files for place in file.places if place.decision == "leave"
    ]
    lead = f"{many(len(left), 'place')} with a rewrite that is not taken; `decision` in the file decides"
    return Section("offered", lead)


def _way_back(plan: PlanFile) -> Section:
    back = [phase for phase in reversed(plan.phases) if phase.files]
    rows = tuple(Row(phase.id, f"recanon rollback . --phase {phase.id}") for phase in back)
    return Section("way back", "each phase is a run of its own, to be given back the last first", (Group(rows),))
