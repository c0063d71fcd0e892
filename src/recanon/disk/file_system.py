"""The disk: the only module that opens files for writing.

Every operation is a method of one small object, so that a test can make operation number n fail, or the process die
there.
No method follows a symbolic link at the end of a name; `journal.tree` sees to the folders before it.
(The one file written elsewhere is the journal itself, by SQLite, which counts its commits as operations here.)
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from recanon.disk.content import Content, check_regular, xattrs
from recanon.disk.refusals import RefusedError

_CLOSE_LINKS = os.O_CLOEXEC | os.O_NOFOLLOW
_NO_REPLACE, _EXCHANGE = 1, 2  # flags of renameat2(2)
_CANNOT_RENAME = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})
_MOST = 1 << 29  # bytes of a file that is read


class FileSystem:
    """All operations on files. Names are relative to the file descriptor of an open folder."""

    def step(self, operation: str, name: str) -> None:
        """Called before each operation; does nothing here. A test overrides it to fail or to die."""

    def folder(self, name: str | Path, parent: int | None = None) -> int:
        """Open a folder; only the root (no parent) may be reached through symbolic links."""
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        return os.open(name, flags if parent is None else flags | os.O_NOFOLLOW, dir_fd=parent)

    def read(self, folder: int, name: str) -> Content:
        """Read a regular file.

        Raises:
            RefusedError: it is a link, folder, FIFO, socket or device. None of them is opened, so none can hang. Or
                it is larger than half a gigabyte, as no source is, but a planted file may be.
            OSError: the system cannot read it.
        """
        self.step("read", name)
        check_regular(os.stat(name, dir_fd=folder, follow_symlinks=False))
        fd = os.open(name, os.O_RDONLY | os.O_NONBLOCK | _CLOSE_LINKS, dir_fd=folder)
        with os.fdopen(fd, "rb") as stream:
            info = os.fstat(fd)
            check_regular(info)
            if info.st_size > _MOST:
                raise RefusedError(f"it is larger than {_MOST:,} bytes", "No source is; look at it.")
            return Content(stream.read(), info, xattrs(fd))

    def create(self, folder: int, name: str) -> int:
        """Make a new file that was not there (so no planted link can lead elsewhere), open for writing."""
        self.step("create", name)
        return os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | _CLOSE_LINKS, 0o600, dir_fd=folder)

    def open_lock(self, folder: int, name: str) -> int:
        """Open a lock file, made where it is missing; its text stays until the lock is held."""
        self.step("lock", name)
        return os.open(name, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | _CLOSE_LINKS, 0o600, dir_fd=folder)

    def write(self, fd: int, data: memoryview) -> int:
        """Write some of the bytes, and return how many."""
        self.step("write", "")
        return os.write(fd, data)

    def truncate(self, fd: int) -> None:
        """Empty an open file and go to its start."""
        self.step("truncate", "")
        os.ftruncate(fd, 0)
        os.lseek(fd, 0, os.SEEK_SET)

    def fsync(self, fd: int) -> None:
        """Wait until the file or folder is on the disk."""
        self.step("fsync", "")
        os.fsync(fd)

    def sync(self, folder: int, name: str) -> None:
        """Wait until the bytes of a file are on the disk."""
        fd = os.open(name, os.O_RDONLY | os.O_NONBLOCK | _CLOSE_LINKS, dir_fd=folder)
        try:
            self.fsync(fd)
        finally:
            os.close(fd)

    def names(self, folder: int) -> list[str]:
        """Return the names in a folder."""
        self.step("list", "")
        return os.listdir(folder)

    def umask(self) -> int:
        """Return the permission bits that new files do not get."""
        mask = os.umask(0o077)  # it can only be read by being set
        os.umask(mask)
        return mask

    def dress(self, fd: int, like: Content, *, mode: int) -> None:
        """Give a new file the owner, extended attributes and mode of another one, and a later whole second.

        The time is not kept, and moves on to another second at least: Python takes a `.pyc` for fresh when size and
        second agree.

        Raises:
            OSError: an attribute cannot be kept. An owner that may not be given away is no error.
        """
        self.step("dress", "")
        info = os.fstat(fd)
        if (info.st_uid, info.st_gid) != (like.info.st_uid, like.info.st_gid) and not _give(fd, like.info):
            mode &= ~(stat.S_ISUID | stat.S_ISGID)  # they would lend the rights of the wrong owner
        mine = xattrs(fd)
        for name, value in like.xattrs:
            if (name, value) not in mine:
                os.setxattr(fd, name, value)
        os.fchmod(fd, mode)
        if int(info.st_mtime) <= int(like.info.st_mtime):
            os.utime(fd, (info.st_atime, int(like.info.st_mtime) + 1))

    def exchange(self, folder: int, name: str, *, other: str) -> bool:
        """Swap two names in one step; return False where the system or the file system cannot."""
        self.step("exchange", other)
        return self._rename(folder, name, other, flag=_EXCHANGE)

    def move(self, folder: int, name: str, *, target: str) -> None:
        """Give a file another name, which must be free.

        Raises:
            FileExistsError: something has that name.
        """
        self.step("move", target)
        if not self._rename(folder, name, target, flag=_NO_REPLACE):
            os.link(name, target, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            os.unlink(name, dir_fd=folder)

    def replace(self, folder: int, name: str, *, target: str) -> None:
        """Put a file in the place of another one in one step."""
        self.step("replace", target)
        os.replace(name, target, src_dir_fd=folder, dst_dir_fd=folder)

    def link(self, folder: int, name: str, *, other: str) -> None:
        """Give a file a second name, which must be free."""
        self.step("link", other)
        os.link(name, other, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)

    def unlink(self, folder: int, name: str) -> None:
        """Take a name away."""
        self.step("unlink", name)
        os.unlink(name, dir_fd=folder)

    def mkdir(self, folder: int, name: str, *, mode: int = 0o700) -> None:
        """Make a folder; only its owner can enter it where no mode is given."""
        self.step("mkdir", name)
        os.mkdir(name, mode, dir_fd=folder)

    def rmdir(self, folder: int, name: str) -> None:
        """Take a folder away that holds nothing."""
        self.step("rmdir", name)
        os.rmdir(name, dir_fd=folder)

    def put(
        self,
        folder: int,
        name: str,
        *,
        data: bytes,
        like: Content | None = None,
        mode: int | None = None,
        sync: bool = True,
    ) -> None:
        """Make a new file with these bytes, which are on the disk when this returns, or after `sync`.

        Args:
            folder: descriptor of its folder.
            name: its name, which must be free.
            data: its bytes.
            like: a file whose owner, attributes and mode it shall have.
            mode: a mode other than that file's; without such a file, the mode that it shall have.
            sync: whether to wait for the disk; many files that are waited for together take half the time.

        Raises:
            OSError: it cannot be made, or other bytes came back than were written.
        """
        fd = self.create(folder, name)
        try:
            rest = memoryview(data)
            while rest:
                count = self.write(fd, rest)  # may write less than it was given
                if count <= 0:
                    raise OSError(errno.EIO, "nothing could be written", name)
                rest = rest[count:]
            if like is not None:
                self.dress(fd, like, mode=like.mode if mode is None else mode)
            elif mode is not None:
                self.step("dress", "")
                os.fchmod(fd, mode)
            if sync:
                self.fsync(fd)
            if os.pread(fd, len(data) + 1, 0) != data:
                raise OSError(errno.EIO, "other bytes came back than were written", name)
        finally:
            os.close(fd)

    def _rename(self, folder: int, name: str, other: str, *, flag: int) -> bool:
        import ctypes  # only a run that writes needs it

        if self._renameat2 is None:
            return False
        if self._renameat2(folder, os.fsencode(name), folder, os.fsencode(other), flag) == 0:
            return True
        number = ctypes.get_errno()
        if number in _CANNOT_RENAME:
            return False
        raise OSError(number, os.strerror(number), other)

    @cached_property
    def _renameat2(self) -> Callable[..., int] | None:
        import ctypes

        return getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)


def _give(fd: int, info: os.stat_result) -> bool:
    for owner in ((info.st_uid, info.st_gid), (-1, info.st_gid)):
        try:
            os.fchown(fd, *owner)
        except PermissionError:
            continue
        return owner[0] >= 0
    return False
