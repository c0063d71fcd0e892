"""The tree as it would be: planned bytes over the bytes on disk."""

from __future__ import annotations

import hashlib
import os
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from recanon.errors import MovedError


@dataclass(frozen=True)
class Overlay:
    """A read-only view of a tree.

    Args:
        root: the folder.
        files: its Python files, relative to the root.
        planned: bytes that stand in the place of those on disk, by path.
    """

    root: Path
    files: tuple[str, ...]
    planned: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file as they would be.

        Raises:
            OSError: the file cannot be read.
        """
        if path in self.planned:
            return self.planned[path]
        with open(os.path.join(self.root, path), "rb", buffering=0) as file:
            return file.readall()

    @property
    def noted(self) -> Sequence[str]:
        """The files that were read, where it is of interest; in the order in which they were."""
        return ()

    def over(self, planned: Mapping[str, bytes]) -> Overlay:
        """Return the same tree with more planned bytes over it."""
        return Overlay(self.root, self.files, laid_over(self.planned, planned))


@dataclass(frozen=True)
class CheckedOverlay(Overlay):
    """A tree of which it is known what bytes its files had; one that has others meanwhile is noticed when it is read.

    Args:
        digests: SHA-256 of the files, by path; of one that is not among them anything is believed.
    """

    digests: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, which must be those of the digest.

        Raises:
            OSError: the file cannot be read.
            MovedError: it has other bytes by now.
        """
        data = Overlay.read(self, path)
        if path not in self.planned and self._is_other(path, data):
            raise MovedError(f"{path} changed while the tree was read", "Run it again when nothing is written.")
        return data

    def _is_other(self, path: str, data: bytes) -> bool:
        return path in self.digests and self.digests[path] != hashlib.sha256(data).digest()

    def over(self, planned: Mapping[str, bytes]) -> CheckedOverlay:
        """Return the same tree with more planned bytes over it."""
        return CheckedOverlay(self.root, self.files, laid_over(self.planned, planned), self.digests)


@dataclass(frozen=True)
class WatchedOverlay(CheckedOverlay):
    """A checked tree that notes what was read.

    Args:
        texts: what was read; each file is read once.
    """

    texts: dict[str, bytes] = field(default_factory=dict)

    @property
    def noted(self) -> Sequence[str]:
        """The files that were read."""
        return tuple(self.texts)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, which must be those of the digest.

        Raises:
            OSError: the file cannot be read.
            MovedError: it has other bytes by now.
        """
        if path not in self.texts:
            self.texts[path] = CheckedOverlay.read(self, path)
        return self.texts[path]


def laid_over(texts: Mapping[str, bytes], others: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return texts with others in their place; none is copied.

    Args:
        texts: by path.
        others: by path; neither may change afterwards.
    """
    return ChainMap(cast("dict[str, bytes]", others), cast("dict[str, bytes]", texts)) if texts else others
