"""The fixture application works before the migration, after it, and after it was taken back."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import run
from tests.helpers import slow

FIXTURE = Path(__file__).parents[2] / "fixtures" / "netra_mini"
PACK = ("--pack", "websocket-ssot")


def _recanon(*words: str | Path) -> subprocess.CompletedProcess[bytes]:
    return run(*words)


def _tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not {"__pycache__", ".recanon"} & set(path.relative_to(root).parts)
    }


def _tests_pass(root: Path) -> int:
    """Run the application's own tests and return how many passed."""
    line = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(line, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    return int(passed.group(1))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(FIXTURE, tmp_path / "netra_mini", ignore=shutil.ignore_patterns("__pycache__", ".recanon"))
    )


@pytest.mark.parametrize("include", [(), slow(("--include", "review"))], ids=["safe", "review"])
def test_the_application_works_before_after_and_taken_back(root: Path, include: tuple[str, ...]) -> None:
    start = _tree(root)
    count = _tests_pass(root)
    applied = _recanon("apply", root, *PACK, *include, "--yes")
    assert applied.returncode == 0, applied.stderr.decode()
    migrated = _tree(root)
    assert migrated.keys() == start.keys()
    assert migrated != start
    assert _tests_pass(root) == count
    again = _recanon("preview", root, *PACK, *include, "--check")
    assert again.stdout == b""
    assert again.returncode == 0, again.stderr.decode()
    taken_back = _recanon("rollback", root, "--all", "--yes")
    assert taken_back.returncode == 0, taken_back.stderr.decode()
    assert _tree(root) == start
