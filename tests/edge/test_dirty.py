"""A file with changes that git does not have is not written, unless the user says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from faults.commands import Shop, shop
from faults.repository import STATES, Dirt, committed, git
from faults.trees import fill, snapshot
from tests.command import run_text

USER = "shop/user0.py"
WORK = "\n# somebody's work\n"


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    return shop(tmp_path, 2)


def _root(made: Shop, tmp_path: Path) -> Path:
    made.lay(tmp_path / "tree")
    return committed(tmp_path / "tree")


def _apply(made: Shop, root: Path, *more: str) -> tuple[int, str]:
    done = run_text(*made.words(root)[3:], *more)
    return done.returncode, done.stderr


def _edit(file: Path) -> None:
    file.write_text(file.read_text() + WORK)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_only_what_git_can_give_back_is_written(made: Shop, tmp_path: Path, state: Dirt) -> None:
    root = _root(made, tmp_path)
    state.make(root, root / USER)
    before = snapshot(root)
    code, said = _apply(made, root)
    if state.refused:
        assert (code, snapshot(root)) == (2, before)
        assert USER in said
        assert "--allow-dirty" in said
        assert not (root / ".recanon").exists()
        code, _ = _apply(made, root, "--allow-dirty")
    assert code == 0
    assert state.name == "ignored" or b"now_utc" in (root / USER).read_bytes()


def test_a_folder_of_a_repository_is_asked_about_alone(made: Shop, tmp_path: Path) -> None:
    made.lay(tmp_path / "all/tree")
    root = committed(fill(tmp_path / "all", {"other.py": b""})) / "tree"
    _edit(tmp_path / "all/other.py")
    _edit(root / USER)
    assert _apply(made, root)[0] == 2
    git(root, "stash", "-q")
    assert _apply(made, root)[0] == 0


def test_what_recanon_wrote_may_be_written_again_before_it_is_committed(made: Shop, tmp_path: Path) -> None:
    root = _root(made, tmp_path)
    assert _apply(made, root)[0] == 0
    back = [word.replace("now_utc", "utc") for word in made.words(root)[3:]]
    back = ["move", "shop.clock.now_utc", "shop.clock.utc", *back[3:]]
    git(root, "add", "-A", "shop/user1.py")
    assert run_text(*back).returncode == 0
    _edit(root / USER)
    again = ["move", "shop.clock.utc", "shop.clock.now", *back[3:]]
    done = run_text(*again)
    assert (done.returncode, USER in done.stderr, "user1" in done.stderr) == (2, True, False)


def test_a_rollback_asks_nothing_of_git(made: Shop, tmp_path: Path) -> None:
    root = _root(made, tmp_path)
    before = snapshot(root)
    _apply(made, root)
    git(root, "add", "-A")
    assert run_text("rollback", root, "--all", "--yes").returncode == 0
    assert {path: before[path] for path in before if ".git/" not in path}.items() <= snapshot(root).items()


def test_no_command_of_the_repository_is_run(made: Shop, tmp_path: Path) -> None:
    root = _root(made, tmp_path)
    canary = tmp_path / "canary"
    fires = f"sh -c 'touch {canary}; cat'"
    for name in ("filter.f.clean", "filter.f.process", "core.fsmonitor", "filter.a=b.clean"):
        git(root, "config", name, fires)
    git(root, "config", "filter.f.required", "true")
    (root / ".git/info/attributes").write_text("*.py filter=f\nshop/user1.py filter=a=b\n")
    hook = root / ".git/hooks/post-index-change"
    hook.write_text(f"#!/bin/sh\n{fires}\n")
    hook.chmod(0o755)
    _edit(root / USER)
    assert _apply(made, root)[0] == 2
    assert not canary.exists()


def test_a_git_that_cannot_tell_is_no_leave_to_write(made: Shop, tmp_path: Path) -> None:
    root = _root(made, tmp_path)
    (root / ".git/index").write_bytes(b"damaged")
    code, said = _apply(made, root)
    assert (code, "git cannot say" in said) == (2, True)
    assert not (root / ".recanon").exists()
    assert _apply(made, root, "--allow-dirty")[0] == 0


def test_the_files_of_all_phases_are_asked_about_before_the_first(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    shutil.copytree(Path(__file__).parents[2] / "fixtures/netra_mini", root)
    committed(root)
    planned = run_text("plan", root, "--pack", "websocket-ssot", "-o", tmp_path / "plan.json")
    assert planned.returncode == 0, planned.stderr
    phases = [
        [file["path"] for file in phase["files"]]
        for phase in json.loads((tmp_path / "plan.json").read_text())["phases"]
    ]
    assert len(phases) > 1
    late = next(path for phase in phases[1:] for path in phase if path not in phases[0])
    git(root, "rm", "-q", "--cached", late)
    git(root, "commit", "-q", "-m", "less")
    before = snapshot(root)
    done = run_text("apply", root, "--plan", tmp_path / "plan.json", "--yes")
    assert (done.returncode, late in done.stderr) == (2, True)
    assert snapshot(root) == before
    assert run_text("apply", root, "--plan", tmp_path / "plan.json", "--yes", "--allow-dirty").returncode == 0
