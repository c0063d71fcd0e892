"""The way from a path to a file: walked from the root folder by folder, through no symbolic link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recanon.disk import Content, FileSystem, GoneError, RefusedError, one_file
from recanon.errors import UsageError

STATE_FOLDER = ".recanon"
_CLOSED = frozenset({".git", STATE_FOLDER})


class Tree:
    """The files beneath a root, each reached step by step.

    Args:
        root: the tree's root.
        files: the operations.
    """

    def __init__(self, root: Path, files: FileSystem) -> None:
        self.files = files
        try:
            self.root = files.folder(root)
        except OSError as exc:
            raise UsageError(f"{root} is no folder that can be opened: {exc.strerror}") from exc

    def close(self) -> None:
        """Let go of the root."""
        os.close(self.root)

    @contextmanager
    def folder(self, path: str) -> Iterator[tuple[int, str]]:
        """Open the folder of a file; yield its descriptor and the file's name in it.

        Raises:
            RefusedError: the path is hostile or leads through a link, or what the block does with this one file is not
                allowed.
        """
        *folders, name = check_path(path)
        fd = os.dup(self.root)
        try:
            with one_file():
                for part in folders:
                    below = self.files.folder(part, fd)
                    os.close(fd)
                    fd = below
                yield fd, name
        finally:
            os.close(fd)

    def look(self, path: str) -> Content:
        """Read a file that shall be replaced or taken away.

        Raises:
            RefusedError: it is not there, not a regular file, has several names, or is marked as not to be edited.
        """
        with self.folder(path) as (folder, name):
            content = self.files.read(folder, name)
        if content.info.st_nlink > 1:
            raise RefusedError(
                f"it has {content.info.st_nlink} names (hard links), and the run would part them",
                "Break the hard link, or change the file by hand.",
            )
        if not content.mode & 0o222:
            raise RefusedError(
                "it is read-only, which says: do not edit", "Make it writable (chmod u+w) and plan again."
            )
        return content

    def find(self, path: str) -> Content | None:
        """Read a file as `look` does; None where nothing stands.

        Raises:
            RefusedError: as for `look`, but for a file that is not there.
        """
        try:
            return self.look(path)
        except GoneError:
            return None


def check_path(path: str) -> tuple[str, ...]:
    """Return the parts of a relative path. A path from a plan or a journal is input like any other.

    Raises:
        RefusedError: it is absolute, climbs, is not plain, cannot name a file, or lies in `.git` or `.recanon`.
    """
    parts = tuple(path.split("/"))
    if "\0" in path or not _encodable(path):
        raise RefusedError("its path cannot name a file")
    if any(part in ("", ".", "..") for part in parts):
        raise RefusedError("its path is not a plain relative path beneath the root")
    # Some file systems take case and invisible characters as equal (CVE-2014-9390).
    if any("".join(filter(str.isprintable, part)).casefold() in _CLOSED for part in parts):
        raise RefusedError("its path lies in .git or in .recanon, which are never written")
    return parts


def _encodable(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True
