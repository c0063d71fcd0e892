"""Creating and deleting files: only where nothing stands, only what was planned upon, and all of it given back."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from faults.file_systems import KILLED, die, in_child
from faults.trees import everything, fill, plan_of, snapshot
from recanon.apply import apply_plan
from recanon.disk import FileSystem
from recanon.gates.parts import parts_of
from recanon.gates.stand import Stand
from recanon.hunks import hunks, split, written
from recanon.journal.recover import recover
from recanon.plan import ChangeKind, FileChange, Plan
from recanon.report.json import plan_json
from recanon.report.run_listing import result_sections, run_sections
from recanon.report.text import sections_text
from recanon.rollback import Mode, Request, rollback
from recanon.runs import list_runs, show_run

ALL = Request(everything=True)


def created(path: str, text: bytes = b"new\n", *, like: str = "") -> FileChange:
    return FileChange(path, b"", text, kind=ChangeKind.CREATE, like=like)


def deleted(root: Path, path: str) -> FileChange:
    return FileChange(path, (root / path).read_bytes(), b"", kind=ChangeKind.DELETE)


def moved(root: Path, path: str, *, to: str) -> Plan:
    return plan_of(created(to, (root / path).read_bytes(), like=path), deleted(root, path))


class Racing(FileSystem):
    """Somebody else does something right before the first operation of a kind on a name that ends so."""

    def __init__(self, operation: str, end: str, happen: Callable[[], object]) -> None:
        self.operation = operation
        self.end = end
        self.happen = happen

    def step(self, operation: str, name: str) -> None:
        if self.operation == operation and name.endswith(self.end):
            self.operation = ""
            self.happen()


def test_a_file_is_created_in_new_folders_and_all_goes_back(tmp_path: Path) -> None:
    root = fill(tmp_path, {"p/a.py": b"a"})
    old = os.umask(0o027)
    try:
        assert apply_plan(root, plan_of(created("p/q/r/b.py"), created("empty.py", b""))).complete
    finally:
        os.umask(old)
    assert snapshot(root)["p/q/r/b.py"] == (b"new\n", 0o640)
    assert (root / "p/q").stat().st_mode & 0o777 == 0o750
    assert (root / "empty.py").read_bytes() == b""
    assert rollback(root, ALL).complete
    assert everything(root) == {"p", "p/a.py"}


def test_a_deleted_file_comes_back_with_its_mode_in_a_folder_made_again(tmp_path: Path) -> None:
    root = fill(tmp_path, {"p/q/a.py": b"a\r\n", "b.py": b"", "p/other.txt": b"o"})
    (root / "p/q/a.py").chmod(0o750)
    start = snapshot(root)
    assert apply_plan(root, plan_of(deleted(root, "b.py"), deleted(root, "p/q/a.py"))).complete
    assert everything(root) == {"p", "p/other.txt"}
    assert rollback(root, ALL).complete
    assert snapshot(root) == start


def test_a_moved_module_keeps_its_mode_and_leaves_no_package_behind(tmp_path: Path) -> None:
    root = fill(tmp_path, {"old/a.py": b"#!/usr/bin/env python\n", "old/__pycache__/a.cpython-311.pyc": b"bytecode"})
    (root / "old/a.py").chmod(0o775)
    result = apply_plan(root, moved(root, "old/a.py", to="new/a.py"))
    assert result.written == ("new/a.py", "old/a.py")
    assert snapshot(root) == {"new/a.py": (b"#!/usr/bin/env python\n", 0o775)}
    assert everything(root) == {"new", "new/a.py"}
    again = apply_plan(root, moved_again())
    assert (again.written, again.unchanged) == ((), ("new/a.py", "old/a.py"))
    assert rollback(root, ALL).complete
    assert snapshot(root) == {"old/a.py": (b"#!/usr/bin/env python\n", 0o775)}
    assert not (root / "new").exists()


def moved_again() -> Plan:
    text = b"#!/usr/bin/env python\n"
    return plan_of(
        created("new/a.py", text, like="old/a.py"), FileChange("old/a.py", text, b"", kind=ChangeKind.DELETE)
    )


@pytest.mark.parametrize("keep", ["data.txt", "__pycache__/note.txt", "sub/x.py"])
def test_a_folder_that_holds_anything_else_stays(tmp_path: Path, keep: str) -> None:
    root = fill(tmp_path, {"p/a.py": b"a", f"p/{keep}": b"mine", "p/__pycache__/b.cpython-311.pyc": b""})
    apply_plan(root, plan_of(deleted(root, "p/a.py")))
    assert (root / "p" / keep).read_bytes() == b"mine"
    assert (root / "p/__pycache__/b.cpython-311.pyc").exists()


def test_a_folder_that_would_not_come_back_as_it_was_stays(tmp_path: Path) -> None:
    root = fill(tmp_path, {"p/a.py": b"a"})
    (root / "p").chmod(0o700)
    apply_plan(root, plan_of(deleted(root, "p/a.py")))
    assert (root / "p").is_dir()


def test_a_rollback_takes_only_folders_away_that_the_run_has_made(tmp_path: Path) -> None:
    root = tmp_path
    (root / "mine").mkdir()
    apply_plan(root, plan_of(created("mine/sub/a.py"), created("made/a.py"), created("made/b.py")))
    (root / "made/note.txt").write_bytes(b"mine")
    assert rollback(root, ALL).complete
    assert everything(root) == {"mine", "made", "made/note.txt"}


STANDING: list[Callable[[Path], object]] = [
    lambda file: file.write_bytes(b"a stranger's"),
    lambda file: file.mkdir(),
    lambda file: file.symlink_to("nowhere"),
    os.mkfifo,
]


@pytest.mark.parametrize("stand", STANDING, ids=["file", "folder", "link", "fifo"])
@pytest.mark.parametrize("late", [False, True], ids=["before", "in the last instant"])
def test_what_stands_in_the_place_of_a_new_file_stays(
    tmp_path: Path, stand: Callable[[Path], object], late: bool
) -> None:
    root = fill(tmp_path, {"a.py": b"a"})
    plan = plan_of(created("b.py"), created("c.py", like="a.py"), deleted(root, "a.py"))
    if not late:
        stand(root / "b.py")
    info = None if late else os.lstat(root / "b.py")
    result = apply_plan(root, plan, files=Racing("move", "b.py", lambda: stand(root / "b.py")) if late else None)
    assert result.written == ("c.py", "a.py")
    assert [path for path, _, _ in result.refused] == ["b.py"]
    assert info is None or os.lstat(root / "b.py") == info
    assert not list(root.rglob("*.tmp"))
    assert rollback(root, ALL).complete
    assert everything(root) == {"a.py", "b.py"}


def test_a_file_stays_where_the_one_that_takes_its_place_is_refused(tmp_path: Path) -> None:
    root = fill(tmp_path, {"a.py": b"a", "b.py": b"a stranger's"})
    result = apply_plan(root, moved(root, "a.py", to="b.py"))
    assert result.written == ()
    assert [refused.path for refused in result.refused] == ["b.py", "a.py"]
    assert "b.py" in result.refused[1].reason
    assert {path: text for path, (text, _) in snapshot(root).items()} == {"a.py": b"a", "b.py": b"a stranger's"}


@pytest.mark.parametrize("aside", [0, 1], ids=["before it is renamed aside", "after that"])
def test_an_edit_of_a_file_to_be_deleted_is_not_lost(tmp_path: Path, aside: int) -> None:
    root = fill(tmp_path, {"a.py": b"a", "z.py": b"z"})
    plan = plan_of(deleted(root, "a.py"), deleted(root, "z.py"))
    with (root / "a.py").open("r+b", buffering=0) as editor:
        files = Racing("replace", f"-{aside}-new.tmp", lambda: editor.write(b"typed"))
        result = apply_plan(root, plan, files=files)
    assert result.written == ("z.py",)
    assert "changed while" in result.refused[0].reason
    assert {path: text for path, (text, _) in snapshot(root).items()} == {"a.py": b"typed"}


def test_two_newer_texts_in_one_instant_are_both_kept(tmp_path: Path) -> None:
    """One comes out when the file is renamed aside; the other stands there when that one shall go back."""
    root = fill(tmp_path, {"a.py": b"a"})
    files = Racing("replace", "-0-new.tmp", lambda: (root / "a.py").write_bytes(b"newer"))
    first = files.step

    def step(operation: str, name: str) -> None:
        first(operation, name)
        if (operation, name) == ("move", "a.py"):
            (root / "a.py").write_bytes(b"newest")

    files.step = step  # type: ignore[method-assign]  # the race is this test's whole point
    result = apply_plan(root, plan_of(deleted(root, "a.py")), files=files)
    assert [path for path, _, _ in result.refused] == ["a.py"]
    texts = {path: text for path, (text, _) in snapshot(root).items()}
    assert texts == {"a.py": b"newest", "a.py.recanon-edited": b"newer"}


def test_a_thing_that_takes_the_place_of_a_deleted_file_is_put_back(tmp_path: Path) -> None:
    root = fill(tmp_path, {"a.py": b"a"})

    def become_folder() -> None:
        (root / "a.py").unlink()
        fill(root, {"a.py/inside.txt": b"i"})

    files = Racing("replace", "-0-new.tmp", become_folder)
    assert [path for path, _, _ in apply_plan(root, plan_of(deleted(root, "a.py")), files=files).refused] == ["a.py"]
    assert everything(root) == {"a.py", "a.py/inside.txt"}


@pytest.mark.parametrize("path", ["../x", "/x", ".git/hooks/x", "a/.recanon/x", "link/x", "file.py/x"])
def test_a_hostile_place_for_a_new_file_is_refused(tmp_path: Path, path: str) -> None:
    root = fill(tmp_path / "root", {"file.py": b""})
    (tmp_path / "outside").mkdir()
    (root / "link").symlink_to(tmp_path / "outside")
    result = apply_plan(root, plan_of(created(path)))
    assert [refused.path for refused in result.refused] == [path]
    assert list((tmp_path / "outside").iterdir()) == []
    assert snapshot(tmp_path / "root") == {"file.py": (b"", 0o644)}


def test_a_created_file_that_was_edited_since(tmp_path: Path) -> None:
    root = tmp_path
    apply_plan(root, plan_of(created("p/a.py")))
    (root / "p/a.py").write_bytes(b"mine")
    for mode in (Mode.REFUSE, Mode.MERGE):
        (refused,) = rollback(root, Request(everything=True, mode=mode)).refused
        assert refused.path == "p/a.py"
        assert (root / "p/a.py").read_bytes() == b"mine"
    assert "no file to merge into" in refused.reason
    result = rollback(root, Request(everything=True, mode=Mode.FORCE))
    assert (result.written, result.kept) == (("p/a.py",), ("p/a.py.recanon-edited",))
    assert {path: text for path, (text, _) in snapshot(root).items()} == {"p/a.py.recanon-edited": b"mine"}


@pytest.mark.parametrize("mode", list(Mode))
def test_a_new_file_in_the_place_of_a_deleted_one_is_never_overwritten(tmp_path: Path, mode: Mode) -> None:
    root = fill(tmp_path, {"a.py": b"a"})
    apply_plan(root, plan_of(deleted(root, "a.py")))
    (root / "a.py").write_bytes(b"mine")
    (refused,) = rollback(root, Request(everything=True, mode=mode)).refused
    assert "new file stands there" in refused.reason
    assert {path: text for path, (text, _) in snapshot(root).items()} == {"a.py": b"mine"}


def test_half_of_a_moved_file_goes_back_alone_and_the_other_half_is_named(tmp_path: Path) -> None:
    root = fill(tmp_path, {"a.py": b"a", "c.py": b"c"})
    plan = plan_of(*moved(root, "a.py", to="b.py").changes, FileChange("c.py", b"c", b"C"))
    apply_plan(root, plan)
    assert rollback(root, Request(paths=("c.py",))).note == ""
    half = rollback(root, Request(paths=("a.py",)))
    assert (half.written, half.created) == (("a.py",), ("a.py",))
    assert "b.py (created)" in half.note
    assert everything(root) == {"a.py", "b.py", "c.py"}
    assert rollback(root, ALL).note == ""
    assert {path: text for path, (text, _) in snapshot(root).items()} == {"a.py": b"a", "c.py": b"c"}


def test_a_crash_before_a_newer_text_was_given_back_does_not_lose_it(tmp_path: Path) -> None:
    root = fill(tmp_path, {"a.py": b"a"})
    plan = plan_of(deleted(root, "a.py"))

    class Dies(Racing):
        def replace(self, folder: int, name: str, *, target: str) -> None:
            super().replace(folder, name, target=target)
            if name == "a.py":
                die()

    files = Dies("replace", "-0-new.tmp", lambda: (root / "a.py").write_bytes(b"newer"))
    assert in_child(lambda: apply_plan(root, plan, files=files)) == KILLED
    assert not (root / "a.py").exists()
    recover(root)
    assert {path: text for path, (text, _) in snapshot(root).items()} == {"a.py": b"newer"}


def test_a_system_that_cannot_rename_without_replacing_uses_links(tmp_path: Path) -> None:
    class Poor(FileSystem):
        def _rename(self, folder: int, name: str, other: str, *, flag: int) -> bool:
            return False

    root = fill(tmp_path, {"a.py": b"a", "b.py": b"mine"})
    result = apply_plan(root, plan_of(created("b.py"), created("c.py"), deleted(root, "a.py")), files=Poor())
    assert result.written == ("c.py", "a.py")
    assert {path: text for path, (text, _) in snapshot(root).items()} == {"b.py": b"mine", "c.py": b"new\n"}
    assert rollback(root, ALL, files=Poor()).complete
    assert everything(root) == {"a.py", "b.py"}


@pytest.mark.parametrize("version", [1, 2])
def test_a_journal_of_an_older_version_is_read_and_used(tmp_path: Path, version: int) -> None:
    root = fill(tmp_path, {"a.py": b"a"})
    apply_plan(root, plan_of(FileChange("a.py", b"a", b"A")))
    with closing(sqlite3.connect(root / ".recanon/journal.sqlite3")) as journal:
        gone = "DROP TABLE folders;" if version == 1 else ""
        journal.executescript(f"DROP TABLE models; {gone} PRAGMA user_version = {version}")
    assert len(list_runs(root)) == 1
    assert apply_plan(root, plan_of(created("p/b.py"))).complete
    assert rollback(root, ALL).complete
    assert everything(root) == {"a.py"}
    assert (root / "a.py").read_bytes() == b"a"


@pytest.mark.parametrize("column", ["before", "after"])
def test_a_record_that_lost_its_digest_is_damage_and_neither_creates_nor_deletes(tmp_path: Path, column: str) -> None:
    root = fill(tmp_path, {"a.py": b"a"})
    run = apply_plan(root, plan_of(FileChange("a.py", b"a", b"A"))).run
    with closing(sqlite3.connect(root / ".recanon/journal.sqlite3")) as journal:
        journal.execute(f"UPDATE files SET {column} = ''")
        journal.commit()
    for mode in Mode:
        assert "damaged" in rollback(root, Request(everything=True, mode=mode)).refused[0].reason
    assert {path: text for path, (text, _) in snapshot(root).items()} == {"a.py": b"A"}
    assert show_run(root, run).files[0].kind is ChangeKind.EDIT


def test_a_special_bit_that_could_not_come_back_keeps_the_file(tmp_path: Path) -> None:
    root = fill(tmp_path, {"a.py": b"a"})
    (root / "a.py").chmod(0o2755)
    (refused,) = apply_plan(root, plan_of(deleted(root, "a.py"))).refused
    assert "setgid" in refused.reason
    assert snapshot(root) == {"a.py": (b"a", 0o2755)}


def test_a_moved_file_is_one_hunk_each_and_goes_back_as_a_whole(tmp_path: Path) -> None:
    root = fill(tmp_path, {"a.py": b"a", "z.py": b"z"})
    plan = plan_of(*moved(root, "a.py", to="b.py").changes, created("c.py", b""))
    found = list(hunks(plan))
    assert [hunk.change for hunk in found] == list(plan.changes)
    assert [split(hunk) for hunk in found] == [(hunk,) for hunk in found]
    assert written(plan, found) == {"a.py", "b.py", "c.py"}
    assert written(plan_of(*plan.changes[1:]), found[:1]) == frozenset()
    parts = parts_of(plan, ["a.py", "b.py", "c.py", "z.py"])
    assert [change.path for change in parts.without(frozenset({"a.py"}))] == ["c.py"]
    assert [change.path for change in parts.without(frozenset({"c.py"}))] == ["b.py", "a.py"]
    stand = Stand(root, plan)
    stand.bring(plan.changes)
    stand.bring(plan.changes[:1])
    assert everything(root) == {"a.py", "b.py", "z.py"}
    stand.take_back()
    assert everything(root) == {"a.py", "z.py"}


def test_reports_say_what_came_and_went(tmp_path: Path) -> None:
    root = fill(tmp_path, {"a.py": b"a", "z.py": b"z"})
    plan = plan_of(created("b.py"), deleted(root, "a.py"), FileChange("z.py", b"z", b"Z"))
    files = {file["path"]: file for file in json.loads(plan_json(plan))["files"]}
    assert [files[path]["kind"] for path in ("a.py", "b.py", "z.py")] == ["delete", "create", "edit"]
    assert (files["a.py"]["after_sha256"], files["b.py"]["before_sha256"]) == (None, None)
    result = apply_plan(root, plan)
    assert result_sections(result, verb="written")[0].lead == "3 files written (1 created, 1 deleted)"
    shown = sections_text(run_sections(show_run(root, result.run)))
    assert "created" in shown
    assert "deleted" in shown
