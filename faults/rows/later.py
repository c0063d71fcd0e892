"""B4, B5: edits after a run, and two runs at a time."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

from faults.ends import ALL, Check, goes_back, outcome, tidy, told, went_well
from faults.file_systems import in_child
from faults.model import Fault, Loss, Trial, judged
from faults.processes import beside
from faults.trees import fill, planned, snapshot, spread
from recanon.apply import apply_plan
from recanon.errors import JournalError, RecanonError
from recanon.journal.result import RunResult
from recanon.plan import Plan
from recanon.rollback import Mode, Request, rollback

_LINES = 40
_APART = 4  # lines, so that edits do not meet


def edit_later(trial: Trial) -> None:
    """Edit files in many ways after a run, and roll it back in each mode: no edit is lost."""
    for number in range(trial.size(210, 6)):
        mode = list(Mode)[number % len(Mode)]
        with trial.place() as root:
            edits = {f"{at}.py": _Edited(trial.chance) for at in range(5)}
            fill(root, {path: edit.before for path, edit in edits.items()})
            apply_plan(root, planned(root, {path: edit.after for path, edit in edits.items()}))
            fill(root, {path: edit.later for path, edit in edits.items()})
            came = outcome(partial(rollback, root, Request(everything=True, mode=mode)))
            found = {path: text for path, (text, _) in snapshot(root).items()}
            for path, edit in edits.items():
                right = edit.is_right(found, path, came, mode)
                trial.point(
                    f"round {number}, {mode}, {path}", *judged((right, Loss.LOST, f"{came}: {found.get(path)!r}"))
                )
            trial.point(f"round {number}", *judged(tidy(root)))


class _Edited:
    """A text, what a run makes of it, and what somebody makes of that later on."""

    def __init__(self, chance: random.Random) -> None:
        end = chance.choice((b"\n", b"\r\n"))
        lines = [b"line %d" % number for number in range(_LINES)]
        theirs, ours = chance.randrange(0, _LINES, 2 * _APART), chance.randrange(_APART, _LINES, 2 * _APART)
        self.kind = chance.choice(("nothing", "elsewhere", "elsewhere", "same lines", "appended", "emptied"))
        run = _replaced(lines, ours, b"run")
        later = {
            "nothing": run,
            "elsewhere": _replaced(run, theirs, b"somebody"),
            "same lines": _replaced(run, ours, b"somebody else"),
            "appended": [*run, b"somebody"],
            "emptied": [],
        }
        both = {"elsewhere": _replaced(lines, theirs, b"somebody"), "appended": [*lines, b"somebody"]}
        self.before, self.after, self.later = (
            end.join([*text, b""]) if text else b"" for text in (lines, run, later[self.kind])
        )
        self.merged = end.join([*both[self.kind], b""]) if self.kind in both else None

    def is_right(self, found: dict[str, bytes], path: str, came: RunResult | RecanonError, mode: Mode) -> bool:
        """Return whether what stands there is what that mode promises, and the run says so."""
        if not isinstance(came, RunResult):
            return False
        refused = path in {file.path for file in came.refused}
        if self.kind == "nothing":
            return found[path] == self.before and not refused
        if mode is Mode.FORCE:
            kept = found.get(f"{path}.recanon-edited") == self.later
            return found[path] == self.before and kept and not refused
        if mode is Mode.MERGE and self.merged is not None:
            return found[path] == self.merged and not refused
        return found[path] == self.later and refused


def _replaced(lines: list[bytes], at: int, text: bytes) -> list[bytes]:
    return [*lines[:at], text + b" %d" % at, *lines[at + 1 :]]


def two_runs(trial: Trial) -> None:
    """Begin a second run while one is at some file: it is refused, and names the first."""
    files = 12
    for number in range(trial.size(150, 6)):
        with trial.place() as root:
            plan, start, end = spread(root, files)
            other = planned(root, {path: b"z" + text for path, (text, _) in start.items()})
            second: list[RunResult | RecanonError] = []

            def meanwhile(at: int, total: int, path: str, number: int = number) -> None:
                if at == 1 + number % files:
                    second.extend(beside(partial(told, work)))  # noqa: B023 - called in this round

            work = partial(rollback, root, ALL) if number % 3 == 0 else partial(apply_plan, root, other)
            came = outcome(partial(apply_plan, root, plan, progress=meanwhile))
            refused = isinstance(second[0], JournalError) and f"pid {os.getpid()}" in second[0].message
            checks = [(refused, Loss.SILENT, f"the second run says {second}")]
            done = isinstance(came, RunResult) and came.complete and snapshot(root) == end
            checks.append((done, Loss.LOST, f"the first run says {came}"))
            trial.point(f"at file {1 + number % files}", *judged(*checks, goes_back(root, start), tidy(root)))


def race(trial: Trial) -> None:
    """Begin two runs at the same instant: what each says it wrote stands, and everything goes back."""
    for number in range(trial.size(100, 3)):
        with trial.place() as root:
            plan, start, _ = spread(root, 20)
            other = planned(root, {path: b"z" + text for path, (text, _) in start.items()})
            came = _both(partial(apply_plan, root, plan), partial(apply_plan, root, other))
            trial.point(
                f"race {number}", *judged(_divided(root, came, (plan, other)), goes_back(root, start), tidy(root))
            )


def _both(*works: Callable[[], RunResult]) -> list[RunResult | RecanonError]:
    """Do two things at a time, each in a process of its own, which wait for each other at the start."""
    reading, writing = os.pipe()

    def first() -> RunResult | RecanonError:
        os.read(reading, 1)
        return told(works[0])

    def second() -> RunResult | RecanonError:
        os.write(writing, b"!")
        return told(works[1])

    found: list[RunResult | RecanonError] = beside(first, second)
    os.close(reading)
    os.close(writing)
    return found


def _divided(root: Path, came: list[RunResult | RecanonError], plans: tuple[Plan, ...]) -> Check:
    """Check that each file holds the text of the run that says it wrote it, and that one of them wrote them all."""
    found = snapshot(root)
    wrote = [set(run.written) if isinstance(run, RunResult) else set() for run in came]
    right = all(found[change.path][0] == change.new for plan, mine in zip(plans, wrote, strict=True)
                for change in plan.changes if change.path in mine)  # fmt: skip
    one = not wrote[0] & wrote[1] and wrote[0] | wrote[1] == {change.path for change in plans[0].changes}
    return right and one, Loss.LOST, f"the runs say {came}"


def holder_killed(trial: Trial) -> None:
    """Kill the process that holds the lock; the next run goes on at once."""
    for number in range(trial.size(50, 3)):
        with trial.place() as root:
            plan, start, end = spread(root, 12)

            def dies(at: int, total: int, path: str, number: int = number) -> None:
                if at == 1 + number % 12:
                    os.kill(os.getpid(), signal.SIGKILL)

            in_child(partial(apply_plan, root, plan, progress=dies))
            came = outcome(partial(apply_plan, root, plan))
            went_on = (went_well(came) and snapshot(root) == end, Loss.UNRECOVERED, str(came))
            trial.point(f"killed at file {1 + number % 12}", *judged(went_on, goes_back(root, start)))


FAULTS = (
    Fault(
        "B4",
        "edits after a run, then its rollback",
        "elsewhere, same lines, appended, emptied; refuse, merge, force",
        1000,
        edit_later,
    ),
    Fault("B5", "a second run", "while the first is at each of its files", 150, two_runs),
    Fault("B5b", "two runs at the same instant", "two processes", 100, race),
    Fault("B5c", "the holder of the lock is killed", "SIGKILL at each of its files", 50, holder_killed),
)
