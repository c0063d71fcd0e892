"""D2, E1, E2: files that take their worker along, or never let it go, cost themselves alone."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from faults.model import Fault, Loss, Trial, judged
from recanon.executor.local import Workers
from recanon.settings import Bounds
from tests.authoring.kit import WORLD, write, write_pack
from tests.cage.poison import poisoned
from tests.cage.test_planning import CODEMOD, DONE, USE, deep

ROOT = Path(__file__).parents[2]
DEADLY = ("kill", "segfault", "abort", "leave", "exit")
HANGING = ("spin", "regex", "sleep", "stop", "deaf", "flood")
SECONDS, MEMORY = 4, 1024  # for a file, in the trials that are not about time; MiB
_SLACK = 1.0  # seconds that ending a file may take beyond its deadline
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Ended:
    """How an apply ended: exit code, output, seconds, and the tree."""

    code: int
    said: str
    seconds: float
    root: Path

    def text(self, path: str) -> str:
        """Return a file of the tree."""
        return (self.root / path).read_text(encoding="utf-8")


def _apply(place: Path, files: Mapping[str, str], *, seconds: float = SECONDS, jobs: int = 2) -> Ended:
    """Apply the pack of the clock to a tree, by the real command line."""
    root = write(place / "tree", {**WORLD, **files})
    pack = write_pack(place / "pack", codemod=CODEMOD)
    words = ["apply", str(root), "--pack", str(pack), "--yes", "--jobs", str(jobs), "--timeout", str(seconds)]
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "recanon", *words, "--memory", str(MEMORY)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", timeout=600, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, time.monotonic() - begun, root)


def deadly(trial: Trial) -> None:
    """Put ten files that kill their worker among a thousand."""
    bad = {f"{when}_{what}.py": USE for when in ("answer", "build") for what in DEADLY}
    good = {f"good{number:04}.py": USE for number in range(trial.size(990, 60))}
    with trial.place() as place:
        ended = _apply(place, bad | good)
        told = judged((ended.code == 3, Loss.SILENT, f"exit code {ended.code}: {ended.said[-300:]}"))
        for path in good:
            wrong = judged((ended.text(path) == DONE, Loss.LOST, "its result is lost"))
            trial.point(path, *wrong)
        for path in bad:
            stands, named = ended.text(path) == USE, path in ended.said
            trial.point(
                path, *told, *judged((stands, Loss.LOST, "it was changed"), (named, Loss.SILENT, "it is not named"))
            )


def hanging(trial: Trial) -> None:
    """Let one file at a time never come to an end; how late it is ended is seen without the rest of a run."""
    kinds = [f"{when}_{what}.py" for when in ("answer", "build") for what in HANGING]
    for path in trial.some(kinds, 1):
        with trial.place() as place:
            ended = _apply(place, {path: USE, "good.py": USE}, seconds=1)
            late = _late(path.removesuffix(".py").partition("_")[2])
            trial.point(
                path,
                *judged(
                    (ended.text("good.py") == DONE, Loss.LOST, f"good.py was lost: {ended.said[-300:]}"),
                    (ended.text(path) == USE, Loss.LOST, "it was changed"),
                    (ended.code == 3 and path in ended.said, Loss.SILENT, f"exit code {ended.code}"),
                    (late < _TRIES * _SLACK, Loss.UNRECOVERED, f"{late:.1f} seconds beyond its {_TRIES} deadlines"),
                ),
            )


def _late(what: str) -> float:
    """Return by how many seconds work that hangs is ended too late, in all of its tries."""
    begun = time.monotonic()
    with Workers(1, Bounds(1.0, MEMORY << 20)) as workers:
        list(workers.run(poisoned, [what], 1))
    return time.monotonic() - begun - _TRIES


def heavy(trial: Trial) -> None:
    """Read sources that crash parsers, or are too much for a process; each beside an ordinary file."""
    sources = {
        **deep(),
        "lines.py": USE + "x = 1\n" * 100_000,
        "bytes.py": USE + 'x = "' + "y" * 10_000_000 + '"\n',
        "list.py": USE + "x = [" + "now_utc(), " * 200_000 + "]\n",
    }
    chosen = ("parens.py", "bytes.py") if trial.quick else tuple(sources)
    for path, text in [(path, sources[path]) for path in chosen]:
        with trial.place() as place:
            ended = _apply(place, {path: text, "good.py": USE}, seconds=10)
            after = ended.text(path)
            named = path in ended.said or after != text
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
            trial.point(
                path,
                *judged(
                    (ended.text("good.py") == DONE, Loss.LOST, f"good.py was lost: {ended.said[-300:]}"),
                    (ended.code in (0, 3), Loss.SILENT, f"exit code {ended.code}: {ended.said[-300:]}"),
                    (named, Loss.SILENT, "neither rewritten nor named"),
                    (after == text or _compiles(after), Loss.LOST, "what was written does not compile"),
                    (peak < 2 * MEMORY, Loss.UNRECOVERED, f"a process took {peak} MiB"),
                ),
            )


def _compiles(text: str) -> bool:
    try:
        compile(text, "x.py", "exec")
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return False
    return True


FAULTS = (
    Fault("D2", "big, deep and slow input", "5,000 parentheses, 10,000 terms, 100,000 lines, 10 MB …", 11, heavy),
    Fault("E1", "files that kill their worker", "10 of 1,000: SIGKILL, SIGSEGV, SIGABRT, exits", 1000, deadly),
    Fault("E2", "files that never end", "loops, a regular expression, SIGSTOP, floods; 1 second each", 12, hanging),
)
