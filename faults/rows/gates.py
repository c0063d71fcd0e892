"""F1, F2, F3: gates that hang, stay behind, flood, fail by chance, or edit the tree."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from faults.model import Fault, Loss, Trial, judged
from faults.trees import Snapshot, fill, planned, snapshot
from recanon.errors import UsageError
from recanon.executor.process import EXCERPT, Ended, Place, run_command
from recanon.gates.gate import parse_gate
from recanon.gates.gated import Limits, gated_apply
from recanon.gates.reading import Survey
from recanon.gates.result import Gated

_LIMIT = 0.5  # seconds
_LATE = 2.0  # seconds past the limit
_PYTHON = shlex.quote(sys.executable)
_STUBBORN = "import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\ntime.sleep(3600)"
_HEEDLESS = "import time\nwhile True:\n try: time.sleep(3600)\n except KeyboardInterrupt: pass"
_THREADS = "import threading, time\nfor _ in range(20): threading.Thread(target=time.sleep, args=(3600,)).start()"
_FLEEING = "import os, time\nfor _ in range(200):\n os.setsid() if os.fork() == 0 else os._exit(0)\n time.sleep(0.01)"

# `Z` is a sleep that nobody waits for the end of; its time says which point it belongs to.
SHAPES = (
    "Z", "trap '' TERM INT HUP QUIT; Z", "trap '' TERM INT HUP QUIT; while :; do Z; done", "Z &", "nohup Z &",
    "setsid Z &", "setsid setsid Z & exit 3", "(Z &) &", "env -i setsid Z &", "setsid Z >/dev/null 2>&1 </dev/null &",
    "yes", "yes >&2", "head -c 60000000 /dev/zero; Z", "for n in 1 2 3 4 5 6 7 8 9 10; do setsid Z & (Z &) & done",
    "Z & kill -STOP $!; wait", "setsid Z & kill -STOP $!", "kill -STOP $$",
    "exec >&- 2>&-; Z", "mkfifo $TMPDIR/f; cat $TMPDIR/f; Z",
    "(sleep 1.5; touch late) & exit 0", "cd /; Z", "kill -TERM $$; Z", "kill -SEGV $$", "exec sh -c 'Z & Z'",
    f"{_PYTHON} -c {shlex.quote(_STUBBORN)} Z", f"{_PYTHON} -c {shlex.quote(_HEEDLESS)} Z",
    f"{_PYTHON} -c {shlex.quote(_THREADS)} Z", f"{_PYTHON} -c {shlex.quote(_FLEEING)} Z",
)  # fmt: skip


def shapes(trial: Trial) -> None:
    """Run each shape of command that does not end well."""
    for number, shape in enumerate(trial.some(SHAPES, 4)):
        mark = f"3600.{os.getpid()}{number:03}"
        with trial.place() as place:
            (place / "scratch/tmp").mkdir(parents=True)
            begun = time.monotonic()
            ended = _run(["sh", "-c", shape.replace("Z", f"sleep {mark}")], place)
            seconds = time.monotonic() - begun
            left = _alive(mark)
            time.sleep(0 if "late" not in shape else 1.6)
            trial.point(
                shape[:60],
                *judged(
                    (
                        seconds < _LIMIT + _LATE * (4 if trial.quick else 1),
                        Loss.UNRECOVERED,
                        f"ended after {seconds:.1f} s",
                    ),
                    (not left, Loss.UNRECOVERED, f"left: {left}"),
                    (not (place / "late").exists(), Loss.LOST, "what it left behind wrote into the tree"),
                    (len(ended.head) + len(ended.tail) <= 2 * EXCERPT, Loss.LOST, "its output was kept whole"),
                    (ended.late or ended.code is not None, Loss.SILENT, "nobody knows how it ended"),
                ),
            )


def _run(command: Sequence[str], place: Path) -> Ended:
    return run_command(command, Place(place, place / "scratch", _LIMIT))


def _alive(mark: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes()
            if mark.encode() in words and (folder / "stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z":
                found.append(words.replace(b"\0", b" ").decode(errors="replace")[:80])
    return found


OLD = {
    "a.py": b'VALUE = "old"\n',
    "b/crlf.py": b'# text\r\nVALUE = "old"\r\n',
    "b/bom.py": b'\xef\xbb\xbfVALUE = "old"',
    "b/latin.py": b'# -*- coding: latin-1 -*-\nVALUE = "old"  # \xe9\n',
    "b/tool.py": b'#!/usr/bin/python\nVALUE = "old"\n\x0c\n',
}
_SEEN = "grep -q new a.py"


@dataclass(frozen=True, slots=True)
class Shape:
    """A gate, and what must come of the files that the run writes.

    Args:
        gate: the words of `sh -c`.
        stays: whether what was written stays; None: nothing is written at all.
        edited: what the gate itself leaves, which must be told.
    """

    gate: str
    stays: bool | None
    edited: str = ""


TURNING = (
    Shape("exit 1", None),
    Shape("kill -9 $$", None),
    Shape("sleep 60", None),
    Shape(f"! {_SEEN}", False),
    Shape(f"{_SEEN} && exit 77; exit 0", False),
    Shape(f"{_SEEN} && kill -SEGV $$; exit 0", False),
    Shape(f"{_SEEN} && sleep 60; exit 0", False),
    Shape(f"{_SEEN} && {{ setsid sleep 60 & }}; ! {_SEEN}", False),
    Shape("! grep -q new b/crlf.py", False),
    Shape("exit 0", True),
    Shape("yes | head -c 3000000; exit 0", True),
    Shape(f"{_SEEN} && [ ! -e ../once ] && touch ../once && exit 1; exit 0", True),
)
EDITING = (
    Shape(f"{_SEEN} && echo '# more' >> a.py; exit 0", False, "a.py"),
    Shape(f"{_SEEN} && echo '# more' >> other.py; exit 0", False, "other.py"),
    Shape(f"{_SEEN} && rm other.py; exit 0", False, "other.py"),
    Shape(f"{_SEEN} && rm b/bom.py; exit 0", False, "b/bom.py"),
    Shape(f"{_SEEN} && chmod 600 other.py; exit 0", False, "other.py"),
    Shape(f"{_SEEN} && sed -i s/new/newer/ b/crlf.py; exit 0", False, "b/crlf.py"),
    Shape(f"{_SEEN} && cp a.py x && mv x a.py && echo >> a.py; exit 0", False, "a.py"),
    Shape(f"{_SEEN} && ln -sf a.py other.py; exit 0", False, "other.py"),
    Shape(f"{_SEEN} && mv other.py moved.py; exit 0", False, "other.py"),
    Shape(f"{_SEEN} && echo x > made.txt; exit 0", True, "made.txt"),
)


def turning(trial: Trial) -> None:
    """Gates that are red before, red after, or red by chance: what was written stays, or goes byte for byte."""
    for files in range(trial.size(4, 1)):
        for shape in trial.some(TURNING, 2):
            with trial.place() as place:
                root = _tree(place / "root", files + 2)
                start, gated = snapshot(root), _applied(root, shape.gate)
                end = _after(start) if shape.stays else start
                trial.point(
                    f"{shape.gate}, {files + 2} files",
                    *judged(
                        (snapshot(root) == end, Loss.LOST, f"the files: {_differing(end, snapshot(root))}"),
                        ((gated is None) == (shape.stays is None), Loss.SILENT, "it was not refused as red before"),
                        (gated is None or gated.green is shape.stays, Loss.SILENT, "it is said otherwise"),
                    ),
                )


def editing(trial: Trial) -> None:
    """Gates that edit the tree: told by name, their edits stay, and the run's edits are taken out."""
    for files in range(trial.size(3, 1)):
        for shape in trial.some(EDITING, 2):
            with trial.place() as place:
                root = _tree(place / "root", files + 3)
                start, gated = snapshot(root), _applied(root, shape.gate)
                own = {path for path, (data, _) in snapshot(root).items() if b"new" in data and path != shape.edited}
                touched = (
                    {path for result in gated.results for path in _touched(result.after.touched)} if gated else set()
                )
                trial.point(
                    f"{shape.gate}, {files + 3} files",
                    *judged(
                        (shape.edited in touched, Loss.SILENT, f"it is not told: {sorted(touched)}"),
                        (bool(own) is shape.stays, Loss.LOST, f"with the run's text: {sorted(own)}"),
                        (gated is not None and gated.green is shape.stays, Loss.SILENT, "it is said otherwise"),
                        (_others_stand(start, snapshot(root), shape), Loss.LOST, "another file changed"),
                    ),
                )


def _tree(root: Path, files: int) -> Path:
    fill(
        root,
        {
            **dict(list(OLD.items())[:files]),
            "other.py": b"x = 1\n",
            **{"b/crlf.py": OLD["b/crlf.py"], "b/bom.py": OLD["b/bom.py"]},
        },
    )
    if (root / "b/tool.py").exists():
        (root / "b/tool.py").chmod(0o755)
    return root


def _applied(root: Path, gate: str) -> Gated | None:
    """Apply the plan between the gate; None where it is refused as red before."""
    after = {path: data.replace(b"old", b"new") for path, (data, _) in snapshot(root).items() if b"old" in data}
    asked = [parse_gate(shlex.join(["sh", "-c", gate]))]
    with suppress(UsageError):
        return gated_apply(root, planned(root, after), asked, surveyor=lambda _: Survey(), limits=Limits(_LIMIT))
    return None


def _after(start: Snapshot) -> Snapshot:
    return {path: (data.replace(b"old", b"new"), mode) for path, (data, mode) in start.items()}


def _touched(touched: object) -> tuple[str, ...]:
    return (*getattr(touched, "edited", ()), *getattr(touched, "made", ()))


def _others_stand(start: Snapshot, end: Snapshot, shape: Shape) -> bool:
    wanted = _after(start) if shape.stays else start
    return all(end.get(path) == held for path, held in wanted.items() if path != shape.edited)


def _differing(wanted: Snapshot, found: Snapshot) -> list[str]:
    return sorted(path for path in wanted | found if wanted.get(path) != found.get(path))


FAULTS = (
    Fault(
        "F1",
        "a gate that hangs, stays behind, floods, holds the pipe",
        "each shape of command, limit 0.5 s",
        28,
        shapes,
    ),
    Fault("F2", "a gate red before, red after, red by chance", "each shape × trees of odd bytes", 48, turning),
    Fault("F3", "a gate that edits the tree", "each shape × trees", 30, editing),
)
