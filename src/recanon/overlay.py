"""The tree as it would be: planned bytes over the bytes on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


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
        return (self.root / path).read_bytes()

    @property
    def noted(self) -> Sequence[str]:
        """The files that were read, where it is of interest; in the order in which they were."""
        return ()

    def over(self, planned: Mapping[str, bytes]) -> Overlay:
        """Return the same tree with more planned bytes over it."""
        return Overlay(self.root, self.files, {**self.planned, **planned})
