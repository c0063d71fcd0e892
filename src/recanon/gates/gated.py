"""Apply a plan between gates: what they do not let through is rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from recanon.discover import discover
from recanon.gates.boundary import Boundary, Tick, read_all
from recanon.gates.gate import SECONDS, Gate, check_programs
from recanon.gates.lab import Surveyor, open_lab
from recanon.gates.parts import parts_of
from recanon.gates.reading import Reading
from recanon.gates.result import Gated, GateResult, turned_back, without
from recanon.gates.stand import NotTakenBackError, Stand, standing
from recanon.journal.result import NOTHING, Refused, RunResult
from recanon.plan import Plan
from recanon.scan import silent

_NAMED = 3  # problems in the reason of a file


@dataclass(frozen=True, slots=True)
class Limits:
    """How gates are run.

    Args:
        seconds: the time limit of each command.
        bisect: whether the guilty files are looked for, instead of rolling all of them back.
    """

    seconds: float = SECONDS
    bisect: bool = False


def gated_apply(
    root: Path,
    plan: Plan,
    gates: Sequence[Gate],
    *,
    surveyor: Surveyor,
    limits: Limits,
    progress: Tick | None = None,
) -> Gated:
    """Apply a plan, and keep of it what the gates let through.

    The gates are read before anything is written, and again afterwards; only what is new counts against the plan. Red:
    the run is rolled back. An error or an interruption on the way rolls it back too, and when the process is killed,
    `rollback --run last` does.

    Args:
        root: the tree's root.
        plan: what to write.
        gates: what must hold.
        surveyor: tells how the tree stands, for the gates about compliance and places by hand.
        limits: how they are run.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        UsageError: a gate cannot be run, or is red before the phase. Nothing was written.
        JournalError: as for `apply_plan`.
        RunStoppedError: the disk failed on the way.
        NotTakenBackError: on an error, files could not be given back.
    """
    check_programs(gates, root)
    tick = progress or silent
    with open_lab(root, surveyor, limits.seconds) as lab:
        boundary = Boundary(lab, gates, tick)
        stand = Stand(root, plan, lambda done, total, _: tick("files", done, total))
        with standing(stand):
            stand.bring(plan.changes)
            return _settled(boundary, stand, plan, bisect=limits.bisect)


def try_gates(
    root: Path, gates: Sequence[Gate], *, surveyor: Surveyor, seconds: float, progress: Tick | None = None
) -> dict[Gate, Reading]:
    """Read gates on a tree as it stands; nothing is written by recanon.

    Args:
        root: the tree's root.
        gates: the gates.
        surveyor: as for `gated_apply`.
        seconds: the time limit of each command.
        progress: as for `gated_apply`.

    Raises:
        UsageError: a gate cannot be run.
    """
    check_programs(gates, root)
    with open_lab(root, surveyor, seconds) as lab:
        return read_all(lab, gates, progress or silent)


def _settled(boundary: Boundary, stand: Stand, plan: Plan, *, bisect: bool) -> Gated:
    first = stand.first or RunResult("", note=NOTHING)
    results = final = boundary.judged(stand)
    if _green(results):
        return Gated(plan, results, results, first, stand.run)
    if bisect:
        written = replace(plan, changes=stand.changes)
        parts = parts_of(written, discover(stand.root).files)
        guilty = boundary.guilty(stand, parts, results)
        kept = parts.without(guilty)
        if kept:
            stand.bring(kept)
            final = boundary.judged(stand)
        if kept and _green(final):
            named = turned_back(parts, guilty, kept)
            return Gated(without(written, kept, _why(results)), results, final, first, stand.run, named, boundary.tries)
    stuck = _taken_back(stand)
    return Gated(replace(plan, changes=()), results, final, first, "", (), boundary.tries, stuck)


def _green(results: Sequence[GateResult]) -> bool:
    return all(result.green for result in results)


def _taken_back(stand: Stand) -> tuple[Refused, ...]:
    try:
        stand.take_back()
    except NotTakenBackError as exc:
        return exc.refused
    return ()


def _why(results: Sequence[GateResult]) -> str:
    found = [f"{name} ({line})" for result in results for name, line in result.problems.items()]
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"with this file as planned, a gate fails: {', '.join(found[:_NAMED])}{more}"
