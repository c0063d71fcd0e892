"""The order in which things reach the disk, on file systems that keep none by themselves."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from faults.file_systems import KILLED, Counting, die, in_child
from faults.trees import MIXED, fill, mixed, planned
from recanon.apply import apply_plan
from recanon.disk import FileSystem
from recanon.journal.recover import recover
from recanon.journal.store import Store
from recanon.plan import Plan
from recanon.rollback import Request, rollback


class _Watching(Counting):
    """Keeps what is done in the tree itself: the new name stands, the folder is synced, the old file goes."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def step(self, operation: str, name: str) -> None:
        temporary = name.endswith("-new.tmp")
        if operation == "fsync" or (operation == "unlink" and temporary):
            self.done.append(operation)
        elif operation == "exchange" or (operation == "replace" and temporary):
            self.done.append("publish")


def _assert_in_order(done: list[str]) -> None:
    assert done.count("publish") > 1
    last, first = len(done) - 1 - done[::-1].index("publish"), done.index("unlink")
    assert all(
        "fsync" in done[at : at + done[at:].index("unlink")] for at, what in enumerate(done) if what == "publish"
    )
    assert last < first or "fsync" in done[:first]
    assert "fsync" in done[first:]  # the temporary name is gone from the disk before the journal says done


def _runs(root: Path, plan: Plan) -> tuple[list[str], list[str]]:
    there, back = _Watching(), _Watching()
    apply_plan(root, plan, files=there)
    rollback(root, Request(everything=True), files=back)
    return there.done, back.done


def test_the_new_name_is_on_the_disk_before_the_old_file_goes(tmp_path: Path) -> None:
    """Else, without a journal of the file system, the old name may lead to a file that is gone already."""
    root = fill(tmp_path, {"a.py": b"a", "p/b.py": b"b"})
    for done in _runs(root, planned(root, {"a.py": b"A", "p/b.py": b"B"})):
        _assert_in_order(done)
    for done in _runs(mixed(tmp_path / "mixed"), MIXED):
        assert "fsync" in done[done.index("publish") : done.index("unlink")]


def test_a_recovery_syncs_the_new_names_before_the_old_files_go(tmp_path: Path) -> None:
    class Killed(Counting):
        def step(self, operation: str, name: str) -> None:
            if operation == "unlink" and name.endswith("-new.tmp"):
                die()

    root = fill(tmp_path, {"a.py": b"a", "p/b.py": b"b"})
    assert in_child(lambda: apply_plan(root, planned(root, {"a.py": b"A", "p/b.py": b"B"}), files=Killed())) == KILLED
    watching = _Watching()
    recover(root, watching)
    assert watching.done[: watching.done.index("unlink")].count("fsync") >= 2


def test_a_commit_is_on_the_disk_when_it_is_done(tmp_path: Path) -> None:
    """With less than `EXTRA`, the name of SQLite's own journal may come back and take the commit with it."""
    path = str(tmp_path / "journal.sqlite3")
    with closing(Store(path, FileSystem())) as store:
        assert store._db.execute("PRAGMA synchronous").fetchone() == (3,)


def test_a_reader_that_gave_up_holds_nothing(tmp_path: Path) -> None:
    """A query that is left in its middle keeps the database open, and the next commit waiting."""
    root = fill(tmp_path, {"a.py": b"a", "b.py": b"b"})
    run = apply_plan(root, planned(root, {"a.py": b"A", "b.py": b"B"})).run
    path = str(root / ".recanon/journal.sqlite3")
    errors = []
    with closing(Store(path, FileSystem())) as store:
        store._db.execute("PRAGMA foreign_keys = OFF")
        store._db.execute("UPDATE files SET path = 7 WHERE seq = 0")
        try:
            store.files(run)
        except Exception as error:  # noqa: BLE001 - kept, with all that it holds on to
            errors.append(error)
    assert errors
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("COMMIT")
