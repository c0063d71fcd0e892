"""Trees with a suite in them, and ways to run it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from recanon.cli.main import app

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "fixtures" / "netra_mini"
PACK = ("--pack", "websocket-ssot")
FOLDER = "tests/canonical_way"


def recanon(*words: str | Path, code: int = 0) -> str:
    """Run the command line in this process, with nothing replaced; it must end with a code. Return what it says."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


def copy_of(tree: Path, target: Path) -> Path:
    """Copy a tree without its traces."""
    return Path(shutil.copytree(tree, target, ignore=shutil.ignore_patterns("__pycache__", ".recanon")))


@dataclass(frozen=True)
class Ran:
    """What a run of a suite showed."""

    failed: frozenset[str]
    passed: int
    skipped: int
    said: str


def run_suite(tree: Path, *words: str, folder: str = FOLDER, errors: bool = False) -> Ran:
    """Run the suite of a tree from its root, as its owners would. No test may end in an error."""
    line = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-rfEs",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        folder,
        *words,
    ]
    done = subprocess.run(line, cwd=tree, capture_output=True, text=True, timeout=120, check=False)
    said = done.stdout + done.stderr
    assert done.returncode in {0, 1}, said
    assert errors or " error" not in said.splitlines()[-1], said
    failed = re.findall(r"^FAILED \S+::(\w+)", said, re.MULTILINE)
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|skipped)", said.splitlines()[-1])}
    return Ran(frozenset(failed), counts.get("passed", 0), counts.get("skipped", 0), said)


def edit(tree: Path, path: str, old: str, new: str) -> None:
    """Replace a text that must be there, or write a new file where `old` is empty."""
    file = tree / path
    if not old:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new, encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")
