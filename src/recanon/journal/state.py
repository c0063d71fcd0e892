"""The folder `.recanon/` beside the tree: opened through no link, for its owner alone, under its lock."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from recanon.disk import FileSystem, RefusedError
from recanon.errors import JournalError
from recanon.journal import blobs, lock, store
from recanon.journal.blobs import Blobs
from recanon.journal.rows import DAMAGE_HINT, is_digest
from recanon.journal.store import Store
from recanon.journal.tree import STATE_FOLDER, Tree

_IGNORE = ".gitignore"
_IGNORE_TEMP = ".gitignore.tmp"
_IGNORED = b"*\n"
_UNFINISHED = f"{store.NAME}-journal"
_DATABASE = (store.NAME, _UNFINISHED, f"{store.NAME}-wal", f"{store.NAME}-shm")
_NAMES_ANOTHER = bytes.fromhex("d9d505f920a163d7")  # sqlite.org/fileformat2.html: the end of a super-journal's name


@dataclass(frozen=True, slots=True)
class State:
    """All that a run needs: the tree, the journal and the kept texts."""

    tree: Tree
    store: Store
    blobs: Blobs


@contextmanager
def open_state(root: Path, files: FileSystem, *, run: str) -> Iterator[State]:
    """Open the state for a run that writes, made where it is missing, and hold its lock during the block.

    Raises:
        JournalError: the folder or a file in it is a link or another user's, the journal is damaged or newer, or
            another run holds it.
    """
    with ExitStack() as held:
        held.enter_context(_told(root))
        tree = held.enter_context(closing(Tree(root, files)))
        folder = held.enter_context(_folder(tree, create=True))
        held.enter_context(lock.hold(files, folder, run=run))
        _ignore_all(files, folder)
        texts = held.enter_context(closing(Blobs(_own_folder(files, folder, name=blobs.FOLDER, create=True), files)))
        _check_database(folder)
        journal = held.enter_context(closing(Store(_path(root), files)))
        journal.upgrade()
        files.fsync(folder)
        yield State(tree, journal, texts)


@contextmanager
def read_journal(root: Path) -> Iterator[Store | None]:
    """Open the journal to look at it; None where the tree has none.

    Raises:
        JournalError: as for `open_state`, except that no lock is asked for.
    """
    with ExitStack() as held:
        folder = _looked_into(root, held)
        yield None if folder is None else held.enter_context(closing(Store(_path(root), FileSystem())))


@contextmanager
def read_texts(root: Path) -> Iterator[Blobs | None]:
    """Open the kept texts to look at them; None where the tree has no journal.

    Raises:
        JournalError: as for `open_state`, except that no lock is asked for.
    """
    with ExitStack() as held:
        folder, files = _looked_into(root, held), FileSystem()
        if folder is None or not _exists(folder, blobs.FOLDER):
            yield None
            return
        yield held.enter_context(closing(Blobs(_own_folder(files, folder, name=blobs.FOLDER, create=False), files)))


def _looked_into(root: Path, held: ExitStack) -> int | None:
    """Open the state folder as long as `held` holds it; None where the tree has no journal."""
    held.enter_context(_told(root))
    tree = held.enter_context(closing(Tree(root, FileSystem())))
    if not _exists(tree.root, STATE_FOLDER):
        return None
    folder = held.enter_context(_folder(tree, create=False))
    _check_database(folder)
    return folder if _exists(folder, store.NAME) else None


def has_state(root: Path) -> bool:
    """Return whether something stands where the state folder would be."""
    return os.path.lexists(root / STATE_FOLDER)


@contextmanager
def _folder(tree: Tree, *, create: bool) -> Iterator[int]:
    fd = _own_folder(tree.files, tree.root, name=STATE_FOLDER, create=create)
    try:
        yield fd
    finally:
        os.close(fd)


def _own_folder(files: FileSystem, parent: int, *, name: str, create: bool) -> int:
    """Open a folder of the state.

    A cloned tree may bring a planted one: a link would lead the writing elsewhere, and another user's folder could
    change under our hands.
    """
    if create and not _exists(parent, name):
        files.mkdir(parent, name)
        files.fsync(parent)
    try:
        fd = files.folder(name, parent)
    except OSError as exc:
        raise JournalError(
            f"{name} is a symbolic link or no folder that can be opened ({exc.strerror})", "Look at it, and remove it."
        ) from exc
    info = os.fstat(fd)
    if info.st_uid != os.geteuid():
        os.close(fd)
        raise JournalError(f"{name} belongs to another user (id {info.st_uid})", "Work as that user, or remove it.")
    if stat.S_IMODE(info.st_mode) & 0o077:
        os.fchmod(fd, 0o700)  # it holds copies of sources, some of which only their owner may read
    return fd


def _ignore_all(files: FileSystem, folder: int) -> None:
    try:
        if files.read(folder, _IGNORE).data == _IGNORED:
            return
    except (FileNotFoundError, RefusedError):
        pass  # a link or another odd thing in its place is replaced, never followed
    if _exists(folder, _IGNORE_TEMP):
        files.unlink(folder, _IGNORE_TEMP)
    files.put(folder, _IGNORE_TEMP, data=_IGNORED)
    files.replace(folder, _IGNORE_TEMP, target=_IGNORE)


def _check_database(folder: int) -> None:
    """See that SQLite will open plain files, and not make a new journal where an old one was lost."""
    size = 0
    for name in _DATABASE:
        try:
            info = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(info.st_mode) or info.st_uid != os.geteuid() or info.st_nlink > 1:
            raise JournalError(f"{STATE_FOLDER}/{name} is not a plain file of yours", "Look at it, and remove it.")
        size += info.st_size
        if name == _UNFINISHED:
            _check_alone(folder, info.st_size)
    if not size and _exists(folder, blobs.FOLDER) and any(map(is_digest, _names(folder))):
        raise JournalError(
            f"The journal in {STATE_FOLDER}/ is lost, and texts that it kept are still there", DAMAGE_HINT
        )


def _check_alone(folder: int, size: int) -> None:
    """Refuse an unfinished transaction that names a super-journal: SQLite deletes that file, wherever it lies.

    Only a transaction over several databases names one, and the journal is a single one.
    """
    fd = os.open(_UNFINISHED, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        end = os.pread(fd, len(_NAMES_ANOTHER), max(0, size - len(_NAMES_ANOTHER)))
    finally:
        os.close(fd)
    if end == _NAMES_ANOTHER:
        raise JournalError(
            f"{STATE_FOLDER}/{_UNFINISHED} names another file, which recanon's never does",
            "Somebody else made it. Look at it, and remove it.",
        )


def _names(folder: int) -> list[str]:
    fd = os.open(blobs.FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        return os.listdir(fd)
    finally:
        os.close(fd)


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _path(root: Path) -> str:
    return os.path.join(os.path.realpath(root), STATE_FOLDER, store.NAME)


@contextmanager
def _told(root: Path) -> Iterator[None]:
    # Errors of the state folder itself, which no run has turned into an account of its files.
    try:
        yield
    except sqlite3.Error as exc:
        raise JournalError(f"The journal of {root} cannot be used: {exc}", DAMAGE_HINT) from exc
    except OSError as exc:
        raise JournalError(
            f"{STATE_FOLDER} of {root} cannot be used: {exc.strerror}", "Mend that, and run the same command again."
        ) from exc
