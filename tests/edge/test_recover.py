"""`recanon recover`, `verify` and `gc` on runs that were killed: what a user sees and what the exit code says."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from faults.file_systems import KILLED, Dying, in_child
from faults.trees import fill, planned, snapshot
from recanon.apply import apply_plan
from tests.command import run_text

BEFORE = {"a.py": b"a", "b.py": b"b", "c.py": b"c"}
AFTER = {path: text.upper() for path, text in BEFORE.items()}


def _texts(root: Path) -> dict[str, bytes]:
    return {path: text for path, (text, _) in snapshot(root).items()}


class _AtThe(Dying):
    """The process dies before a file is put in its place."""

    def __init__(self, number: int) -> None:
        super().__init__(0)
        self.number = number

    def step(self, operation: str, name: str) -> None:
        self.number -= operation == "exchange"
        self.at = self.count + 1 if not self.number else 0
        super().step(operation, name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree in which one of three files is written."""
    fill(tmp_path, BEFORE)
    assert in_child(partial(apply_plan, tmp_path, planned(tmp_path, AFTER), files=_AtThe(2))) == KILLED
    return tmp_path


def test_a_run_that_waits_is_named_and_the_exit_code_says_so(root: Path) -> None:
    done = run_text("recover", root)
    assert done.returncode == 1
    assert "apply pack waits: 1 of 3 files done; --finish, or --undo" in done.stdout
    assert "  b.py\n" in done.stdout
    again = run_text("recover", root)
    assert again.returncode == 1
    assert not list(root.rglob("*.tmp"))


@pytest.mark.parametrize(("option", "wanted"), [("--finish", AFTER), ("--undo", BEFORE)])
def test_it_is_finished_or_undone(root: Path, option: str, wanted: dict[str, bytes]) -> None:
    done = run_text("recover", root, option, "--yes")
    assert done.returncode == 0, done.stderr
    assert _texts(root) == wanted
    done = run_text("recover", root)
    assert (done.returncode, done.stdout) == (0, "No run waits to be finished.\n")


def test_what_cannot_be_finished_is_told(root: Path) -> None:
    (root / "c.py").chmod(0o444)
    done = run_text("recover", root, "--finish", "--yes")
    assert done.returncode == 3
    assert "c.py  it is read-only" in done.stdout


def test_it_asks_and_takes_one_way_only(root: Path) -> None:
    assert run_text("recover", root, "--finish").returncode == 2
    done = run_text("recover", root, "--finish", "--undo", "--yes")
    assert done.returncode == 2
    assert "contradict each other" in done.stderr
    assert {path: _texts(root)[path] for path in BEFORE} == {**BEFORE, "a.py": b"A"}


def test_the_list_of_runs_leads_there(root: Path) -> None:
    assert "1 run interrupted: `recanon recover`" in run_text("runs", root).stdout
    run_text("recover", root, "--undo", "--yes")
    assert "recanon recover" not in run_text("runs", root).stdout


def test_a_tree_without_a_journal_has_nothing_to_recover_verify_or_drop(tmp_path: Path) -> None:
    for command in ("recover", "verify", "gc"):
        assert run_text(command, tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_verify_names_what_cannot_be_given_back(root: Path) -> None:
    run_text("recover", root, "--finish", "--yes")
    done = run_text("verify", root)
    assert (done.returncode, done.stdout) == (0, "journal: 3 records of files, 6 kept texts read, 6 bytes: whole\n\n")
    next(path for path in (root / ".recanon/blobs").iterdir() if path.read_bytes() == b"b").write_bytes(b"x")
    done = run_text("verify", root)
    assert done.returncode == 1
    assert "b.py  its kept text" in done.stdout
    told = json.loads(run_text("verify", root, "--format", "json").stdout)
    assert (told["whole"], told["files"], [file["path"] for file in told["damaged"]]) == (False, 3, ["b.py"])


def test_gc_says_what_would_go_and_takes_it_away(root: Path) -> None:
    run_text("recover", root, "--undo", "--yes")
    dry = run_text("gc", root, "--dry-run").stdout
    assert "6 kept texts, 6 bytes, would go; 0 still needed" in dry
    assert "would go" in run_text("gc", root, "--dry-run").stdout
    assert "6 kept texts, 6 bytes, taken away" in run_text("gc", root).stdout
    assert "0 kept texts" in run_text("gc", root).stdout
