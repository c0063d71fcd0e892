"""F4: Ctrl-C once and twice, SIGTERM, SIGHUP, a reader that leaves: at random moments of the real command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from faults.command_line import AFTER, world
from faults.model import Fault, Loss, Trial, judged
from faults.trees import Snapshot, leftovers, snapshot, torn
from recanon.errors import RecanonError
from recanon.rollback import Request, rollback
from recanon.runs import RunStanding, list_runs

_MORE = 160  # files besides: enough for worker processes
_MARK = "RECANON_FAULTS_POINT"
_PATIENCE = 30.0
_OK = (0, 130)
_INT, _TERM, _HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


@dataclass(frozen=True, slots=True)
class Blow:
    """What hits a command.

    Args:
        name: what it is.
        signals: in their order, a short time apart.
        group: whether they go to the whole group, as a terminal sends them, or to the one process.
        leaves: whether the reader of standard output leaves instead.
    """

    name: str
    signals: tuple[signal.Signals, ...]
    group: bool = True
    leaves: bool = False


BLOWS = (
    Blow("Ctrl-C", (_INT,)),
    Blow("Ctrl-C twice", (_INT, _INT)),
    Blow("Ctrl-C three times", (_INT, _INT, _INT)),
    Blow("SIGTERM", (_TERM,), group=False),
    Blow("SIGTERM to all", (_TERM,)),
    Blow("SIGHUP", (_HUP,)),
    Blow("SIGTERM, then Ctrl-C", (_TERM, _INT)),
    Blow("the reader leaves", (), leaves=True),
)
COMMANDS = ("apply", "gated", "rollback", "preview")


def signals(trial: Trial) -> None:
    """Hit each command in turn at a random moment, and look at the tree, the journal and the processes."""
    points = trial.size(104, 2)
    lengths = {name: _length(trial, name) for name in COMMANDS[:points]}
    pairs = cycle([(name, blow) for blow in BLOWS for name in lengths])
    for number, (name, blow) in enumerate(islice(pairs, points)):
        with trial.place() as place:
            _try(trial, place, name, blow=blow, after=trial.chance.uniform(0.0, lengths[name]), number=number)


def _length(trial: Trial, name: str) -> float:
    """Return how long a command takes when nobody disturbs it."""
    with trial.place() as place:
        words = _made(place, name)
        begun = time.monotonic()
        subprocess.run(words, cwd=place, capture_output=True, check=True)
        return time.monotonic() - begun


def _made(place: Path, name: str) -> list[str | Path]:
    """Make the tree that a command works on; return the command."""
    more = {f"app/more/m{number}.py": b"def fetch():\n    return %d\n" % number for number in range(_MORE)}
    root, pack = world(place, more)
    words: list[str | Path] = [Path(sys.executable).with_name("recanon")]
    apply: list[str | Path] = ["apply", root, "--pack", pack, "--jobs", "2", "--yes"]
    if name == "rollback":
        subprocess.run([*words, *apply], cwd=place, capture_output=True, check=True)
        return [*words, "rollback", root, "--all", "--yes"]
    if name == "gated":
        return [*words, *apply, "--gate", "sh -c 'sleep 0.3 & sleep 0.2'"]
    return [*words, *apply] if name == "apply" else [*words, "preview", root, "--pack", pack, "--jobs", "2"]


def _try(trial: Trial, place: Path, name: str, *, blow: Blow, after: float, number: int) -> None:
    words = _made(place, name)
    start = snapshot(place / "root")
    mark = f"{os.getpid()}-{number}"
    root = place / "root"
    runs = _runs(root)
    code, err = _hit(words, place, blow, after=after, mark=mark)
    orphans, begun = _alive(mark), _runs(root) != runs
    old = {
        path: (text.replace(b"load", b"fetch").replace(b".new", b".old"), start[path][1])
        for path, text in AFTER.items()
    }
    new = {path: (text, start[path][1]) for path, text in AFTER.items()}
    ends = ({**start, **old}, {**start, **new})
    trial.point(
        f"{name}, {blow.name} after {after:.3f} s",
        *judged(
            (not torn(root, *ends), Loss.TORN, str(torn(root, *ends))),
            (code in _OK or (-code in blow.signals and not begun), Loss.SILENT, f"exit code {code}"),
            (
                code != 130 or blow.leaves or b"interrupted" in err or not begun,
                Loss.SILENT,
                f"no word of it: {err[-200:]!r}",
            ),
            (not _is_ours(err), Loss.SILENT, f"a traceback: {err[-400:]!r}"),
            (not orphans, Loss.UNRECOVERED, f"processes left: {orphans}"),
            (code != 0 or _is_done(root, name, ends), Loss.SILENT, "exit code 0, and it is not done"),
            *_recovered(root, ends[0]),
        ),
    )


def _hit(words: list[str | Path], place: Path, blow: Blow, *, after: float, mark: str) -> tuple[int, bytes]:
    """Run a command and hit it; return its exit code and what it said."""
    env = {**os.environ, _MARK: mark}
    env.pop("PYTHONSAFEPATH", None)
    with subprocess.Popen(
        words, cwd=place, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        time.sleep(after)
        if blow.leaves:
            process.stdout.close()
        for number in blow.signals:
            with suppress(ProcessLookupError):
                (os.killpg if blow.group else os.kill)(process.pid, number)
            time.sleep(0.02)
        try:
            err = process.communicate(timeout=_PATIENCE)[1] if not blow.leaves else _rest(process)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return 1000, process.communicate()[1]
    return process.returncode, err


def _rest(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stderr is not None
    err = process.stderr.read()
    process.wait(_PATIENCE)
    return err


def _alive(mark: str) -> list[str]:
    """Return the processes that still carry the mark, but those that are about to end."""
    until = time.monotonic() + 2.0
    while (found := _marked(mark)) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def _marked(mark: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{_MARK}={mark}\0".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:200])
    return found


def _is_ours(err: bytes) -> bool:
    """Return whether a traceback was shown; not one of Python itself, before it has come to recanon."""
    return (b"Traceback" in err or b"Exception ignored" in err) and b"/recanon/" in err


def _runs(root: Path) -> int:
    with suppress(RecanonError):
        return len(list_runs(root))
    return -1


def _is_done(root: Path, name: str, ends: tuple[Snapshot, Snapshot]) -> bool:
    return snapshot(root) == (ends[1] if name in ("apply", "gated") else ends[0])


def _recovered(root: Path, before: Snapshot) -> tuple[tuple[bool, Loss, str], ...]:
    """Roll all back, and look at what is left."""
    try:
        unfinished = [run.run for run in list_runs(root) if run.standing is RunStanding.UNFINISHED]
        back = rollback(root, Request(everything=True)).complete and snapshot(root) == before
    except RecanonError as exc:
        unfinished, back = [], snapshot(root) == before and "no run" in str(exc).lower()
    return (
        (back, Loss.UNRECOVERED, "the rollback does not reach the start"),
        (not leftovers(root), Loss.UNRECOVERED, f"left over: {leftovers(root)}"),
        (len(unfinished) <= 1, Loss.UNRECOVERED, f"runs not in order: {unfinished}"),
    )


FAULTS = (
    Fault(
        "F4",
        "Ctrl-C, SIGTERM, SIGHUP, a reader that leaves",
        "at random moments of preview, apply, rollback and gated apply, 2 workers",
        100,
        signals,
    ),
)
