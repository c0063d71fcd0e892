"""A regular file as it was at one instant: bytes, mode, owner, extended attributes."""

from __future__ import annotations

import errno
import os
import stat
import sys
from dataclasses import dataclass
from functools import cached_property

from recanon.disk.refusals import ONE_FILE, RefusedError
from recanon.source import digest


@dataclass(frozen=True)
class Content:
    """A regular file as it was at one instant.

    Args:
        data: its bytes.
        info: its `stat`.
        xattrs: its extended attributes.
    """

    data: bytes
    info: os.stat_result
    xattrs: tuple[tuple[str, bytes], ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return digest(self.data)

    @property
    def mode(self) -> int:
        """Permission bits, with setuid, setgid and sticky."""
        return stat.S_IMODE(self.info.st_mode)


def check_regular(info: os.stat_result) -> None:
    """See that a `stat` is that of a regular file.

    Raises:
        RefusedError: it is a link, folder, FIFO, socket or device.
    """
    if stat.S_ISLNK(info.st_mode):
        raise RefusedError(*ONE_FILE[errno.ELOOP])
    if stat.S_ISDIR(info.st_mode):
        raise RefusedError(*ONE_FILE[errno.EISDIR])
    if not stat.S_ISREG(info.st_mode):
        raise RefusedError(*ONE_FILE[errno.ENXIO])


def xattrs(fd: int) -> tuple[tuple[str, bytes], ...]:
    """Return the extended attributes of an open file; none where the system has none."""
    if sys.platform != "linux":
        return ()
    try:
        return tuple((name, os.getxattr(fd, name)) for name in os.listxattr(fd))
    except OSError as exc:
        if exc.errno != errno.EOPNOTSUPP:
            raise
        return ()  # a file system without them
