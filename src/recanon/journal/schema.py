"""The tables of the journal, by version, and whether a database is one that recanon made."""

from __future__ import annotations

import sqlite3

from recanon.errors import JournalError
from recanon.journal.rows import DAMAGE_HINT

VERSION = 3  # 2 has folders, and digests that say "not there"; 3 has models, so that a run can be finished
_APPLICATION = 0x7265_6361  # "reca": says whose database it is
_TABLES = (
    """CREATE TABLE runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('apply', 'rollback')),
        pack TEXT NOT NULL,
        phases TEXT NOT NULL,
        plan TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'done', 'interrupted')),
        started TEXT NOT NULL,
        finished TEXT NOT NULL)""",
    "CREATE TABLE options (run TEXT NOT NULL REFERENCES runs (id), name TEXT NOT NULL, value TEXT NOT NULL)",
    """CREATE TABLE files (
        run TEXT NOT NULL REFERENCES runs (id),
        seq INTEGER NOT NULL CHECK (seq >= 0),
        path BLOB NOT NULL,
        before TEXT NOT NULL CHECK (length(before) IN (0, 64)),
        after TEXT NOT NULL CHECK (length(after) IN (0, 64)),
        mode INTEGER NOT NULL CHECK (mode BETWEEN 0 AND 4095),
        phases TEXT NOT NULL,
        seal TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('intent', 'done', 'unwritten', 'foreign', 'refused', 'undone')),
        reason TEXT NOT NULL,
        hint TEXT NOT NULL,
        PRIMARY KEY (run, seq),
        UNIQUE (run, path))""",
    """CREATE TABLE undoes (
        run TEXT NOT NULL, seq INTEGER NOT NULL, of_run TEXT NOT NULL, of_seq INTEGER NOT NULL,
        FOREIGN KEY (run, seq) REFERENCES files (run, seq),
        FOREIGN KEY (of_run, of_seq) REFERENCES files (run, seq))""",
)
_FOLDERS = """CREATE TABLE folders (
    run TEXT NOT NULL REFERENCES runs (id), path BLOB NOT NULL, PRIMARY KEY (run, path))"""
_MODELS = """CREATE TABLE models (
    run TEXT NOT NULL, seq INTEGER NOT NULL, path BLOB NOT NULL,
    PRIMARY KEY (run, seq), FOREIGN KEY (run, seq) REFERENCES files (run, seq))"""
_ADDED = ((2, _FOLDERS), (3, _MODELS))  # tables by the version that has them first
_SEQUENCE = "CREATE TABLE sqlite_sequence(name,seq)"  # made by SQLite itself, for AUTOINCREMENT


def is_new(db: sqlite3.Connection) -> bool:
    """Return whether nothing was ever put into a database."""
    empty = not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return bool(empty and version_of(db) == 0 and _pragma(db, "application_id") == 0)


def version_of(db: sqlite3.Connection) -> int:
    """Return the version of a journal."""
    return _pragma(db, "user_version")


def make_tables(db: sqlite3.Connection) -> None:
    """Make the tables of a new journal."""
    for statement in (*_TABLES, *(table for _, table in _ADDED)):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {_APPLICATION}")
    db.execute(f"PRAGMA user_version = {VERSION}")


def upgrade_tables(db: sqlite3.Connection) -> None:
    """Make the tables that a journal of an older version lacks."""
    version = version_of(db)
    for since, table in _ADDED:
        if version < since:
            db.execute(table)
    db.execute(f"PRAGMA user_version = {VERSION}")


def check_tables(db: sqlite3.Connection) -> None:
    """See that a database is a whole journal, of a version that is known.

    It refuses a trigger that would write beside us, a view that never ends, and whatever else is not ours.

    Raises:
        JournalError: it is not.
    """
    version = version_of(db)
    if version > VERSION:
        raise JournalError(
            f"The journal is of version {version}; this recanon knows versions up to {VERSION}",
            "Use the recanon that wrote it, or a newer one.",
        )
    if _pragma(db, "application_id") != _APPLICATION or version < 1:
        raise JournalError("The database in .recanon/ is not a journal of recanon", DAMAGE_HINT)
    ours = {*_TABLES, *(table for since, table in _ADDED if since <= version)}
    found = {_plain(sql) for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    if found - {_SEQUENCE} != set(map(_plain, ours)):
        raise JournalError("The journal in .recanon/ holds other tables than recanon makes", DAMAGE_HINT)
    verdict = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise JournalError(f"The journal is damaged: {verdict}", DAMAGE_HINT)


def _plain(statement: object) -> str:
    return " ".join(str(statement).split())


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
