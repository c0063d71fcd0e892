"""Names that differ in case or in Unicode form alone: some file systems take two such names for one."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from recanon.errors import UsageError

Listing = Callable[[str], Iterable[str]]
"""Called with a folder, relative to the root; returns the names in it."""


def check_created(listing: Listing, created: Iterable[str], leaving: Iterable[str] = ()) -> None:
    """Refuse files that are created under a name that another has in all but case or Unicode form.

    Of files that stand already, two may have such names: their file system tells them apart.

    Args:
        listing: the names that stand in a folder.
        created: the files that are created.
        leaving: files that go, which are in nobody's way.

    Raises:
        UsageError: a created file, or a folder above it, has such a name.
    """
    gone = frozenset(leaving)
    names: dict[str, dict[str, set[str]]] = {}
    for path in created:
        folder = ""
        for name in path.split("/"):
            if folder not in names:
                names[folder] = _by_fold(there for there in listing(folder) if _below(folder, there) not in gone)
            alike = names[folder].setdefault(_folded(name), {name})
            if name not in alike:
                raise _collision(path, _below(folder, name), _below(folder, min(alike)))
            folder = _below(folder, name)


def _by_fold(names: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in names:
        found.setdefault(_folded(name), set()).add(name)
    return found


def names_below(root: Path) -> Listing:
    """Return what lists the folders of a tree; one that is not there or cannot be read has no names."""

    def listing(folder: str) -> Iterable[str]:
        try:
            return os.listdir(root / folder)
        except (OSError, ValueError):  # ValueError: no file can have the name
            return ()

    return listing


def _below(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _collision(path: str, name: str, other: str) -> UsageError:
    return UsageError(
        f"{path!a} cannot be created: {name!a} and {other!a} differ in case or Unicode form alone, and some file "
        "systems take them for one file",
        "Choose another name, or take the other file away first.",
    )
