"""Files that cannot be worked on, and which errors of the system say so of one file alone."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from recanon.errors import RecanonError

_PLAN_AGAIN = "Plan again."
# Errors that say something about one file; all others (no space, bad disk) stop the run.
ONE_FILE = {
    errno.ENOENT: ("it is gone", _PLAN_AGAIN),
    errno.EEXIST: ("something stands in its place", _PLAN_AGAIN),
    errno.ENOTDIR: ("a part of its path is a symbolic link or no folder", _PLAN_AGAIN),
    errno.ELOOP: ("it is a symbolic link", "Name the file that the link points to."),
    errno.EISDIR: ("it is a folder", _PLAN_AGAIN),
    errno.ENXIO: ("it is no regular file", _PLAN_AGAIN),
    errno.EACCES: ("the system does not allow it", "Look at the modes of the file and of its folder."),
    errno.EPERM: ("the system does not allow it", "Look at the owner and the attributes of the file."),
    errno.EROFS: ("it lies on a read-only file system", "Mount it for writing."),
    errno.ENAMETOOLONG: ("its name is too long", "Shorten the name."),
    errno.EXDEV: ("it is a mount point of its own", "Work on the mounted file by its own path."),
    errno.EBUSY: ("the system holds it busy", "Try again later."),
}


class RefusedError(RecanonError):
    """One file cannot be worked on, and stands as it was; the others go on."""


class GoneError(RefusedError):
    """The file, or a folder on the way to it, is not there."""


@contextmanager
def one_file() -> Iterator[None]:
    """Turn an error that concerns one file into its refusal; let others (no space, a bad disk) through."""
    try:
        yield
    except OSError as exc:
        if exc.errno not in ONE_FILE:
            raise
        kind = GoneError if exc.errno == errno.ENOENT else RefusedError
        raise kind(*ONE_FILE[exc.errno]) from exc
