"""The contract of a yardstick: a figure that the owners of a repository know, computed by their own definition.

A yardstick looks at texts, not at origins. It is shown beside what recanon resolves, so that a user recognises the
ground; what it cannot show is said in `blind`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import ClassVar, Protocol, runtime_checkable

Figures = Mapping[str, int | float]


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that a yardstick counts: where it stands, and its name or pattern.

    Args:
        path: the file, relative to the root.
        line: from 1; 0 where the file as a whole counts.
        name: what is counted there, as a person would call it.
    """

    path: str
    line: int = 0
    name: str = ""


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


@dataclass(frozen=True)
class Tally:
    """What a yardstick gives.

    Args:
        figures: by name.
        items: what is counted, by the name of the figure, where it can be told.
    """

    figures: Figures
    items: Mapping[str, Sequence[Counted]] = field(default_factory=dict)


class Yardstick(Protocol):
    """What a yardstick offers. Its id is the name of its file, with `-` for `_`."""

    title: ClassVar[str]
    published: ClassVar[Mapping[str, int | float]]
    blind: ClassVar[str]
    beside: ClassVar[Mapping[str, str]]

    def measure(self, texts: Texts) -> Tally:
        """Return the figures of a tree, at least those of `published`, and the items of those in `beside`.

        `beside` says for the name of a figure which detector looks at the same thing by resolution.
        """
        ...


@runtime_checkable
class Remarks(Yardstick, Protocol):
    """A yardstick that says in a sentence what its figures mean, computed from them."""

    def remark(self, figures: Figures) -> str:
        """Return the sentence."""
        ...
