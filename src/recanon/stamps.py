"""Know what files hold without reading those that nobody has written to since they were read.

A file that is written to gets another time of change (`st_ctime`, inode(7)), which no program can set. Where it is too
young, another write in the same tick of the clock would not show: git calls such a file racy, and reads it again.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Stamp = tuple[int, ...]
_TICK = 2 * 10**9  # nanoseconds: no clock of a file system that is in use is coarser


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was read.

    Args:
        stamp: what the system said of it right before.
        digest: SHA-256 of its bytes.
    """

    stamp: Stamp
    digest: bytes


@dataclass(frozen=True, slots=True)
class Glance:
    """What the system says of files at one moment; none of them is read for it.

    Args:
        taken: nanoseconds since the epoch, before the first of them was looked at.
        stamps: by path; of regular files alone.
        digests: SHA-256 of those that have not been written to since they were read.
    """

    taken: int = 0
    stamps: Mapping[str, Stamp] = field(default_factory=dict)
    digests: Mapping[str, bytes] = field(default_factory=dict)


def glance_at(root: Path, files: Iterable[str], known: Mapping[str, Seen]) -> Glance:
    """Look at files.

    Args:
        root: the tree.
        files: relative to it.
        known: files as they were read earlier.
    """
    taken = time.time_ns()
    base = os.path.join(root, "")
    stamps: dict[str, Stamp] = {}
    for path in files:
        try:
            info = os.lstat(base + path)
        except OSError:
            continue
        if stat.S_ISREG(info.st_mode):
            stamps[path] = (info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns)
    same = {path: known[path].digest for path, stamp in stamps.items() if path in known and known[path].stamp == stamp}
    return Glance(taken, stamps, same)


def to_remember(glance: Glance, digests: Mapping[str, bytes]) -> dict[str, Seen]:
    """Return files as they were read, but those whose next write might not show.

    Args:
        glance: at these files, before they were read.
        digests: SHA-256 of what was read.
    """
    return {
        path: Seen(stamp, digests[path])
        for path, stamp in glance.stamps.items()
        if path in digests and stamp[-1] + _TICK <= glance.taken
    }
