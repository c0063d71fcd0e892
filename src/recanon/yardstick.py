"""The contract of a yardstick: a figure that the owners of a repository know, computed by their own definition.

A yardstick looks at texts, not at origins. It is shown beside what recanon resolves, so that a user recognises the
ground; what it cannot show is said in `blind`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar, Protocol

Figures = Mapping[str, int | float]


@dataclass(frozen=True)
class Texts:
    """The Python files of a tree as text. Files that are no UTF-8 are passed over.

    Args:
        files: text by path, relative to the root, sorted by path.
    """

    files: Mapping[str, str]

    def below(self, *folders: str) -> Iterator[tuple[str, str]]:
        """Yield path and text of the files below some folders, each file once."""
        for path, text in self.files.items():
            if any(path.startswith(f"{folder}/") for folder in folders):
                yield path, text

    @staticmethod
    def name(path: str) -> str:
        """Return the name of a file without its folders."""
        return PurePosixPath(path).name


class Yardstick(Protocol):
    """What a yardstick offers. Its id is the name of its file, with `-` for `_`."""

    title: ClassVar[str]
    published: ClassVar[Mapping[str, int | float]]
    blind: ClassVar[str]

    def measure(self, texts: Texts) -> Figures:
        """Return the figures of a tree, by name; `published` has the same names."""
        ...
