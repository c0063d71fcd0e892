"""Files whose text git could not give back: changed or staged since the last commit, or unknown to it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from recanon.errors import UsageError
from recanon.git import run_git
from recanon.regular import read_regular
from recanon.runs import written_digests
from recanon.source import digest

_STATUS = ("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all")


def uncommitted(root: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of some files that git could not give back as they stand.

    A file that holds what a run of recanon wrote is none of them, committed or not: its text before is in the journal.
    Nor is one that git ignores, or where there is no git. No command of the repository is run.

    Args:
        root: the root of the tree.
        paths: files relative to it.

    Raises:
        JournalError: the journal of the tree cannot be used.
        UsageError: the tree is one of git, which cannot tell.
    """
    changed = _changed(root)
    found = sorted(changed.intersection(paths))
    own = written_digests(root) if found else {}
    return tuple(path for path in found if _digest(root / path) not in own.get(path, ()))


def _digest(file: Path) -> str:
    try:
        return digest(read_regular(file))
    except OSError:  # gone or not to be read: the run itself says so
        return ""


def _changed(root: Path) -> set[str]:
    """Return what git says is not as in the last commit, relative to the root; nothing where git has no say."""
    prefix = run_git(root, "rev-parse", "--show-prefix")
    if prefix is None:
        return set()
    listed = run_git(root, *_STATUS, "--", ".")
    if listed is None:
        raise UsageError(
            "git cannot say which files have changes that are not committed", "Say --allow-dirty to write."
        )
    start = prefix.removesuffix(b"\n")
    entries = (entry for entry in listed.split(b"\0") if entry)
    return {os.fsdecode(entry[3:].removeprefix(start)) for entry in entries}
