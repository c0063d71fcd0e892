"""A1, A2: the process is killed at each operation of what writes, and of what puts it in order again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from faults.file_systems import KILLED, Counting, Dying, in_child
from faults.model import Fault, Loss, Trial, judged
from faults.trees import Snapshot, fill, leftovers, planned, snapshot, torn
from recanon.apply import apply_plan
from recanon.plan import Plan
from recanon.rollback import Request, rollback

ALL = Request(everything=True)
FOLDERS = 17


def _tree(root: Path, files: int) -> tuple[Plan, Snapshot, Snapshot]:
    """Make a tree of some folders and a plan that edits each file."""
    before = {f"d{number % FOLDERS}/{number}.py": b"x = %d\n" % number for number in range(files)}
    fill(root, before)
    start = snapshot(root)
    after = {path: b"y" + text for path, text in before.items()}
    return planned(root, after), start, {path: (after[path], mode) for path, (_, mode) in start.items()}


def _operations(work: Callable[[Counting], object]) -> int:
    counting = Counting()
    work(counting)
    return counting.count


def kill_apply(trial: Trial) -> None:
    """Kill an apply of 200 files at each operation; then go on at odd ones, and back at all."""
    files = trial.size(200, 12)
    with trial.place() as place:
        plan, _, _ = _tree(place / "0", files)
        count = _operations(lambda counting: apply_plan(place / "0", plan, files=counting))
    for at in trial.some(range(1, count + 1), 40):
        with trial.place() as root:
            plan, start, end = _tree(root, files)
            died = in_child(partial(apply_plan, root, plan, files=Dying(at))) == KILLED
            broken = torn(root, start, end)
            on = at % 2 == 0 or (apply_plan(root, plan).complete and snapshot(root) == end)
            back = rollback(root, ALL).complete and snapshot(root) == start
            trial.point(
                f"operation {at} of {count}",
                *judged(
                    (died, Loss.SILENT, "it was not killed"),
                    (not broken, Loss.TORN, str(broken)),
                    (on, Loss.UNRECOVERED, "the plan applied again does not reach its end"),
                    (back, Loss.UNRECOVERED, "the rollback does not reach the start"),
                    (not leftovers(root), Loss.UNRECOVERED, f"left over: {leftovers(root)}"),
                ),
            )


FAULTS = (Fault("A1", "SIGKILL at any instant of apply", "each operation of an apply of 200 files", 2000, kill_apply),)
