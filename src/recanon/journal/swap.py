"""Temporary files beside their targets, and what to do when a stranger's text turns up in one."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

from recanon.disk import Content, FileSystem, RefusedError
from recanon.journal.tree import Tree
from recanon.source import digest

_EMPTY = digest(b"")  # a temporary file that nothing could be written into


class GivenBackError(RefusedError):
    """A stranger's text came out of the target, which holds it again."""


class Place:
    """A target in its open folder, with the temporary names that one run has for it there.

    The names follow from the journal alone, so that a crash leaves no temporary file that cannot be found.

    Args:
        files: the operations.
        folder: descriptor of the open folder.
        name: the target's name in it.
        run: id of the run.
        seq: the file's number in the run.
    """

    def __init__(self, files: FileSystem, folder: int, *, name: str, run: str, seq: int) -> None:
        self.files = files
        self.folder = folder
        self.name = name
        self.temp = f".recanon-{run}-{seq}-new.tmp"
        self.kept_temp = f".recanon-{run}-{seq}-kept.tmp"

    def fingerprint(self, name: str) -> str:
        """Return the digest of a file, or what else identifies the thing of that name; "" where there is none."""
        try:
            return self.files.read(self.folder, name).digest
        except FileNotFoundError:
            return ""
        except (RefusedError, PermissionError):
            info = os.stat(name, dir_fd=self.folder, follow_symlinks=False)
            return f"inode {info.st_dev}:{info.st_ino}"

    def exchange(self) -> bool:
        """Swap the temporary file and the target in one step; return False where the system cannot."""
        return self.files.exchange(self.folder, self.temp, other=self.name)

    def put_in(self) -> None:
        """Put the temporary file where nothing stands, in one step; the block's end refuses it where something does."""
        self.files.move(self.folder, self.temp, target=self.name)

    def take_out(self) -> None:
        """Give the target the temporary name, in one step."""
        self.files.replace(self.folder, self.name, target=self.temp)

    def confirm(self, before: str, after: str) -> None:
        """See that what came out of the target is the text of the plan; give anything else back.

        Args:
            before: digest of the text that should have come out.
            after: digest of the text that was put in; "" for none.

        Raises:
            GivenBackError: it was a stranger's; the target holds it again.
        """
        came = self.fingerprint(self.temp)
        if came in (before, ""):
            return
        if after:
            self._exchange_back(came, after)
        else:
            self._put_back()
        raise GivenBackError("it changed while it was being written", "Its newer text stands. Plan again.")

    def _exchange_back(self, came: str, after: str) -> None:
        seen = {after}
        # Each exchange shows what it took out. A text never seen before is newer than all the others, and goes back in.
        while came not in seen:
            seen.add(came)
            with _or_stop():
                self.exchange()
            came = self.fingerprint(self.temp)
        if came != after:  # somebody wrote twice meanwhile
            with _or_stop():
                self._set_aside()

    def _put_back(self) -> None:
        with _or_stop():
            try:
                self.files.move(self.folder, self.temp, target=self.name)
            except FileExistsError:  # that is newer still
                self._set_aside()

    def _set_aside(self) -> None:
        """Keep the text that came out beside the newer one that stands there."""
        self.keep_beside(self.files.read(self.folder, self.temp))
        self.files.fsync(self.folder)
        self.files.unlink(self.folder, self.temp)

    def keep_beside(self, content: Content) -> str:
        """Keep a text beside its file as `<name>.recanon-edited[-N]`; return that name. No file is overwritten."""
        for number in count(1):
            kept = f"{self.name}.recanon-edited" + (f"-{number}" if number > 1 else "")
            found = self.fingerprint(kept)
            if found == content.digest:
                return kept
            if not found:
                break
        with suppress(FileNotFoundError):  # a recovery that was killed right here left it
            self.files.unlink(self.folder, self.kept_temp)
        self.files.put(self.folder, self.kept_temp, data=content.data, like=content)
        self.files.link(self.folder, self.kept_temp, other=kept)
        self.files.unlink(self.folder, self.kept_temp)
        return kept

    def discard(self, *own: str) -> None:
        """Take the temporary files away, but none that holds a stranger's text, which could not be given back."""
        if self.fingerprint(self.temp) in ("", _EMPTY, *own):
            self.drop()

    def drop(self) -> None:
        """Take the temporary files away, where there are any."""
        for temp in (self.temp, self.kept_temp):
            with _or_stop(), suppress(FileNotFoundError, IsADirectoryError):
                self.files.unlink(self.folder, temp)


@contextmanager
def _or_stop() -> Iterator[None]:
    """Let any error stop the run, for the file is on its way already; the recovery finds out from the tree how far."""
    try:
        yield
    except OSError as exc:
        raise OSError(errno.EIO, exc.strerror) from exc


@contextmanager
def place_of(tree: Tree, path: str, *, run: str, seq: int) -> Iterator[Place]:
    """Open the place of a file of a run.

    Raises:
        RefusedError: the path is hostile or leads through a link, or the block may not do what it does with this file.
    """
    with tree.folder(path) as (folder, name):
        yield Place(tree.files, folder, name=name, run=run, seq=seq)
