"""Journals that came with a repository: forged by somebody who knows their form, so that all digests and seals fit."""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from recanon.disk import FileSystem
from recanon.journal.rows import FileRow, FileState, RunKind, RunRow, RunState, now
from recanon.journal.store import Store
from recanon.source import digest_of

_RUN = "20260101T000000.000Z-abcdef"
_EVIL = b"import os; os.abort()\n"


@dataclass(frozen=True, slots=True)
class HostileJournal:
    """A planted `.recanon/`.

    Args:
        name: what is wrong with it.
        plant: puts it into a tree (the root); the folder `beside` is somebody else's.
    """

    name: str
    plant: Callable[[Path], None]


def _state(root: Path) -> Path:
    folder = root / ".recanon"
    for made in (folder, folder / "blobs"):
        made.mkdir(mode=0o700, exist_ok=True)
    return folder


def _keep(root: Path, data: bytes) -> str:
    name = digest_of(data)
    (_state(root) / "blobs" / name).write_bytes(data)
    return name


def _store(root: Path) -> Store:
    return Store(str(_state(root) / "journal.sqlite3"), FileSystem())


def _run(root: Path, row: FileRow, run: RunRow, folders: tuple[str, ...] = ()) -> None:
    """Write a run of one file, whose seal is right."""
    with closing(_store(root)) as store:
        store.begin(run, [row], (), folders)
        if run.state is not RunState.OPEN:
            store.settle(run.id, (), close=run.state)


def _stands(root: Path, path: str) -> bytes | None:
    with suppress(OSError, ValueError):
        if (root / path).is_file():
            return (root / path).read_bytes()
    return None


def _file(path: str, *, open_: bool = False, gone: bool = False, root_of: str = "") -> Callable[[Path], None]:
    """Return a plant: the journal says that a file was written, and what it held before; or that its run is open."""

    def plant(root: Path) -> None:
        full = f"{root.parent}/{root_of}" if root_of else path
        before = "" if gone else _keep(root, _EVIL)
        after = digest_of(_stands(root, full) or b"nothing\n")
        state = FileState.INTENT if open_ else FileState.DONE
        row = FileRow(_RUN, 0, full, before, after, 0o644, (), state)
        _run(root, row, _ran(RunState.OPEN if open_ else RunState.DONE), ("../beside", "app"))

    return plant


def _ran(state: RunState = RunState.DONE, pack: str = "loads") -> RunRow:
    return RunRow(_RUN, RunKind.APPLY, pack, (("x", "y"),), ("code",), "", state, now())


def _whole(root: Path) -> Path:
    """Write a journal with nothing wrong: it says what `app/use.py` held before."""
    _file("app/use.py")(root)
    return root / ".recanon/journal.sqlite3"


def _sql(*statements: str) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        with closing(sqlite3.connect(_whole(root), isolation_level=None)) as journal:
            for statement in ("PRAGMA foreign_keys = OFF", "PRAGMA writable_schema = ON", *statements):
                journal.execute(statement)

    return plant


def packed(name: str) -> Callable[[Path], None]:
    """Return a plant: a run of a pack that the journal names so."""

    def plant(root: Path) -> None:
        row = FileRow(_RUN, 0, "app/use.py", _keep(root, _EVIL), digest_of(b"x"), 0o644, (), FileState.DONE)
        _run(root, row, _ran(pack=name))

    return plant


def _in_place(name: str, target: str) -> Callable[[Path], None]:
    """Return a plant: a file or folder of the state is a FIFO, or a link that leads out."""

    def plant(root: Path) -> None:
        _whole(root)
        path = root / ".recanon" / name
        if path.is_dir():
            os.rename(path, root.parent / "moved")
        else:
            path.unlink(missing_ok=True)
        if target == "fifo":
            os.mkfifo(path)
        else:
            path.symlink_to(target)

    return plant


def _blob(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        _whole(root)
        path = root / ".recanon/blobs" / digest_of(_EVIL)
        path.unlink()
        make(path)

    return plant


def _huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 40)


def _temporary(root: Path) -> None:
    """Lay links where the temporary files of an open run would be."""
    _file("app/use.py", open_=True)(root)
    for name in (f".recanon-{_RUN}-0-new.tmp", f".recanon-{_RUN}-0-kept.tmp"):
        (root / "app" / name).symlink_to(root.parent / "beside/precious.txt")
    (root / f".recanon/blobs/.recanon-{_RUN}-blob.tmp").symlink_to(root.parent / "beside/precious.txt")


def super_journal(journal: Path, other: Path) -> None:
    """Leave a transaction beside a journal that is to be rolled back, and names another file as its super-journal."""
    magic = bytes.fromhex("d9d505f920a163d7")
    data, page = journal.read_bytes(), 4096
    check = (7 + sum(data[page - 200 : 0 : -200])) & 0xFFFFFFFF
    head = (magic + struct.pack(">5I", 1, 7, len(data) // page, 512, page)).ljust(512, b"\0")
    name = os.fsencode(other)
    end = struct.pack(">I", 0x40000000 // page + 1) + name + struct.pack(">2I", len(name), sum(name)) + magic
    record = struct.pack(">I", 1) + data[:page] + struct.pack(">I", check)
    Path(f"{journal}-journal").write_bytes(head + record + end)


def _other_file(root: Path) -> None:
    super_journal(_whole(root), root.parent / "beside/precious.txt")


def _many(root: Path) -> None:
    with closing(_store(root)) as store:
        for number in range(2000):
            store.begin(
                replace(_ran(RunState.OPEN), id=f"20260101T000000.{number % 1000:03}Z-{number:06x}"), (), (), ()
            )


_ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) "
_RUNS = (
    "'x' AS id, 'apply' AS kind, '' AS pack, '' AS phases, '' AS plan, 'done' AS state, '' AS started, '' AS finished"
)
_TRIGGER = "CREATE TRIGGER t AFTER INSERT ON files BEGIN UPDATE files SET path = CAST('../beside/x.py' AS BLOB); END"
_ODD = b"\xff\xfe".hex()

PATHS = (
    "../beside/x.py", "app/../../beside/x.py", ".git/config", ".GIT/config", ".git\u200c/config", "outside.py",
    "loop/x.py", "fifo.py", "evil", "", "app/use.py/x", ".recanon/journal.sqlite3", "\x1b]0;x\x07.py",
)  # fmt: skip

JOURNALS = (
    *(HostileJournal(f"a file written at {path!a}", _file(path)) for path in PATHS),
    *(HostileJournal(f"a run to be finished at {path!a}", _file(path, open_=True)) for path in PATHS),
    HostileJournal("a file written at an absolute path", _file("", root_of="beside/precious.txt")),
    HostileJournal("a run to be finished at an absolute path", _file("", root_of="beside/precious.txt", open_=True)),
    HostileJournal("a file made outside, to be taken away", _file("../beside/x.py", gone=True)),
    HostileJournal("links where temporary files would be", _temporary),
    HostileJournal("a pack by its path", packed("./evil")),
    HostileJournal("a pack by the path of its file", packed("evil/pack.toml")),
    HostileJournal("a transaction that names another file", _other_file),
    HostileJournal("a trigger", _sql(_TRIGGER)),
    HostileJournal(
        "a view in the place of a table",
        _sql("DROP TABLE undoes", f"CREATE VIEW undoes AS {_ENDLESS} SELECT x AS run, x AS of_run FROM n"),
    ),
    HostileJournal(
        "a view in the place of the runs",
        _sql("DROP TABLE runs", f"CREATE VIEW runs AS {_ENDLESS} SELECT x AS number, {_RUNS} FROM n"),
    ),
    HostileJournal(
        "a table that never ends by its check", _sql("UPDATE sqlite_master SET sql = 'x' WHERE name='runs'")
    ),
    HostileJournal("a text that is none", _sql(f"UPDATE runs SET pack = CAST(x'{_ODD}' AS TEXT)")),
    HostileJournal("a reason that is none", _sql(f"UPDATE files SET reason = CAST(x'{_ODD}' AS TEXT)")),
    HostileJournal(
        "a run with a name that climbs", _sql("UPDATE runs SET id = '../../x'", "UPDATE files SET run = '../../x'")
    ),
    HostileJournal(
        "texts that steer", _sql("UPDATE runs SET pack = char(27) || ']0;x' || char(7), started = char(13)")
    ),
    HostileJournal("a number beyond all", _sql("PRAGMA ignore_check_constraints=1", "UPDATE files SET seq = 1 << 62")),
    HostileJournal("2,000 open runs", _many),
    HostileJournal("a journal that is a FIFO", _in_place("journal.sqlite3", "fifo")),
    HostileJournal("a lock that is a FIFO", _in_place("lock", "fifo")),
    HostileJournal("a lock that leads out", _in_place("lock", "../../beside/precious.txt")),
    HostileJournal("rules that lead out", _in_place(".gitignore", "../../beside/precious.txt")),
    HostileJournal("rules that are a FIFO", _in_place(".gitignore", "fifo")),
    HostileJournal("a store that leads out", _in_place("blobs", "../../beside")),
    HostileJournal("a log that leads out", _in_place("journal.sqlite3-wal", "../../beside/precious.txt")),
    HostileJournal("a kept text that leads out", _blob(lambda path: path.symlink_to("../../../beside/precious.txt"))),
    HostileJournal("a kept text that is a FIFO", _blob(os.mkfifo)),
    HostileJournal("a kept text of a terabyte", _blob(_huge)),
    HostileJournal("a state that leads out", lambda root: (root / ".recanon").symlink_to("../beside")),
    HostileJournal("a state that is a FIFO", lambda root: os.mkfifo(root / ".recanon")),
)
