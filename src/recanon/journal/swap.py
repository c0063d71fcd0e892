"""Temporary files beside their targets, and what to do when a stranger's text turns up in one."""

from __future__ import annotations

import os
from itertools import count

from recanon.disk import Content, FileSystem, RefusedError


def temp_name(run: str, seq: int, use: str = "new") -> str:
    """Return the name of a temporary file: known from the journal alone, so that a crash leaves none unfound."""
    return f".recanon-{run}-{seq}-{use}.tmp"


def fingerprint(files: FileSystem, folder: int, name: str) -> str:
    """Return the digest of a file, or what else identifies the thing of that name; "" where there is none."""
    try:
        return files.read(folder, name).digest
    except FileNotFoundError:
        return ""
    except (RefusedError, PermissionError):
        info = os.stat(name, dir_fd=folder, follow_symlinks=False)
        return f"inode {info.st_dev}:{info.st_ino}"


def confirm(files: FileSystem, folder: int, name: str, temp: str, texts: tuple[str, str]) -> None:
    """See that the text which came out of an exchange is the one of the plan; give any other back.

    Args:
        files: the operations.
        folder: descriptor of the folder.
        name: the target, which now holds the text after.
        temp: the temporary name, which now holds what stood in the target.
        texts: digests before and after.

    Raises:
        RefusedError: it was a stranger's; the target holds it again.
    """
    before, after = texts
    came = fingerprint(files, folder, temp)
    if came in (before, ""):
        return
    seen = {after}
    # Each exchange shows what it took out. A text never seen before is newer than all the others, and goes back in.
    while came not in seen:
        seen.add(came)
        files.exchange(folder, temp, name)
        came = fingerprint(files, folder, temp)
    raise RefusedError("it changed while it was being written", "Its newer text stands. Plan again.")


def keep_beside(files: FileSystem, folder: int, name: str, content: Content, temp: str) -> str:
    """Keep a text beside its file as `<name>.recanon-edited[-N]`, and return that name. No file is overwritten."""
    for number in count(1):
        kept = f"{name}.recanon-edited" + (f"-{number}" if number > 1 else "")
        found = fingerprint(files, folder, kept)
        if found == content.digest:
            return kept
        if not found:
            break
    files.put(folder, temp, content.data, like=content)
    files.link(folder, temp, kept)
    files.unlink(folder, temp)
    return kept


def drop(files: FileSystem, folder: int, temp: str) -> None:
    """Take a temporary file away, where there is one."""
    try:
        files.unlink(folder, temp)
    except (FileNotFoundError, IsADirectoryError):
        return
