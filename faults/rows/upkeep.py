"""A2, G2: what puts a journal in order is killed, and what looks after it sees damage."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from faults.ends import ALL, Check, goes_back, tidy, whole
from faults.file_systems import KILLED, Counting, Dying, in_child
from faults.model import Fault, Loss, Trial, judged
from faults.trees import Snapshot, fill, planned, snapshot, spread
from recanon.apply import apply_plan
from recanon.disk import FileSystem
from recanon.errors import RecanonError
from recanon.plan import Plan
from recanon.recovery import finish, take_back
from recanon.rollback import rollback
from recanon.runs import RunStanding, list_runs, show_run
from recanon.upkeep import drop_unneeded, verify_journal

_FILES = 6
Work = Callable[[Path, FileSystem], object]


def _half_way(root: Path, at: int) -> tuple[Plan, Snapshot, Snapshot]:
    """Apply, and die at an operation."""
    plan, start, end = spread(root, _FILES)
    in_child(partial(apply_plan, root, plan, files=Dying(at)))
    return plan, start, end


def kill_recovery(trial: Trial, work: Work, *, on: bool) -> None:
    """Kill an apply somewhere, kill what finishes it or takes it back at each operation, and do that again."""
    with trial.place() as root:
        counting = Counting()
        apply_plan(root, spread(root, _FILES)[0], files=counting)
    # Where something is left to be done: the intent is on the disk, and not all files are in their places.
    for at in [counting.count * share // 100 for share in ((45, 60, 75, 90) if not trial.quick else (70,))]:
        with trial.place() as root:
            _half_way(root, at)
            steps = Counting()
            work(root, steps)
        for second in trial.some(range(1, steps.count + 1), 8):
            with trial.place() as root:
                _, start, end = _half_way(root, at)
                died = in_child(partial(work, root, Dying(second))) == KILLED
                checks = [(died, Loss.SILENT, "it was not killed"), whole(root, start, end)]
                work(root, FileSystem())
                # A run that was killed when all of its files stood is whole: there is nothing to be taken back.
                ends = [end] if on else [start, end] if _is_whole(root) else [start]
                there = snapshot(root) in ends or not list_runs(root)
                checks.append((there, Loss.UNRECOVERED, f"it does not come to its end: {sorted(snapshot(root))}"))
                trial.point(
                    f"apply killed at {at}, then at {second}", *judged(*checks, goes_back(root, start), tidy(root))
                )


def _is_whole(root: Path) -> bool:
    """Return whether the journal says that the apply has come to its end."""
    return any(run.standing is RunStanding.APPLIED for run in list_runs(root))


def kill_gc(trial: Trial) -> None:
    """Kill the clearing of the journal at each operation: what could be given back still can."""
    for second in trial.some(range(1, _steps_of_gc(trial) + 1), 8):
        with trial.place() as root:
            start = _worn(root)
            died = in_child(partial(drop_unneeded, root, files=Dying(second))) == KILLED
            well = not verify_journal(root).damaged
            checks = [(died, Loss.SILENT, "it was not killed"), (well, Loss.LOST, "a needed text is gone")]
            again = drop_unneeded(root), drop_unneeded(root)
            checks.append((again[1].texts == 0, Loss.UNRECOVERED, f"it does not come to its end: {again}"))
            trial.point(f"killed at {second}", *judged(*checks, goes_back(root, start), tidy(root)))


def _worn(root: Path) -> Snapshot:
    """Make a tree with a run that was rolled back, one that stands, and half a text in the store."""
    plan, start, _ = spread(root, _FILES)
    apply_plan(root, plan)
    rollback(root, ALL)
    apply_plan(root, planned(root, dict.fromkeys(list(start)[:3], b"new")))
    (root / ".recanon/blobs" / ("0" * 64)).write_bytes(b"half")
    return start


def _steps_of_gc(trial: Trial) -> int:
    counting = Counting()
    with trial.place() as root:
        _worn(root)
        drop_unneeded(root, files=counting)
    return counting.count


def see_damage(trial: Trial) -> None:
    """Damage each kept text in turn: `verify` names the files that need it, and no others."""
    texts = {f"{number}.py": b"x = %d\n" % number for number in range(trial.size(20, 3))}
    for path in texts:
        for after in (False, True):
            for how in ("flipped", "cut off", "deleted"):
                with trial.place() as root:
                    plan = planned(fill(root, texts), {name: text + b"# new\n" for name, text in texts.items()})
                    apply_plan(root, plan)
                    _damage(root, path, how, after=after)
                    checks = _named(root, path)
                trial.point(f"the text {'after' if after else 'before'} of {path} {how}", *judged(*checks))


def _damage(root: Path, path: str, how: str, *, after: bool) -> None:
    record = next(file for file in show_run(root, "last").files if file.path == path)
    blob = root / ".recanon/blobs" / (record.after if after else record.before)
    text = blob.read_bytes()
    if how == "deleted":
        blob.unlink()
    else:
        blob.write_bytes(text[:-1] if how == "cut off" else bytes([text[0] ^ 1]) + text[1:])


def _named(root: Path, path: str) -> list[Check]:
    try:
        damaged = [file.path for file in verify_journal(root).damaged]
    except RecanonError as error:
        return [(False, Loss.SILENT, str(error))]
    return [(damaged == [path], Loss.SILENT, f"it names {damaged}")]


FAULTS = (
    Fault(
        "A2e", "SIGKILL of `recover --finish` after a SIGKILL", "each operation, four runs half done", 150,
        partial(kill_recovery, work=lambda root, files: finish(root, files=files), on=True),
    ),
    Fault(
        "A2f", "SIGKILL of `recover --undo` after a SIGKILL", "each operation, four runs half done", 150,
        partial(kill_recovery, work=lambda root, files: take_back(root, files=files), on=False),
    ),
    Fault("A2g", "SIGKILL of `gc`", "each operation", 15, kill_gc),
    Fault("G2b", "a kept text is damaged, `verify` is asked", "flipped, cut off, deleted, each", 120, see_damage),
)  # fmt: skip
