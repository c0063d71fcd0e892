"""The programs, and files in which each of them has something to do that makes the file longer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.mounts import PAGE
from faults.trees import Snapshot, fill, snapshot

_FILES = tuple(f"part{number}.py" for number in range(4))
_HEAD = "from clock import utc_now\n\n"
_BODY = "x{0}={{'a':1,'b':2,'c':3,'d':4,'e':5,'f':6,'g':7,'h':8,'i':9}}\nprint(\n    utc_now(),\n    x{0}\n)\n"
_BOWLER = (
    "import sys; from bowler import Query; Query(sys.argv[1:]).select_function('utc_now').rename('the_utc_now')"
    ".execute(interactive=False, write=True, silent=True, in_process=True)"
)
Command = Callable[[Path, Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that rewrites files.

    Args:
        name: what it is called in the table.
        command: its command line, from the folder of its environment's programs and the files.
        own: whether it is recanon.
    """

    name: str
    command: Command
    own: bool = False


def _recanon(programs: Path, files: Sequence[str]) -> list[str]:
    return [
        sys.executable,
        "-m",
        "recanon",
        "move",
        "clock.utc_now",
        "clock.the_utc_now",
        ".",
        "--apply",
        "--yes",
        "--jobs",
        "1",
    ]


TOOLS = (
    Tool("Black", lambda programs, files: [f"{programs}/black", "--fast", "--workers", "1", *files]),
    Tool("ruff format", lambda programs, files: [f"{programs}/ruff", "format", "--no-cache", *files]),
    Tool(
        "ruff check --fix",
        lambda programs, files: [f"{programs}/ruff", "check", "--no-cache", "--fix", "--select", "COM812", *files],
    ),
    Tool(
        "LibCST codemod",
        lambda programs, files: [
            f"{programs}/python", "-m", "libcst.tool", "codemod", "add_trailing_commas.AddTrailingCommas",
            "--no-format", "--jobs", "1", *files,
        ],
    ),
    Tool("Bowler", lambda programs, files: [f"{programs}/python", "-c", _BOWLER, *files]),
    Tool(
        "ast-grep",
        lambda programs, files: [
            f"{programs}/ast-grep", "run", "--threads", "1", "--lang", "python", "--pattern", "utc_now()",
            "--rewrite", "the_utc_now()", "--update-all", *files,
        ],
    ),
    Tool("recanon", _recanon, own=True),
)  # fmt: skip


def lay(root: Path, units: int) -> Snapshot:
    """Lay out files with so many statements for the programs to change, which fill their last page; return them."""
    text = _HEAD + "".join(_BODY.format(number) for number in range(units))
    text += "# " + "x" * (-(len(text) + 3) % PAGE) + "\n"
    fill(root, {"clock.py": b"def utc_now():\n    return 1\n", **{name: text.encode() for name in _FILES}})
    return files_of(root)


def files_of(root: Path) -> Snapshot:
    """Return the files that are rewritten."""
    return {path: value for path, value in snapshot(root).items() if path in _FILES}


def command_of(tool: Tool, programs: Path) -> list[str]:
    """Return the command that rewrites the files of the current folder."""
    return tool.command(programs, _FILES)


def environment(place: Path) -> dict[str, str]:
    """Return variables by which a program does its work in one thread, and keeps its caches to itself."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"RAYON_NUM_THREADS": "1", "BLACK_CACHE_DIR": str(place / "cache"), "TMPDIR": str(place)}
    return {**kept, **own, "PYTHONHASHSEED": "0", "XDG_CACHE_HOME": str(place / "cache")}
