"""A1, A2, A4 over the real command line: processes that are killed from outside, at a call or at any instant."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from faults.commands import Shop, back_command, run_command, shop
from faults.ends import Check, goes_back, tidy, whole
from faults.model import Fault, Loss, Trial, judged
from faults.mounts import PAGE, cannot_mount, free_pages, small_tmpfs
from faults.strace import CHANGING, Call, calls, disturbed, no_strace
from faults.trees import Snapshot, snapshot

_QUICK = Call("fsync", 4, "")  # saves the smaller twin a run to look for calls


def kill_at_calls(trial: Trial) -> None:
    """Kill `recanon move --apply` at each system call that touches the tree, once it has begun to write."""
    with trial.place() as place:
        made = shop(place, 3)
        found = _calls(trial, made, place, back=False)
        for call in _sample(trial, found, trial.size(70, 1)):
            root = place / "tree"
            start = made.lay(root)
            done = disturbed(made.words(root), call, "signal=SIGKILL", env=made.env)
            died = (done.returncode == -signal.SIGKILL, Loss.SILENT, f"it was not killed: {done.returncode}")
            checks = [died, whole(root, start, made.end), goes_back(root, start), tidy(root)]
            trial.point(f"apply killed at {call}", *judged(*checks))
            shutil.rmtree(root)


def kill_back_at_calls(trial: Trial) -> None:
    """Kill `recanon rollback` at each system call that touches the tree; then run it again."""
    with trial.place() as place:
        made = shop(place, 2)
        found = _calls(trial, made, place, back=True)
        for call in _sample(trial, found, trial.size(30, 1)):
            root = place / "tree"
            start = made.lay(root)
            run_command(made.words(root), env=made.env)
            done = disturbed(back_command(root), call, "signal=SIGKILL", env=made.env)
            died = (done.returncode == -signal.SIGKILL, Loss.SILENT, f"it was not killed: {done.returncode}")
            checks = [died, whole(root, start, made.end), goes_back(root, start), tidy(root)]
            trial.point(f"rollback killed at {call}", *judged(*checks))
            shutil.rmtree(root)


def kill_at_any_time(trial: Trial) -> None:
    """Kill `recanon move --apply` with two workers at any instant, mostly while it writes."""
    with trial.place() as place:
        made = shop(place, 60)
        root = place / "tree"
        made.lay(root)
        plans, writes = (0.5, 0.1) if trial.quick else _spans(made.words(root, jobs=2), root, made.env)
        shutil.rmtree(root)
        for number in range(trial.size(200, 1)):
            start = made.lay(root)
            early = number % 8 == 7
            delay = trial.chance.random() * (plans if early else writes)
            died = _killed(made.words(root, jobs=2), root, made.env, delay, early=early)
            checks = [whole(root, start, made.end), goes_back(root, start), tidy(root)]
            where = "" if early else " after it began to write"
            trial.point(f"killed {delay:.3f} s{where}{'' if died else ', was done by then'}", *judged(*checks))
            shutil.rmtree(root)


def fail_calls(trial: Trial) -> None:
    """Fail system calls that change the tree: the exit code is 0 only where all is as it should be."""
    with trial.place() as place:
        made = shop(place, 3)
        found = [call for call in _calls(trial, made, place, back=False) if call.name in CHANGING]
        chosen = _sample(trial, found, trial.size(30, 1))
        for call, error in zip(chosen, ("ENOSPC", "EDQUOT", "EIO", "EFBIG") * len(chosen), strict=False):
            root = place / "tree"
            start = made.lay(root)
            done = disturbed(made.words(root), call, f"error={error}", env=made.env)
            checks = [whole(root, start, made.end), _says(done, root, start, made.end)]
            trial.point(f"{error} at {call}", *judged(*checks, goes_back(root, start), tidy(root)))
            shutil.rmtree(root)


def fill_disk(trial: Trial) -> None:
    """Run `recanon move --apply` on a full file system."""
    with trial.place() as place:
        made = shop(place, 6)
        for pages in range(0, 64, trial.size(4, 64)):
            with small_tmpfs(place / "disk", 128 * PAGE) as disk:
                start = made.lay(disk / "tree")
                (disk / "ballast").write_bytes(bytes(max(0, free_pages(disk) - pages) * PAGE))
                done = run_command(made.words(disk / "tree"), env=made.env)
                checks = [whole(disk / "tree", start, made.end), _says(done, disk / "tree", start, made.end)]
                (disk / "ballast").unlink()
                trial.point(f"{pages} pages free", *judged(*checks, goes_back(disk / "tree", start), tidy(disk)))


def _says(done: subprocess.CompletedProcess[str], root: Path, start: Snapshot, end: Snapshot) -> Check:
    """Check that the exit code tells the truth, and that a run which has begun names what it has written."""
    found, said = snapshot(root), done.stdout + done.stderr
    begun = any(found[path] == end[path] != start[path] for path in start)
    honest = found == end if done.returncode == 0 else not begun or "Written (" in said or "refused" in said
    return honest, Loss.SILENT, f"exit code {done.returncode} says {said[-300:]}"


def _calls(trial: Trial, made: Shop, place: Path, *, back: bool) -> list[Call]:
    """Return the calls of an apply or a rollback that touch the tree, from the first one on that changes something."""
    if trial.quick:
        return [_QUICK]
    root = place / "seen"
    made.lay(root)
    if back:
        run_command(made.words(root), env=made.env)
    words = back_command(root) if back else made.words(root)
    found = calls(words, place / "calls", lambda call: str(root) in call.line, env=made.env)
    shutil.rmtree(root)
    first = next(number for number, call in enumerate(found) if call.name in CHANGING)
    return [call for call in found[first:] if call.name in CHANGING or "O_CREAT" in call.line]


def _sample(trial: Trial, found: Sequence[Call], most: int) -> list[Call]:
    """Choose calls by chance, all in the tree before any of the journal's database, which are many and alike."""
    alike = [call for call in found if call.name in ("pwrite64", "fdatasync")]
    others = [call for call in found if call not in alike]
    chosen = trial.chance.sample(others, min(len(others), (most * 2 + 2) // 3))
    return [*chosen, *trial.chance.sample(alike, min(len(alike), most - len(chosen)))]


def _spans(words: Sequence[str], root: Path, env: dict[str, str]) -> tuple[float, float]:
    """Return how long a run takes until it writes, and then to its end."""
    begun = time.monotonic()
    with subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        _wait_for_writing(process, root)
        writing = time.monotonic()
        process.wait()
    return writing - begun, time.monotonic() - writing


def _killed(words: Sequence[str], root: Path, env: dict[str, str], delay: float, *, early: bool) -> bool:
    """Kill a run after some seconds, of its life or of its writing; return whether it was alive by then."""
    with subprocess.Popen(
        words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        if not early:
            _wait_for_writing(process, root)
        time.sleep(delay)
        process.kill()
        return process.wait() == -signal.SIGKILL


def _wait_for_writing(process: subprocess.Popen[bytes], root: Path) -> None:
    while process.poll() is None and not (root / ".recanon").exists():
        time.sleep(0.001)


FAULTS = (
    Fault(
        "A1c", "SIGKILL of `recanon move --apply`", "strace: 70 of the calls that change the tree or its journal",
        65, kill_at_calls, no_strace,
    ),
    Fault("A1d", "SIGKILL of `recanon move --apply`, 2 workers", "at any instant", 200, kill_at_any_time),
    Fault("A2d", "SIGKILL of `recanon rollback`", "strace: 30 of such calls", 28, kill_back_at_calls, no_strace),
    Fault(
        "A4d", "no space, quota, bad disk, for `recanon move --apply`", "strace: errors of 30 of such calls",
        28, fail_calls, no_strace,
    ),
    Fault(
        "A4e", "a full disk, for `recanon move --apply`", "a tmpfs with 0 to 60 free pages", 16, fill_disk, cannot_mount
    ),
)  # fmt: skip
