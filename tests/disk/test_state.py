"""The state beside the tree: private, locked, and never trusted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import struct
from contextlib import closing, suppress
from pathlib import Path

import pytest

from faults.file_systems import Counting, in_child
from faults.trees import fill, plan_of, planned, sampled, snapshot
from recanon.apply import apply_plan
from recanon.errors import JournalError, RecanonError, UsageError
from recanon.journal.rows import FileRow, load_file
from recanon.rollback import Request, rollback
from recanon.runs import list_runs, show_run

ALL = Request(everything=True)


def _applied(root: Path) -> str:
    fill(root, {"a.py": b"a", "b.py": b"b"})
    return apply_plan(root, planned(root, {"a.py": b"A", "b.py": b"B"})).run


def _sql(root: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    with closing(sqlite3.connect(root / ".recanon/journal.sqlite3")) as journal:
        for statement in statements:
            journal.execute(statement, values)
        journal.commit()


def test_the_state_is_private_and_ignored(tmp_path: Path) -> None:
    _applied(tmp_path)
    state = tmp_path / ".recanon"
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "blobs").stat().st_mode) == 0o700
    assert (state / ".gitignore").read_bytes() == b"*\n"
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_state_open_to_others_is_closed(tmp_path: Path) -> None:
    (tmp_path / ".recanon").mkdir(mode=0o755)
    _applied(tmp_path)
    assert stat.S_IMODE((tmp_path / ".recanon").stat().st_mode) == 0o700


def test_a_second_run_is_refused_and_names_the_first(tmp_path: Path) -> None:
    _applied(tmp_path)
    plan = planned(tmp_path, {"a.py": b"1", "b.py": b"2"})
    refusals: list[str] = []

    def meanwhile(number: int, _total: int, _path: str) -> None:
        if number == 1:
            with pytest.raises(JournalError, match="Another run") as caught:
                apply_plan(tmp_path, plan)
            refusals.append(caught.value.message)
            with pytest.raises(JournalError, match="Another run") as caught:
                rollback(tmp_path, ALL)
            refusals.append(caught.value.message)

    run = apply_plan(tmp_path, plan, progress=meanwhile).run
    assert len(refusals) == 2
    assert all(f"pid {os.getpid()}" in text and os.uname().nodename in text and run in text for text in refusals)


def test_a_lock_dies_with_its_holder(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a"})
    plan = planned(tmp_path, {"a.py": b"A"})
    assert in_child(lambda: apply_plan(tmp_path, plan, progress=lambda *_: os._exit(9))) == 9
    assert "pid" in (tmp_path / ".recanon/lock").read_text()
    assert apply_plan(tmp_path, plan).recovered[0].written == ("a.py",)


@pytest.mark.parametrize("name", ["", "blobs", "journal.sqlite3", "journal.sqlite3-journal", "lock"])
@pytest.mark.parametrize("dangling", [False, True])
def test_a_planted_link_is_refused(tmp_path: Path, name: str, dangling: bool) -> None:
    root = fill(tmp_path / "root", {"a.py": b"a"})
    outside = tmp_path / "outside"
    if not dangling:
        _applied(tmp_path / "other")
        shutil.copytree(tmp_path / "other/.recanon", outside)
    else:
        outside.mkdir()
    if name:
        (root / ".recanon").mkdir()
    (root / ".recanon" / name).symlink_to(outside / name if name else outside)
    if dangling:
        outside.rmdir()
    start = snapshot(tmp_path)
    plan = plan_of(*planned(root, {"a.py": b"A"}).changes)
    with pytest.raises(JournalError):
        apply_plan(root, plan)
    assert snapshot(tmp_path) == start
    assert dangling is not outside.exists()


def test_a_planted_gitignore_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    root = fill(tmp_path / "root", {"a.py": b"a"})
    outside = fill(tmp_path, {"outside": b"precious"}) / "outside"
    (root / ".recanon").mkdir()
    (root / ".recanon/.gitignore").symlink_to(outside)
    apply_plan(root, planned(root, {"a.py": b"A"}))
    assert outside.read_bytes() == b"precious"
    assert (root / ".recanon/.gitignore").read_bytes() == b"*\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give folders away")
def test_a_state_of_another_user_is_refused(tmp_path: Path) -> None:
    _applied(tmp_path)
    os.chown(tmp_path / ".recanon", 1234, 1234)
    with pytest.raises(JournalError, match="another user"):
        rollback(tmp_path, ALL)
    with pytest.raises(JournalError, match="another user"):
        list_runs(tmp_path)


def test_a_newer_journal_is_refused(tmp_path: Path) -> None:
    _applied(tmp_path)
    start = snapshot(tmp_path)
    _sql(tmp_path, "PRAGMA user_version = 99")
    for use in (lambda: rollback(tmp_path, ALL), lambda: list_runs(tmp_path)):
        with pytest.raises(JournalError, match="version 99"):
            use()
    assert snapshot(tmp_path) == start


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + bytes(200)])
def test_a_foreign_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    _applied(tmp_path)
    (tmp_path / ".recanon/journal.sqlite3").write_bytes(content)
    with pytest.raises(JournalError):
        rollback(tmp_path, ALL)


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    _applied(tmp_path)
    _sql(tmp_path, "PRAGMA application_id = 7")
    with pytest.raises(JournalError, match="not a journal"):
        rollback(tmp_path, ALL)


def _super_journal(journal: Path, other: Path) -> None:
    """Leave a transaction beside a journal that is to be rolled back, and names another file as its super-journal."""
    magic = bytes.fromhex("d9d505f920a163d7")
    data, page = journal.read_bytes(), 4096
    check = (7 + sum(data[page - 200 : 0 : -200])) & 0xFFFFFFFF
    head = (magic + struct.pack(">5I", 1, 7, len(data) // page, 512, page)).ljust(512, b"\0")
    name = os.fsencode(other)
    end = struct.pack(">I", 0x40000000 // page + 1) + name + struct.pack(">2I", len(name), sum(name)) + magic
    record = struct.pack(">I", 1) + data[:page] + struct.pack(">I", check)
    Path(f"{journal}-journal").write_bytes(head + record + end)


def test_a_journal_that_names_another_file_does_not_get_it_deleted(tmp_path: Path) -> None:
    root, other = tmp_path / "root", tmp_path / "precious.txt"
    _applied(root)
    other.write_text("mine")
    _super_journal(root / ".recanon/journal.sqlite3", other)
    for use in (lambda: list_runs(root), lambda: rollback(root, ALL)):
        with pytest.raises(JournalError, match="names another file"):
            use()
    assert other.read_text() == "mine"


ENDLESS = "CREATE VIEW more AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM files; END",
        ENDLESS,
        "CREATE TABLE more (x)",
        "DROP TABLE options",
        "CREATE INDEX i ON files (path)",
    ],
)
def test_a_journal_with_other_tables_than_ours_is_refused(tmp_path: Path, statement: str) -> None:
    _applied(tmp_path)
    start = snapshot(tmp_path)
    _sql(tmp_path, statement)
    for use in (lambda: list_runs(tmp_path), lambda: rollback(tmp_path, ALL)):
        with pytest.raises(JournalError, match="other tables"):
            use()
    assert snapshot(tmp_path) == start


def test_a_kept_text_of_a_terabyte_is_refused_and_not_read(tmp_path: Path) -> None:
    _applied(tmp_path)
    for blob in (tmp_path / ".recanon/blobs").iterdir():
        os.truncate(blob, 1 << 40)
    result = rollback(tmp_path, ALL)
    assert {file.path for file in result.refused} == {"a.py", "b.py"}
    assert all("larger than" in file.reason for file in result.refused)


HOSTILE = ["../x", "/etc/x", ".git/hooks/x", "a/../../x", ".recanon/lock", "", "link/x"]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_path_in_the_journal_is_refused(tmp_path: Path, path: str) -> None:
    """The record is well sealed: whoever plants a journal can do that."""
    root = tmp_path / "root"
    run = _applied(root)
    fill(tmp_path, {"x": b"A"})
    fill(root, {".git/hooks/x": b"A"})
    (root / "link").symlink_to(tmp_path)
    record = show_run(root, run).files[0]
    seal = FileRow(run, 0, path, record.before, record.after, 0o4777).seal
    values = (path.encode(), seal)
    _sql(root, "UPDATE files SET path = ?, seal = ?, mode = 2559 WHERE seq = 0", values=values)
    start = snapshot(tmp_path)
    result = rollback(root, ALL)
    assert [refused.path for refused in result.refused] == [path]
    assert result.written == ("b.py",)
    changed = {name for name, value in snapshot(tmp_path).items() if start.get(name) != value}
    assert {name for name in changed if ".recanon" not in name} == {"root/b.py"}


def test_a_journal_cannot_give_a_file_setuid(tmp_path: Path) -> None:
    run = _applied(tmp_path)
    record = show_run(tmp_path, run).files[0]
    seal = FileRow(run, 0, "a.py", record.before, record.after, 0o4755).seal
    _sql(tmp_path, "UPDATE files SET seal = ?, mode = 2541 WHERE seq = 0", values=(seal,))
    assert rollback(tmp_path, ALL).complete
    assert stat.S_IMODE((tmp_path / "a.py").stat().st_mode) == 0o755


@pytest.mark.parametrize(
    "change",
    ["path = X'62'", "before = after", "mode = 511", "run = run || 'x'", "seal = ''", "phases = 'other'", "seq = 7"],
)
def test_a_changed_record_is_found_out(tmp_path: Path, change: str) -> None:
    _applied(tmp_path)
    _sql(tmp_path, "PRAGMA foreign_keys = OFF", "DELETE FROM files WHERE seq = 1", f"UPDATE files SET {change}")
    start = snapshot(tmp_path)
    try:
        result = rollback(tmp_path, ALL)
    except RecanonError:
        result = None
    assert result is None or result.written == ()
    assert snapshot(tmp_path) == start


def test_a_flipped_bit_in_the_journal_never_restores_a_wrong_text(tmp_path: Path) -> None:
    run = _applied(tmp_path)
    good = (tmp_path / ".recanon/journal.sqlite3").read_bytes()
    allowed = {"a.py": (b"a", b"A"), "b.py": (b"b", b"B")}
    modes = {path: mode for path, (_, mode) in snapshot(tmp_path).items()}
    for bit in sampled(len(good) * 8 - 1, 60):
        flipped = bytearray(good)
        flipped[bit // 8] ^= 1 << bit % 8
        (tmp_path / ".recanon/journal.sqlite3").write_bytes(flipped)
        fill(tmp_path, {"a.py": b"A", "b.py": b"B"})
        with suppress(RecanonError):
            rollback(tmp_path, ALL)
        found = snapshot(tmp_path)
        assert found.keys() == allowed.keys(), bit
        assert all(found[path][0] in texts and found[path][1] == modes[path] for path, texts in allowed.items()), bit
    (tmp_path / ".recanon/journal.sqlite3").write_bytes(good)
    assert show_run(tmp_path, run).summary.run == run


def test_a_cut_off_journal_never_restores_a_wrong_text(tmp_path: Path) -> None:
    _applied(tmp_path)
    good = (tmp_path / ".recanon/journal.sqlite3").read_bytes()
    for length in (0, 1, 15, 16, 99, *range(100, len(good), 4999)):
        (tmp_path / ".recanon/journal.sqlite3").write_bytes(good[:length])
        fill(tmp_path, {"a.py": b"A", "b.py": b"B"})
        try:
            result = rollback(tmp_path, ALL)
        except JournalError:
            assert {text for text, _ in snapshot(tmp_path).values()} == {b"A", b"B"}
        else:  # only empty space was cut off
            assert result.written == ("a.py", "b.py")
            assert {text for text, _ in snapshot(tmp_path).values()} == {b"a", b"b"}


def test_a_record_of_wrong_types_is_damage_and_no_crash() -> None:
    with pytest.raises(JournalError, match="damaged"):
        load_file((None, "x", 3, 4, 5, 6, 7, 8, 9, 10, 11, None))


def test_a_root_that_is_no_folder_is_named(tmp_path: Path) -> None:
    fill(tmp_path, {"file": b""})
    for root in (tmp_path / "missing", tmp_path / "file"):
        with pytest.raises(UsageError, match="no folder"):
            list_runs(root)


def test_operations_are_counted_through_one_object(tmp_path: Path) -> None:
    files = Counting()
    fill(tmp_path, {"a.py": b"a"})
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"A"}), files=files)
    assert files.count > 20
