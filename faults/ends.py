"""The ends of a run: what it came to or said, and whether the tree then reaches the end that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from faults.model import Loss
from faults.trees import Snapshot, leftovers, snapshot, torn
from recanon.apply import apply_plan
from recanon.errors import JournalError, RecanonError
from recanon.journal.result import RunResult
from recanon.plan import Plan
from recanon.rollback import Request, rollback

ALL = Request(everything=True)
Check = tuple[bool, Loss, str]


def outcome(work: Callable[[], RunResult]) -> RunResult | RecanonError:
    """Return what a run comes to, or the error by which it says that it does not."""
    try:
        return work()
    except RecanonError as error:
        return error


def told(work: Callable[[], RunResult]) -> RunResult | RecanonError:
    """Return the outcome in a form that can be handed to another process."""
    came = outcome(work)
    if isinstance(came, RunResult | JournalError):
        return came
    return RecanonError(came.message, came.hint)


def went_well(came: RunResult | RecanonError) -> bool:
    """Return whether a run says that each file is as was asked for."""
    return isinstance(came, RunResult) and came.complete


def whole(root: Path, start: Snapshot, end: Snapshot) -> Check:
    """Check that each file is old or new."""
    broken = torn(root, start, end)
    return not broken, Loss.TORN, f"neither old nor new: {broken[:3]}"


def goes_on(root: Path, plan: Plan, end: Snapshot) -> Check:
    """Check that the plan, applied again, comes to its end."""
    came = outcome(lambda: apply_plan(root, plan))
    return went_well(came) and snapshot(root) == end, Loss.UNRECOVERED, f"{_differs(root, end)} after {came}"


def goes_back(root: Path, start: Snapshot) -> Check:
    """Check that the rollback comes to the start."""
    came = outcome(lambda: rollback(root, ALL))
    return went_well(came) and snapshot(root) == start, Loss.UNRECOVERED, f"{_differs(root, start)} after {came}"


def _differs(root: Path, wanted: Snapshot) -> str:
    found = snapshot(root)
    paths = [path for path in sorted(found | wanted) if found.get(path) != wanted.get(path)]
    return f"not as wanted: {paths[:3]}"


def tidy(root: Path) -> Check:
    """Check that no temporary file is left."""
    left = leftovers(root)
    return not left, Loss.UNRECOVERED, f"left over: {left}"
