"""Small trees for guests, and a run over one in one call."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from recanon.executor.local import Workers
from recanon.guests.check import Checker
from recanon.guests.result import Result, State
from recanon.guests.run import GuestRun, Order, run_guest
from recanon.guests.selection import Choice
from recanon.guests.spec import read_guest
from recanon.guests.work import Effort
from recanon.overlay import Overlay

ROOT = Path(__file__).parents[2]
EFFORT = Effort(jobs=1, seconds=20.0, path=(str(ROOT),))
SHIPPED = "libcst:libcst.codemod.commands"
FORMAT = f"{SHIPPED}.convert_format_to_fstring.ConvertFormatStringCommand"


def fill(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def run(
    root: Path,
    guest: str,
    *arguments: str,
    choice: Choice | None = None,
    effort: Effort = EFFORT,
    review: bool = False,
    seconds: float | None = None,
) -> GuestRun:
    """Run a guest over a tree."""
    if seconds is not None:
        effort = replace(effort, seconds=seconds)
    done = run_guest(root, Order(read_guest(guest, arguments), choice or Choice(), effort, review=review))
    assert done.plan.account.balanced
    assert sum(done.census.values()) == len(done.results) == done.plan.account.mentions
    return done


def hostile(name: str) -> str:
    """Return the name of a guest that does harm."""
    return f"libcst:tests.guests.hostile.{name}"


def check(
    root: Path, files: Mapping[str, str], changes: Mapping[str, str], *, review: bool = False
) -> dict[str, Result]:
    """Send changes up the ladder that some guest would have made; return what becomes of them."""
    fill(root, files)
    results = [
        Result(path, State.CHANGED, files[path].encode(), text.encode()) for path, text in sorted(changes.items())
    ]
    with Workers(1) as workers:
        checked = Checker(Overlay(root, tuple(sorted(files))), workers).checked(results, review=False)
    return {each.path: each for each in checked}


def result(done: GuestRun, path: str) -> Result:
    """Return what became of a file."""
    [found] = [each for each in done.results if each.path == path]
    return found


def states(done: GuestRun) -> dict[str, State]:
    """Return what became of each file."""
    return {each.path: each.state for each in done.results}


def written(done: GuestRun) -> dict[str, str]:
    """Return the texts that would be written."""
    return {change.path: change.after.decode("utf-8", "surrogateescape") for change in done.plan.changes}


def digest(root: Path) -> str:
    """Return a digest of all files below a folder, but those of the journal."""
    total = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and ".recanon" not in path.parts:
            total.update(f"{path.relative_to(root)}\0{path.stat().st_mode}\0".encode() + path.read_bytes())
    return total.hexdigest()
