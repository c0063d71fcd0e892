"""The journal: one SQLite file, one row per file of a run, each commit on the disk before the next step.

SQLite's rollback journal with `synchronous=EXTRA` is the best-tested code there is for surviving a crash
(<https://www.sqlite.org/atomiccommit.html>). Its commits are counted as operations of the file system.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from recanon.disk import FileSystem
from recanon.errors import JournalError
from recanon.journal.rows import (
    DAMAGE_HINT,
    FileRow,
    FileState,
    RunKind,
    RunRow,
    RunState,
    load_file,
    load_run,
    now,
    plain,
)
from recanon.journal.schema import VERSION, check_tables, is_new, make_tables, upgrade_tables, version_of

NAME = "journal.sqlite3"
_RUN = "id, kind, pack, phases, plan, state, started, finished"
_FILE = "run, seq, path, before, after, mode, phases, seal, state, reason, hint"
_MODEL = "(SELECT path FROM models WHERE models.run = files.run AND models.seq = files.seq)"
# Files that an interrupted run did not come to, and that no later run has written.
_PENDING = """FROM files JOIN runs ON runs.id = files.run
    WHERE runs.state = 'interrupted' AND files.state = 'unwritten' AND NOT EXISTS (
        SELECT 1 FROM files AS later JOIN runs AS after ON after.id = later.run
        WHERE later.path = files.path AND after.number > runs.number
        AND later.state IN ('intent', 'done', 'foreign', 'undone'))"""
# Texts by which files can be given back or an interrupted run finished.
_NEEDED = f"""SELECT files.before, files.after FROM files JOIN runs ON runs.id = files.run
    WHERE files.state = 'intent' OR (runs.kind = 'apply' AND files.state IN ('done', 'foreign'))
    UNION SELECT files.before, files.after {_PENDING}"""

Key = tuple[str, int]
Undoing = tuple[int, str, int]


class Settled(NamedTuple):
    """The state that a file of a run has come to."""

    seq: int
    state: FileState
    reason: str = ""
    hint: str = ""


class Store:
    """The open journal.

    Args:
        path: the database file, which the caller has found to be no link and its own.
        files: the operations, told before each commit.

    Raises:
        JournalError: it is damaged, foreign, or written by a newer recanon.
    """

    def __init__(self, path: str, files: FileSystem) -> None:
        self._files = files
        self._path = path
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None)
        try:
            self._prepare()
        except sqlite3.DatabaseError as exc:
            self._db.close()
            raise JournalError(f"The journal {path} cannot be read: {exc}", DAMAGE_HINT) from exc
        except JournalError:
            self._db.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def begin(self, run: RunRow, rows: Sequence[FileRow], undoes: Iterable[Undoing], folders: Iterable[str]) -> None:
        """Record a run with all of its files before any is touched, so that it can be finished after a crash.

        Args:
            run: the run.
            rows: its files.
            undoes: which of its files, by number, undo which record once they are done.
            folders: those to be made.
        """
        columns = (run.id, run.kind, run.pack, "\n".join(run.phases), run.plan, RunState.OPEN, now(), "")
        models = [(run.id, row.seq, os.fsencode(row.model)) for row in rows if row.model]
        with self._commit():
            self._db.execute(f"INSERT INTO runs ({_RUN}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", columns)
            options = [(run.id, plain(key), plain(value)) for key, value in run.options]
            self._db.executemany("INSERT INTO options VALUES (?, ?, ?)", options)
            files = [row.stored() for row in rows]
            self._db.executemany(f"INSERT INTO files ({_FILE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", files)
            self._db.executemany("INSERT INTO models VALUES (?, ?, ?)", models)
            self._db.executemany("INSERT INTO undoes VALUES (?, ?, ?, ?)", [(run.id, *undoing) for undoing in undoes])
            named = [(run.id, os.fsencode(path)) for path in folders]
            self._db.executemany("INSERT OR IGNORE INTO folders VALUES (?, ?)", named)

    def reopen(self, run: str, files: Iterable[int]) -> None:
        """Record that an interrupted run goes on with files, by number, that it had not come to."""
        with self._commit():
            again = [(run, seq) for seq in files]
            self._db.executemany("UPDATE files SET state = 'intent' WHERE run = ? AND seq = ?", again)
            self._db.execute("UPDATE runs SET state = 'open', finished = '' WHERE id = ?", (run,))

    def upgrade(self) -> None:
        """Bring a journal of an older version up to this one. A reader need not: it never asks for what is new."""
        if version_of(self._db) < VERSION:
            with self._commit():
                upgrade_tables(self._db)

    def settle(self, run: str, files: Sequence[Settled], *, close: RunState | None = None) -> None:
        """Record what became of files, and with them of the rows that they undo; then close the run, where asked."""
        with self._commit():
            self._db.executemany(
                "UPDATE files SET state = ?, reason = ?, hint = ? WHERE run = ? AND seq = ?",
                [(file.state, plain(file.reason), plain(file.hint), run, file.seq) for file in files],
            )
            self._db.executemany(
                "UPDATE files SET state = 'undone' WHERE (run, seq) IN"
                " (SELECT of_run, of_seq FROM undoes WHERE run = ? AND seq = ?)",
                [(run, file.seq) for file in files if file.state is FileState.DONE],
            )
            if close:
                self._db.execute("UPDATE runs SET state = ?, finished = ? WHERE id = ?", (close, now(), run))

    def give_up(self, runs: Iterable[str]) -> None:
        """Record that interrupted runs are not to be finished: what they had written is given back."""
        with self._commit():
            self._db.executemany("UPDATE runs SET state = 'done' WHERE id = ?", [(run,) for run in runs])

    def undo(self, keys: Iterable[Key]) -> None:
        """Record rows as undone whose files hold the text before already."""
        with self._commit():
            self._db.executemany("UPDATE files SET state = 'undone' WHERE run = ? AND seq = ?", list(keys))

    def runs(self) -> tuple[RunRow, ...]:
        """Return all runs, the oldest first."""
        found = self._db.execute(f"SELECT {_RUN} FROM runs ORDER BY number").fetchall()
        return tuple(load_run(columns, self._options(str(columns[0]))) for columns in found)

    def files(self, run: str) -> tuple[FileRow, ...]:
        """Return the files of a run in their order."""
        return self._files_of("FROM files WHERE run = ? ORDER BY seq", run)

    def pending(self) -> tuple[FileRow, ...]:
        """Return files that interrupted runs did not come to and no later run has written, the oldest run first."""
        return self._files_of(f"{_PENDING} ORDER BY runs.number, seq")

    def needed(self) -> frozenset[str]:
        """Return the digests of all texts by which files can be given back or a run finished."""
        found = self._db.execute(_NEEDED).fetchall()
        return frozenset(str(name) for pair in found for name in pair if name)

    def undone_by(self, run: str, seq: int) -> tuple[FileRow, ...]:
        """Return the records that a file of a rollback undoes, the last first."""
        where = "FROM undoes JOIN files ON files.run = of_run AND files.seq = of_seq WHERE undoes.run = ?"
        return self._files_of(f"{where} AND undoes.seq = ? ORDER BY undoes.rowid", run, seq)

    def written(self) -> tuple[FileRow, ...]:
        """Return what can be rolled back, over all runs, the last run first."""
        where = "FROM files JOIN runs ON runs.id = files.run WHERE runs.kind = ? AND files.state IN (?, ?)"
        kind, *states = RunKind.APPLY, FileState.DONE, FileState.FOREIGN
        return self._files_of(f"{where} ORDER BY runs.number DESC, seq", kind, *states)

    def folders(self, run: str) -> frozenset[str]:
        """Return the folders that a run has made, and those that the runs have made which it undoes."""
        query = "SELECT path FROM folders WHERE run = ? OR run IN (SELECT of_run FROM undoes WHERE run = ?)"
        found = self._db.execute(query, (run, run))
        return frozenset(os.fsdecode(path) for (path,) in found if isinstance(path, bytes))

    def paths(self) -> frozenset[str]:
        """Return the paths of all files that a run has written, rolled back since or not."""
        query = "SELECT path FROM files WHERE state NOT IN ('refused', 'unwritten')"
        return frozenset(os.fsdecode(path) for (path,) in self._db.execute(query) if isinstance(path, bytes))

    def _files_of(self, query: str, *values: object) -> tuple[FileRow, ...]:
        columns = ", ".join(f"files.{name}" for name in _FILE.split(", "))
        model = _MODEL if version_of(self._db) >= 3 else "NULL"  # an older journal that is only looked at
        # All at once: a query left in its middle, by a damaged record, would keep the database open and locked.
        found = self._db.execute(f"SELECT {columns}, {model} {query}", values).fetchall()
        return tuple(map(load_file, found))

    def _options(self, run: str) -> tuple[tuple[str, str], ...]:
        found = self._db.execute("SELECT name, value FROM options WHERE run = ? ORDER BY rowid", (run,))
        return tuple((str(name), str(value)) for name, value in found)

    def _prepare(self) -> None:
        # EXTRA also syncs the folder when SQLite's own journal is gone: if that came back, it would undo the commit.
        for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "foreign_keys = ON", "trusted_schema = OFF"):
            self._db.execute(f"PRAGMA {pragma}")
        if is_new(self._db) and not os.path.getsize(self._path):
            with self._commit():
                make_tables(self._db)
        check_tables(self._db)

    @contextmanager
    def _commit(self) -> Iterator[None]:
        # IMMEDIATE: a reader that holds the file is waited for here, not in the middle.
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._files.step("commit", NAME)
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
