"""Recanon and its rivals, each run as its users run it, on a copy."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.move.places import Places
from benchmarks.move.truth import Move

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Ran:
    """How a tool ended: its exit code, how long it took, and the last that it said."""

    exit: int
    seconds: float
    said: str


Tool = Callable[[Places, Path, Move], Ran]


def ran(command: Sequence[str], tree: Path) -> Ran:
    """Run a command in a tree."""
    start = time.perf_counter()
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=tree, env=variables, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    said = (done.stdout + done.stderr).strip()
    return Ran(done.returncode, time.perf_counter() - start, said[-4000:])


def rope(places: Places, tree: Path, move: Move) -> Ran:
    """Run rope as an editor does: names in code alone."""
    command = [str(places.rivals()), str(HERE / "rope_move.py"), str(tree), move.definition, move.new]
    return ran([*command, "--old", move.old], tree)


def rope_text(places: Places, tree: Path, move: Move) -> Ran:
    """Run rope and let it change strings, comments and docstrings too."""
    command = [str(places.rivals()), str(HERE / "rope_move.py"), str(tree), move.definition, move.new]
    return ran([*command, "--old", move.old, "--text"], tree)


def libcst(places: Places, tree: Path, move: Move) -> Ran:
    """Run the rename command that ships with LibCST over the files that hold the last part of the name."""
    (tree / ".libcst.codemod.yaml").write_text("modules: ['libcst.codemod.commands']\nrepo_root: '.'\n")
    leaf = move.old.rpartition(".")[2].encode()
    paths = (path for path in sorted(tree.rglob("*.py")) if path.is_file() and leaf in path.read_bytes())
    files = [str(path.relative_to(tree)) for path in paths]
    command = [str(places.rivals()), "-m", "libcst.tool", "codemod", "rename.RenameCommand", "--old_name", move.old]
    command += ["--new_name", move.new, "--no-format", "--hide-progress", "-j", str(os.cpu_count() or 1)]
    done = ran([*command, *files], tree)
    (tree / ".libcst.codemod.yaml").unlink()
    return done


def recanon(command: str) -> Tool:
    """Return the tool that runs a recanon of a given name or path."""

    def tool(places: Places, tree: Path, move: Move) -> Ran:
        return ran([command, "move", move.old, move.new, str(tree), "--apply", "--yes"], tree)

    return tool
