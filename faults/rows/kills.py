"""A1, A2: the process is killed at each operation of what writes, and of what puts it in order again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from faults.ends import ALL, goes_back, goes_on, tidy, whole
from faults.file_systems import KILLED, Counting, Dying, in_child
from faults.model import Fault, Loss, Trial, judged
from faults.trees import MIXED, everything, fill, mixed, planned, snapshot, spread
from recanon.apply import apply_plan
from recanon.journal.recover import recover
from recanon.rollback import Mode, Request, rollback

_NOT_KILLED = (Loss.SILENT, "it was not killed")


def operations(work: Callable[[Counting], object]) -> int:
    """Return how many operations something does."""
    counting = Counting()
    work(counting)
    return counting.count


def kill_apply(trial: Trial) -> None:
    """Kill an apply at one operation after the other; from there, go on and back in turns."""
    files = trial.size(200, 12)
    with trial.place() as root:
        plan, _, _ = spread(root, files)
        count = operations(lambda counting: apply_plan(root, plan, files=counting))
    for at in trial.some(range(1 + trial.seed % 2, count + 1, trial.size(2, 1)), 20):
        with trial.place() as root:
            plan, start, end = spread(root, files)
            died = in_child(partial(apply_plan, root, plan, files=Dying(at))) == KILLED
            old_or_new = whole(root, start, end)
            way = goes_on(root, plan, end) if at // 2 % 2 else goes_back(root, start)
            trial.point(f"operation {at} of {count}", *judged((died, *_NOT_KILLED), old_or_new, way, tidy(root)))


def kill_mixed(trial: Trial, *, back: bool) -> None:
    """Kill a run that edits, creates, moves and deletes, or its rollback, at each operation; then go on, and back."""
    with trial.place() as root:
        first = everything(mixed(root))
        start = snapshot(root)
        count = operations(lambda counting: apply_plan(root, MIXED, files=counting))
        end, last = snapshot(root), everything(root)
        if back:
            count = operations(lambda counting: rollback(root, ALL, files=counting))
    for at in trial.some(range(1, count + 1), 12):
        with trial.place() as root:
            mixed(root)
            if back:
                apply_plan(root, MIXED)
            dying = Dying(at)
            work = partial(rollback, root, ALL, files=dying) if back else partial(apply_plan, root, MIXED, files=dying)
            died = in_child(work) == KILLED
            checks = [(died, *_NOT_KILLED), whole(root, start, end)]
            if at % 2 and not back:
                checks += [goes_on(root, MIXED, end), _folders(root, last)]
            checks += [goes_back(root, start), _folders(root, first), tidy(root)]
            trial.point(f"{'rollback' if back else 'apply'}, operation {at} of {count}", *judged(*checks))


def kill_rollback(trial: Trial) -> None:
    """Kill a rollback at each operation; then roll back again."""
    files = trial.size(45, 6)
    for at, count in _points(trial, files):
        with trial.place() as root:
            plan, start, end = spread(root, files)
            apply_plan(root, plan)
            died = in_child(partial(rollback, root, ALL, files=Dying(at))) == KILLED
            old_or_new = whole(root, start, end)
            back = goes_back(root, start)
            trial.point(f"operation {at} of {count}", *judged((died, *_NOT_KILLED), old_or_new, back, tidy(root)))


def kill_forced(trial: Trial) -> None:
    """Kill a forced rollback of an edited file at each operation: the edit is never lost."""
    request = Request(everything=True, mode=Mode.FORCE)
    with trial.place() as root:
        _edited(root)
        count = operations(lambda counting: rollback(root, request, files=counting))
    for at in trial.some(range(1, count + 1), 6):
        with trial.place() as root:
            _edited(root)
            died = in_child(partial(rollback, root, request, files=Dying(at))) == KILLED
            rollback(root, request)
            found = {path: text for path, (text, _) in snapshot(root).items()}
            kept = found == {"a.py": b"a", "a.py.recanon-edited": b"edited"}
            trial.point(
                f"operation {at} of {count}",
                *judged((died, *_NOT_KILLED), (kept, Loss.LOST, str(found)), tidy(root)),
            )


def kill_twice(trial: Trial) -> None:
    """Kill an apply or a rollback, then the recovery; then recover, and go on or back."""
    with trial.place() as root:
        plan, _, _ = spread(root, 6)
        first = operations(lambda counting: apply_plan(root, plan, files=counting))
        back = operations(lambda counting: rollback(root, ALL, files=counting))
    for number in range(trial.size(200, 8)):
        backwards = number % 3 == 2
        at = trial.chance.randint((back if backwards else first) // 3, back if backwards else first)
        with trial.place() as root:
            plan, start, end = spread(root, 6)
            if backwards:
                apply_plan(root, plan)
            dying = Dying(at)
            work = (
                partial(rollback, root, ALL, files=dying) if backwards else partial(apply_plan, root, plan, files=dying)
            )
            died = in_child(work) == KILLED
            again = _killed_recovery(trial, root)
            old_or_new = whole(root, start, end)
            way = goes_on(root, plan, end) if number % 2 else goes_back(root, start)
            where = f"{'rollback' if backwards else 'apply'} at {at}, recovery at {again}"
            trial.point(where, *judged((died, *_NOT_KILLED), old_or_new, way, tidy(root)))


def _killed_recovery(trial: Trial, root: Path) -> int:
    """Kill the recovery somewhere on its way; return where."""
    with trial.place() as other:
        copy = _copy(root, other / "tree")
        count = operations(lambda counting: recover(copy, counting))
    at = trial.chance.randint(1, max(1, count))
    in_child(partial(recover, root, Dying(at)))
    return at


def _copy(root: Path, copy: Path) -> Path:
    shutil.copytree(root, copy, symlinks=True)
    return copy


def _points(trial: Trial, files: int) -> list[tuple[int, int]]:
    with trial.place() as root:
        plan, _, _ = spread(root, files)
        apply_plan(root, plan)
        count = operations(lambda counting: rollback(root, ALL, files=counting))
    return [(at, count) for at in trial.some(range(1, count + 1), 15)]


def _edited(root: Path) -> None:
    fill(root, {"a.py": b"a"})
    apply_plan(root, planned(root, {"a.py": b"A"}))
    (root / "a.py").write_bytes(b"edited")


def _folders(root: Path, names: set[str]) -> tuple[bool, Loss, str]:
    found = everything(root)
    return found == names, Loss.LOST, f"names that differ: {sorted(found ^ names)[:3]}"


FAULTS = (
    Fault("A1", "SIGKILL at any instant of apply", "every other operation of an apply of 200 files", 2000, kill_apply),
    Fault(
        "A1b",
        "SIGKILL of an apply that creates, moves, deletes",
        "each operation",
        80,
        partial(kill_mixed, back=False),
    ),
    Fault("A2", "SIGKILL during rollback", "each operation of a rollback of 45 files", 500, kill_rollback),
    Fault("A2b", "SIGKILL during a forced rollback of an edited file", "each operation", 35, kill_forced),
    Fault("A2h", "SIGKILL of a rollback that does so", "each operation", 80, partial(kill_mixed, back=True)),
    Fault("A2c", "SIGKILL during the recovery from a SIGKILL", "two operations by chance", 200, kill_twice),
)
