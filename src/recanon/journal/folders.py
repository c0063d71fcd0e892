"""Folders of created and deleted files: made where they are missing, and taken away where nothing is left in them.

A folder that is left empty is not noise alone: Python imports it as a namespace package, so that `import old` would
still work. No file goes with a folder but Python's bytecode, and that only where no source is left beside it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress

from recanon.disk import FileSystem, GoneError, RefusedError
from recanon.journal.tree import Tree

_CACHE = "__pycache__"
_BYTECODE = ".pyc"
_NOT_EMPTY = frozenset({errno.ENOTEMPTY, errno.EEXIST})


def missing_folders(tree: Tree, path: str) -> list[str]:
    """Return the folders of a file that are not there, the outermost first.

    Raises:
        RefusedError: the path is hostile, or leads through a link or something that is no folder.
    """
    parts = path.split("/")
    folders = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    for number, folder in enumerate(folders):
        try:
            with tree.folder(f"{folder}/{parts[-1]}"):
                pass
        except GoneError:
            return folders[number:]
    return []


def make_folders(tree: Tree, path: str) -> None:
    """Make the missing folders of a file, each on the disk before the next.

    Raises:
        RefusedError: the path is hostile or leads through a link, or the system does not allow it.
    """
    for folder in missing_folders(tree, path):
        with tree.folder(folder) as (parent, name):
            with suppress(FileExistsError):  # somebody made it in this very instant
                tree.files.mkdir(parent, name, mode=0o777)
            tree.files.fsync(parent)


def clear_folders(tree: Tree, paths: Iterable[str], *, only: frozenset[str] | None) -> None:
    """Take the folders of files away that hold nothing any more, from the inmost outwards.

    Args:
        tree: the tree.
        paths: files that are not there.
        only: the folders that may go; None: all that a run would make again just as they are.
    """
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and (only is None or folder in only) and _clear(tree, folder, plain=only is None):
            folder = folder.rpartition("/")[0]


def forget_bytecode(tree: Tree, path: str) -> None:
    """Take the bytecode of a deleted module away, lest Python take it for that of another text of the same name."""
    folder, _, name = path.rpartition("/")
    stem, dot, _ = name.rpartition(".py")
    if not dot:
        return
    inside = f"{folder}/{_CACHE}/x".removeprefix("/")
    with suppress(RefusedError), tree.folder(inside) as (cache, _):
        _unlink(tree.files, cache, [name for name in tree.files.names(cache) if name.startswith(f"{stem}.")])


def _clear(tree: Tree, folder: str, *, plain: bool) -> bool:
    """Take one folder away; return whether it is gone."""
    try:
        with tree.folder(folder) as (parent, name):
            if not _is_empty(tree.files, parent, name, plain=plain):
                return False
            tree.files.rmdir(parent, name)
            tree.files.fsync(parent)
    except GoneError:
        return True
    except RefusedError:
        return False
    except OSError as exc:
        if exc.errno not in _NOT_EMPTY:
            raise
        return False  # somebody put something into it in this very instant
    return True


def _is_empty(files: FileSystem, parent: int, name: str, *, plain: bool) -> bool:
    """Return whether a folder holds nothing but bytecode, which is then taken away."""
    fd = files.folder(name, parent)
    try:
        if plain and not _is_plain(files, fd):
            return False
        names = files.names(fd)
        if names != [_CACHE]:
            return not names
        cache = files.folder(_CACHE, fd)
        try:
            inside = files.names(cache)
            if not all(name.endswith(_BYTECODE) for name in inside):
                return False
            _unlink(files, cache, inside)
        finally:
            os.close(cache)
        files.rmdir(fd, _CACHE)
        return True
    finally:
        os.close(fd)


def _is_plain(files: FileSystem, folder: int) -> bool:
    info = os.fstat(folder)
    return info.st_uid == os.geteuid() and stat.S_IMODE(info.st_mode) == 0o777 & ~files.umask()


def _unlink(files: FileSystem, cache: int, names: Sequence[str]) -> None:
    for name in names:
        if name.endswith(_BYTECODE):
            with suppress(FileNotFoundError):
                files.unlink(cache, name)
