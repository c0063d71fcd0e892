"""The bugs that are planted: what one guard of recanon would do if somebody took it away."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from recanon import rollback, uncommitted, upkeep
from recanon.disk import Content, FileSystem, RefusedError
from recanon.journal import job, recover, rows, store, swap, tree, write
from recanon.journal.blobs import Blobs, MissingTextError
from recanon.journal.rows import FileRow
from recanon.journal.store import Store
from recanon.source import digest

_sync, _put, _dress, _write = FileSystem.fsync, FileSystem.put, FileSystem.dress, FileSystem.write


@dataclass(frozen=True, slots=True)
class Bug:
    """A bug that can be planted.

    Args:
        name: what is missing.
        row: the row of the campaign that must see it.
        plant: plants it during a block.
    """

    name: str
    row: str
    plant: Callable[[], AbstractContextManager[Any]]


def _instead(owner: object, name: str, other: object) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.object(owner, name, other)


def _sync_folders_alone(self: FileSystem, fd: int) -> None:
    if stat.S_ISDIR(os.fstat(fd).st_mode):
        _sync(self, fd)
    else:
        self.step("fsync", "")


def _sync_files_alone(self: FileSystem, fd: int) -> None:
    if stat.S_ISDIR(os.fstat(fd).st_mode):
        self.step("fsync", "")
    else:
        _sync(self, fd)


def _sync_and_hope(self: FileSystem, fd: int) -> None:
    try:
        _sync(self, fd)
    except OSError:
        return


def _write_and_hope(self: FileSystem, fd: int, data: memoryview) -> int:
    try:
        return _write(self, fd, data)
    except OSError:
        return len(data)


def _put_once(self: FileSystem, folder: int, name: str, *, data: bytes, **how: Any) -> None:
    fd = self.create(folder, name)
    self.write(fd, memoryview(data))
    like: Content | None = how.get("like")
    if like is not None:
        self.dress(fd, like, mode=like.mode)
    self.fsync(fd)
    os.close(fd)


def _put_unread(self: FileSystem, folder: int, name: str, *, data: bytes, **how: Any) -> None:
    with patch.object(os, "pread", lambda *_: data):
        _put(self, folder, name, data=data, **how)


def _exchange_into_the_folder_above(self: FileSystem, folder: int, name: str, *, other: str) -> bool:
    self.step("exchange", other)
    os.rename(name, f"../{other}", src_dir_fd=folder, dst_dir_fd=folder)
    return True


def _replace_in_two_steps(self: FileSystem, folder: int, name: str, *, other: str) -> bool:
    self.step("unlink", other)
    os.unlink(other, dir_fd=folder)
    self.step("exchange", other)
    os.rename(name, other, src_dir_fd=folder, dst_dir_fd=folder)
    return True


def _follow_links(self: FileSystem, name: Any, parent: int | None = None) -> int:
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=parent)


def _dress_in_nothing(self: FileSystem, fd: int, like: Content, *, mode: int) -> None:
    self.step("dress", "")
    os.fchmod(fd, 0o644)


def _dress_in_old_time(self: FileSystem, fd: int, like: Content, *, mode: int) -> None:
    _dress(self, fd, like, mode=mode)
    os.utime(fd, ns=(like.info.st_atime_ns, like.info.st_mtime_ns))


def _keep_nothing(self: Blobs, data: bytes) -> str:
    return digest(data)


def _take_any_text(self: Blobs, name: str) -> bytes:
    try:
        return self.files.read(self.folder, name).data
    except FileNotFoundError as exc:
        raise MissingTextError("it is missing") from exc


def _begin_late(self: Store, *record: Any) -> None:
    self.__dict__["late"] = record


def _settle_late(self: Store, run: str, files: Any, *, close: Any = None) -> None:
    if "late" in self.__dict__:
        _begin(self, *self.__dict__.pop("late"))
    _settle(self, run, files, close=close)


_load = rows.load_file
_begin, _settle = Store.begin, Store.settle


def _plant_late_record() -> AbstractContextManager[Any]:
    return patch.multiple(Store, begin=_begin_late, settle=_settle_late)


def _look_at_nothing(self: swap.Place, before: str, after: str) -> None:
    """Confirm whatever came out."""


def _plan_upon_anything(place: Any, seq: int, change: job.Change) -> job.Job | None:
    before = place.look(change.path)
    return job.Job(seq, change, before, before, ())


def _look_in_spite_of_names(self: tree.Tree, path: str) -> Content:
    with self.folder(path) as (folder, name):
        content = self.files.read(folder, name)
    if not content.mode & 0o222:
        raise RefusedError("it is read-only")
    return content


def _look_in_spite_of_mode(self: tree.Tree, path: str) -> Content:
    with self.folder(path) as (folder, name):
        return self.files.read(folder, name)


def _sweep_nothing(state: Any, row: Any, *, place: Any) -> bool:
    return False


def _past_any_edit(state: Any, text: bytes | None, *, row: FileRow, mode: Any) -> bytes | None:
    return state.blobs.get(row.before) if row.before else None


def _load_without_seal(columns: Sequence[Any]) -> FileRow:
    row = _load(columns)
    if not row.fault:
        return row
    path, before, after, mode = columns[2:6]
    return replace(row, path=os.fsdecode(path), before=before, after=after, mode=mode, fault="")


def _plant_lost_seal() -> AbstractContextManager[Any]:
    return patch.object(store, "load_file", _load_without_seal)


def _plant_swallowed_stop() -> AbstractContextManager[Any]:
    @contextmanager
    def stopping(self: write.Writer) -> Iterator[None]:
        with suppress(OSError):
            yield

    return patch.object(write.Writer, "_stopping", stopping)


def _plant_git_that_knows_nothing() -> AbstractContextManager[Any]:
    return patch.object(uncommitted, "uncommitted", lambda root, paths: ())


def _plant_blind_writes() -> AbstractContextManager[Any]:
    return patch.multiple(FileSystem, write=_write_and_hope, put=_put_unread)


def _plant_late_sync() -> AbstractContextManager[Any]:
    return patch.object(write, "sync_folders", lambda tree, paths: None)


def _plant_open_lock() -> AbstractContextManager[Any]:
    return patch.object(fcntl, "flock", lambda fd, how: None)


def _drop_all(blobs: Blobs, names: Any) -> None:
    for name in list(blobs.content()[0]):
        blobs.drop(name)


def _plant_greedy_gc() -> AbstractContextManager[Any]:
    return patch.object(upkeep, "_drop", _drop_all)


def _plant_past_edits() -> AbstractContextManager[Any]:
    return patch.object(rollback, "_past_edit", _past_any_edit)


BUGS = (
    Bug("no fsync of files", "A3", _instead(FileSystem, "fsync", _sync_folders_alone)),
    Bug("no fsync of folders", "A3c", _instead(FileSystem, "fsync", _sync_files_alone)),
    Bug("old files go before the new names are on the disk", "A3c", _plant_late_sync),
    Bug("an fsync that fails is passed over", "A6", _instead(FileSystem, "fsync", _sync_and_hope)),
    Bug("a write that fails is passed over, and not read back", "A4", _plant_blind_writes),
    Bug("an error of the disk is swallowed", "A4", _plant_swallowed_stop),
    Bug("a short write is taken for a whole one", "A5", _instead(FileSystem, "put", _put_once)),
    Bug("what was written is not read back", "A5", _instead(FileSystem, "put", _put_unread)),
    Bug("the file is put into another folder", "A1", _instead(FileSystem, "exchange", _exchange_into_the_folder_above)),
    Bug("the file is replaced in two steps", "A1", _instead(FileSystem, "exchange", _replace_in_two_steps)),
    Bug("the text before is not kept", "A1", _instead(Blobs, "put", _keep_nothing)),
    Bug("the journal learns of a run after its files", "A1", _plant_late_record),
    Bug("a recovery takes no temporary files away", "A1", _instead(recover, "_sweep", _sweep_nothing)),
    Bug("the text is not compared with the plan", "B2b", _instead(write, "look", _plan_upon_anything)),
    Bug("nobody looks at what came out of the place", "B2b", _instead(swap.Place, "confirm", _look_at_nothing)),
    Bug("a rollback goes over later edits", "B4", _plant_past_edits),
    Bug("the lock is not taken", "B5", _plant_open_lock),
    Bug("git is not asked", "B6", _plant_git_that_knows_nothing),
    Bug("read-only files are written", "B1", _instead(tree.Tree, "look", _look_in_spite_of_mode)),
    Bug("links are followed", "B3", _instead(FileSystem, "folder", _follow_links)),
    Bug("the names of a file are parted", "C2", _instead(tree.Tree, "look", _look_in_spite_of_names)),
    Bug("mode and attributes are not kept", "C3", _instead(FileSystem, "dress", _dress_in_nothing)),
    Bug("the time of a file is kept", "C4", _instead(FileSystem, "dress", _dress_in_old_time)),
    Bug("the seal of a record is not checked", "G1b", _plant_lost_seal),
    Bug("a kept text is not compared with its digest", "G2", _instead(Blobs, "get", _take_any_text)),
    Bug("gc takes texts away that are needed", "A2g", _plant_greedy_gc),
)
