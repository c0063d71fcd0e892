"""A tree of two phases with its plan file, for the tests of plan files."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from recanon.cli.main import app
from tests.helpers import AWAITED, FAC, WORLD, write_tree

OLD = f"from {FAC} import create_websocket_manager\n"
REVIEW = "from app.websocket_core import get_websocket_manager\n\n\nasync def f():\n"
REVIEW += "    return await get_websocket_manager()\n"
TREE = {
    "app/services/a.py": OLD + AWAITED,
    "app/services/b.py": "from app.services.a import f\n",
    "tests/c.py": OLD + AWAITED,
    "tests/d.py": OLD + AWAITED.replace("f(c)", "g(c)"),
    "tests/e.py": REVIEW,
}
QUESTION = re.compile(r"Take this hunk \[[^]]*\]\? |\[y/N\]: ")
PACK = ("--pack", "websocket-ssot", "--set", "prefix=app", "--jobs", "1")


def tree(folder: Path) -> Path:
    """Write the tree and return its root."""
    return write_tree(folder / "tree", {**WORLD, **TREE})


def recanon(*words: str | Path) -> Result:
    """Run the command line in this process, with nothing replaced."""
    return CliRunner().invoke(app, [str(word) for word in words])


def made(root: Path, *words: str | Path) -> Path:
    """Make a plan file beside the tree and return its path."""
    file = root.parent / "plan.json"
    done = recanon("plan", root, *PACK, "-o", file, *words)
    assert done.exit_code == 0, done.output
    return file


def apply(root: Path, file: Path, *words: str) -> Result:
    """Apply a plan file."""
    return recanon("apply", root, "--plan", file, "--jobs", "1", "--yes", *words)


def edit(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a plan file as a person does."""
    value = json.loads(file.read_bytes())
    change(value)
    file.write_text(json.dumps(value))


def places(value: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """Return the places of a file in a plan."""
    found = [file for phase in value["phases"] for file in phase["files"] if file["path"] == path]
    return [place for file in found for place in file["places"]]


def texts(root: Path) -> dict[str, bytes]:
    """Return the files of the tree that the tests look at."""
    return {path: (root / path).read_bytes() for path in TREE}


def on_terminal(answers: list[str], *words: str | Path) -> tuple[int, str]:
    """Run the command line on a terminal, and answer its questions one after the other.

    Args:
        answers: what is typed at each question.
        words: the command line.

    Returns:
        The exit code, and all that was shown.
    """
    parent, child = pty.openpty()
    line = [sys.executable, "-m", "recanon", *map(str, words)]
    env = os.environ | {"TERM": "dumb", "COLUMNS": "120", "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(line, stdin=child, stdout=child, stderr=child, env=env, start_new_session=True)
    os.close(child)
    shown, asked, waiting = "", 0, list(answers)
    while select.select([parent], [], [], 60)[0] and (piece := _piece(parent)):
        shown += piece
        if len(QUESTION.findall(shown)) > asked and waiting:
            asked += 1
            os.write(parent, f"{waiting.pop(0)}\n".encode())
    os.close(parent)
    return process.wait(timeout=20), shown.replace("\r\n", "\n")


def _piece(parent: int) -> str:
    try:
        return os.read(parent, 65536).decode()
    except OSError:  # the other end is closed
        return ""
