"""See whether a foreign program edits a tree: each file before and after, by its stat and its digest."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recanon.discover import tree_files
from recanon.source import digest

_LARGE = 64 << 20  # bytes; of larger files only size and time are compared


@dataclass(frozen=True, slots=True)
class Look:
    """One file at one moment.

    Args:
        stamp: what the system says of it; while this is the same, nobody has written to it.
        digest: of its bytes, or of the target of a link.
    """

    stamp: tuple[int, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Touched:
    """What became of the files of a tree between two moments.

    Args:
        edited: files with another text or mode, and those that are gone.
        made: files that were not there.
    """

    edited: tuple[str, ...] = ()
    made: tuple[str, ...] = ()


def look(root: Path, known: Mapping[str, Look]) -> dict[str, Look]:
    """Look at all files of a tree that git knows or does not ignore, whatever their kind.

    Args:
        root: the tree.
        known: an earlier look: files with the same stamp are not read again.
    """
    found: dict[str, Look] = {}
    for path in tree_files(root):
        try:
            found[path] = _look(root / path, known.get(path))
        except OSError:  # gone meanwhile, or not to be read: what cannot be seen is not there
            continue
    return found


def touched(before: Mapping[str, Look], after: Mapping[str, Look]) -> Touched:
    """Compare two looks.

    Args:
        before: the earlier one.
        after: the later one.
    """
    same = {path for path, seen in before.items() if path in after and _text(seen) == _text(after[path])}
    return Touched(tuple(sorted(before.keys() - same)), tuple(sorted(after.keys() - before.keys())))


def _look(path: Path, known: Look | None) -> Look:
    info = os.lstat(path)
    stamp = (info.st_mode, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns)
    if known is not None and known.stamp == stamp:
        return known
    if stat.S_ISLNK(info.st_mode):
        return Look(stamp, digest(os.fsencode(os.readlink(path))))
    if not stat.S_ISREG(info.st_mode):
        return Look(stamp, "")  # such as the folder of a submodule: what is in it is another tree
    if info.st_size > _LARGE:
        return Look(stamp, f"{info.st_size} {info.st_mtime_ns}")
    return Look(stamp, digest(path.read_bytes()))


def _text(seen: Look) -> tuple[int, str]:
    return seen.stamp[0], seen.digest
