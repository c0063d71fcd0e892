"""A repository that is only looked at gets none of its commands run, and is not written to."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from faults.canaries import GIT, Canary, git, repository, script, stale
from recanon.discover import discover
from recanon.errors import UsageError
from recanon.git import run_git
from recanon.guard.changed import changed_since
from recanon.provenance import read_provenance

TREE = {"a.py": b"a = 1\n", "app/b.py": b"b = 1\n"}


def _look(root: Path) -> None:
    discover(root)
    read_provenance(root)
    try:
        changed_since(root, "HEAD")
    except UsageError:
        return


@pytest.mark.parametrize("canary", GIT, ids=lambda canary: canary.name)
def test_looking_runs_no_command_of_the_repository(tmp_path: Path, canary: Canary) -> None:
    root, mark = repository(tmp_path / "root", TREE), tmp_path / "mark"
    canary.plant(root, f"touch {mark}")
    stale(root)
    _look(root)
    assert not mark.exists()
    if shutil.which(canary.careless[0]):
        subprocess.run(canary.careless, cwd=root, capture_output=True, stdin=subprocess.DEVNULL, check=False)
        assert mark.exists(), "the canary is dead, so nothing was tried"


def test_looking_does_not_write_the_index(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", TREE)
    stale(root)
    before = (root / ".git/index").read_bytes()
    _look(root)
    assert (root / ".git/index").read_bytes() == before


def test_a_clean_repository_with_a_filter_is_still_known(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", TREE)
    git(root, "config", "filter.evil.clean", "cat")
    git(root, "config", "filter.evil.required", "true")
    found = read_provenance(root)
    assert found is not None
    assert found.branch == "main"


def test_settings_that_the_user_gives_by_variables_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, mark = repository(tmp_path / "root", TREE), tmp_path / "mark"
    git(root, "config", "filter.evil.clean", f"touch {mark}; cat")
    (root / "new.py").write_text("new = 1\n")
    stale(root)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "status.showUntrackedFiles")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "no")
    assert run_git(root, "status", "--porcelain") == b""
    assert not mark.exists()


@pytest.mark.parametrize("path", ["{}", ".:{}", "{}:.", "{}::", "tools:{}"])
def test_git_is_not_taken_from_the_current_folder(tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root, mark = repository(tmp_path / "root", TREE), tmp_path / "mark"
    for place in ("git", "tools/git"):
        script(root / place, f"touch {mark}")
    own = os.path.dirname(str(shutil.which("git")))
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", path.format(own))
    assert run_git(root, "ls-files") is not None
    assert not mark.exists()


def test_a_path_without_git_is_as_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, mark = repository(tmp_path / "root", TREE), tmp_path / "mark"
    script(root / "git", f"touch {mark}")
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", ".:")
    assert run_git(root, "ls-files") is None
    assert discover(root).files == ("a.py", "app/b.py", "other.py")
    assert not mark.exists()


def test_an_index_that_climbs_lists_nothing_outside_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("secret = 1\n")
    root = repository(tmp_path / "root", {**TREE, "aa/x.py": b"x = 1\n"})
    index = root / ".git/index"
    body = index.read_bytes()[:-20].replace(b"aa/x.py", b"../x.py")
    index.write_bytes(body + hashlib.sha1(body).digest())
    shutil.rmtree(root / "aa")
    assert not [path for path in discover(root).files if path.startswith("..")]


def test_a_fifo_among_the_rules_of_a_walk_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a = 1\n")
    os.mkfifo(tmp_path / ".gitignore")
    assert discover(tmp_path).files == ("a.py",)
