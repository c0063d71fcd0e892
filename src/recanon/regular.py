"""Read a file that somebody else may have put there: a regular one of bounded size, so that reading comes to an end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MOST = 64 << 20
"""Bytes of a file that a person, or recanon for one, wrote: a plan, a baseline, a pack's description."""


def read_regular(path: Path, most: int = MOST) -> bytes:
    """Return the bytes of a file.

    Args:
        path: the file; a link to one counts as one.
        most: bytes that it may hold.

    Raises:
        OSError: it cannot be read, is a FIFO, a socket or a device, or is larger.
    """
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a FIFO without a writer would be waited for
    with os.fdopen(fd, "rb") as stream:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        if info.st_size > most:
            raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
        return stream.read(most + 1)[:most]
