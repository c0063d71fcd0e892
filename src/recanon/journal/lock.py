"""One run at a time: a lock that dies with the process that holds it."""

from __future__ import annotations

import fcntl
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from recanon.disk import FileSystem
from recanon.errors import JournalError

LOCK = "lock"
_LONGEST = 200


@contextmanager
def hold(files: FileSystem, folder: int, *, run: str) -> Iterator[None]:
    """Hold the lock of a state folder during the block.

    `flock` needs no clean-up after a crash: the system frees it. A leftover file says nothing, only a held lock does.

    Raises:
        JournalError: another run holds it; the message names its process, host and run.
    """
    fd = files.open_lock(folder, LOCK)
    try:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode) or info.st_uid != os.geteuid():
            raise JournalError("The lock in .recanon/ is not a file of yours", "Look at it, and remove it.")
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise JournalError(
                f"Another run works on this tree: {_holder(fd)}", "Wait until it has ended, or end that process."
            ) from exc
        files.truncate(fd)
        files.write(fd, memoryview(f"pid {os.getpid()}, host {socket.gethostname()}, run {run}".encode()))
        yield
    finally:
        os.close(fd)


def _holder(fd: int) -> str:
    text = os.pread(fd, _LONGEST, 0).decode("ascii", "replace")
    return "".join(char if char.isprintable() else "?" for char in text) or "a process that has just begun"
