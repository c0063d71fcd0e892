"""What becomes of files when a program is killed at each of its calls on them, and when the disk is full."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from faults.commands import run_command
from faults.model import Trial
from faults.mounts import PAGE, cannot_mount, free_pages, small_tmpfs
from faults.rivals.tools import Tool, command_of, environment, files_of, lay
from faults.strace import Call, calls, disturbed, no_strace
from faults.trees import Snapshot

_MOST = 40  # kill points of a program; by chance where it has more
_UNITS = 40  # statements in a file on a full disk


@dataclass(frozen=True, slots=True)
class Measure:
    """What was seen of a program.

    Args:
        tool: its name.
        points: how often it was killed.
        killed: at how many of these points a file was left empty, or torn.
        full: files that a full disk left empty, torn, old or new.
        code: its exit code there; None where it was not tried.
        said: its words there.
        missing: why it was not tried, or "".
    """

    tool: str
    points: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    full: Counter[str] = field(default_factory=Counter)
    code: int | None = None
    said: str = ""
    missing: str = ""


def measure(tool: Tool, programs: Path, *, seed: int) -> Measure:
    """Kill a program at each of its calls on the files, then let it run on a full disk.

    Args:
        tool: the program.
        programs: the folder of the rivals' programs.
        seed: of the choice of the points, where there are too many.
    """
    if missing := no_strace():
        return Measure(tool.name, missing=missing)
    with Trial().place() as place:
        env, words = environment(place), command_of(tool, programs)
        try:
            found, after = _seen(words, place, env)
        except OSError as error:
            return Measure(tool.name, missing=str(error).splitlines()[0][:80])
        if len(found) > _MOST:
            found = random.Random(seed).sample(found, _MOST)
        killed: Counter[str] = Counter()
        for call in found:
            start = lay(place / "tree", 1)
            disturbed(words, call, "signal=SIGKILL", env=env, cwd=place / "tree")
            killed.update(set(states(start, after, files_of(place / "tree"))))
            shutil.rmtree(place / "tree")
        if cannot_mount():
            return Measure(tool.name, len(found), killed, said=cannot_mount())
        full, done = _on_full_disk(words, place, env)
    return Measure(tool.name, len(found), killed, full, done.returncode, _words(done))


def states(start: Snapshot, after: Snapshot, found: Snapshot) -> list[str]:
    """Say of each file whether it is old, new, empty, torn or gone."""
    said = []
    for path in start:
        text = found[path][0] if path in found else None
        known = {None: "gone", start[path][0]: "old", after[path][0]: "new", b"": "empty"}
        said.append(known.get(text, "torn"))
    return said


def _seen(words: list[str], place: Path, env: dict[str, str]) -> tuple[list[Call], Snapshot]:
    """Run a program undisturbed, twice, so that its caches are warm; return its calls on the files, and their texts."""
    for _ in range(2):
        shutil.rmtree(place / "tree", ignore_errors=True)
        start = lay(place / "tree", 1)
        found = calls(words, place / "calls", _concerns, env=env, cwd=place / "tree")
    after = files_of(place / "tree")
    if any(after[path][0] == start[path][0] for path in start):
        raise OSError(f"{words[0]} did not rewrite the files: {run_command(words, cwd=place / 'tree', env=env)}")
    shutil.rmtree(place / "tree")
    # The same call of the same number in two threads is one point: both are hit by it.
    return list({(call.name, call.number): call for call in found}.values()), after


def _concerns(call: Call) -> bool:
    """Return whether a call is on one of the files, or on what is put into its place."""
    named = "part" in call.line or (".recanon-" in call.line and "/.recanon/" not in call.line)
    return named and "ENOENT" not in call.line


def _on_full_disk(
    words: list[str], place: Path, env: dict[str, str]
) -> tuple[Counter[str], subprocess.CompletedProcess[str]]:
    lay(place / "large", _UNITS)
    run_command(words, cwd=place / "large", env=env)
    after = files_of(place / "large")
    with small_tmpfs(place / "disk", 8 << 20) as disk:
        start = lay(disk / "tree", _UNITS)
        (disk / "ballast").write_bytes(bytes(free_pages(disk) * PAGE))
        done = run_command(words, cwd=disk / "tree", env=env)
        return Counter(states(start, after, files_of(disk / "tree"))), done


def _words(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a program says for its exit code: why it failed, else its last line."""
    lines = [line.strip() for line in (done.stderr if done.returncode else done.stdout).splitlines() if line.strip()]
    why = [line for line in lines if "no space" in line.lower()] if done.returncode else []
    return (why or lines or [""])[-1]
