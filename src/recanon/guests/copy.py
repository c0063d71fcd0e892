"""A copy of the tree for a guest to work in, so that nothing that it does reaches the tree."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from recanon.discover import tree_files
from recanon.overlay import Overlay


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a guest works.

    Args:
        root: the copy of the tree.
        scratch: a folder beside it for temporary files.
    """

    root: Path
    scratch: Path


@contextmanager
def stage(tree: Overlay) -> Iterator[Stage]:
    """Copy what git knows of a tree or does not ignore, of whatever kind; it is gone afterwards.

    Links are not copied: they could lead back into the tree.

    Args:
        tree: the tree, with the planned texts that shall stand in the copy.
    """
    with tempfile.TemporaryDirectory(prefix="recanon-", ignore_cleanup_errors=True) as folder:
        place = Stage(
            Path(os.path.realpath(folder), tree.root.name or "tree"), Path(os.path.realpath(folder), "scratch")
        )
        place.root.mkdir()
        (place.scratch / "tmp").mkdir(parents=True)
        copy_files(tree.root, place.root, tree_files(tree.root))
        for path, data in tree.planned.items():
            (place.root / path).write_bytes(data)
        yield place


def copy_files(tree: Path, target: Path, paths: Iterable[str]) -> None:
    """Copy regular files from one folder to the same places below another one; what is no regular file is left out.

    Args:
        tree: where they are.
        target: where they shall be.
        paths: which, relative to both.
    """
    made: set[str] = set()
    for path in paths:
        source, copied = os.path.join(tree, path), os.path.join(target, path)
        folder = os.path.dirname(copied)
        if folder not in made:
            os.makedirs(folder, exist_ok=True)
            made.add(folder)
        try:
            if stat.S_ISREG(os.lstat(source).st_mode):
                shutil.copyfile(source, copied)
                shutil.copymode(source, copied)
        except OSError:  # gone meanwhile, or not to be read: then the guest does not see it
            continue
