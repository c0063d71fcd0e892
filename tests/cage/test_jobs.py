"""The number of workers changes nothing of what comes out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command import run
from tests.helpers import slow

FIXTURE = Path(__file__).parents[2] / "fixtures" / "netra_mini"


def _texts(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*.py")}


@pytest.mark.parametrize("include", [(), slow(("--include", "review"))], ids=["safe", "review"])
def test_the_diff_is_the_same_for_any_number_of_workers_and_is_what_apply_writes(
    tmp_path: Path, include: tuple[str, ...]
) -> None:
    ignored = shutil.ignore_patterns("__pycache__", ".recanon")
    root, with_git = (Path(shutil.copytree(FIXTURE, tmp_path / name, ignore=ignored)) for name in ("one", "other"))
    words = ("--pack", "websocket-ssot", *include)
    diffs = [run("preview", root, *words, "--jobs", jobs).stdout for jobs in ("1", "2")]
    assert diffs[0] == diffs[1] != b""
    for check in (["--check"], []):
        subprocess.run(["git", "apply", *check, "-"], cwd=with_git, input=diffs[0], check=True)
    assert run("apply", root, *words, "--yes").returncode == 0
    assert _texts(with_git) == _texts(root)
