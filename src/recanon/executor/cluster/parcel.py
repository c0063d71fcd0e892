"""What travels to a cluster: some work with all that it needs to know of the program, but no tree.

The texts of the tree stay behind. Those of the files that are worked on go along, and any other is asked for by name.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import cloudpickle

from recanon.overlay import Overlay, laid_over

PACKS = "recanon_pack_"  # packs are loaded as packages of such names
_SHELF = "shelf"
_NOWHERE = Path(os.devnull, "tree")  # nothing can be read there


class NotHereError(BaseException):
    """The text of a file was not sent. Nobody but whoever sends texts may take it for an answer, hence no Exception."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """In the place of a text: why the file cannot be read (errno, and what it says)."""

    number: int
    reason: str


@dataclass
class Shelf:
    """The texts that were sent.

    Args:
        texts: by path, as they are on the disk.
        asked: files that were asked for and are not here.
    """

    texts: dict[str, bytes | Unreadable] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def read(self, path: str) -> bytes:
        """Return the text of a file.

        Raises:
            NotHereError: it was not sent.
            OSError: it cannot be read.
        """
        text = self.texts.get(path)
        if text is None:
            self.asked.add(path)
            raise NotHereError(path)
        if isinstance(text, Unreadable):
            raise OSError(text.number, text.reason, path)
        return text


@dataclass(frozen=True)
class SentOverlay(Overlay):
    """A tree of which some texts are on a shelf, and the others elsewhere."""

    shelf: Shelf = field(default_factory=Shelf)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file as they would be.

        Raises:
            NotHereError: they were not sent.
            OSError: the file cannot be read.
        """
        return self.planned[path] if path in self.planned else self.shelf.read(path)

    def over(self, planned: Mapping[str, bytes]) -> SentOverlay:
        """Return the same tree with more planned bytes over it."""
        return SentOverlay(self.root, self.files, laid_over(self.planned, planned), self.shelf)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Some work, ready to travel.

    Args:
        packs: the code of the loaded packs: by name of the package, the bytes of its files by their path in it.
        body: the work and what its results may refer to, as a pickle.
    """

    packs: dict[str, dict[str, bytes]]
    body: bytes

    def open(self, shelf: Shelf, folder: Path) -> tuple[Callable[[Any], Any], Sequence[object]]:
        """Unpack it. The code of the packs can be imported from then on.

        Args:
            shelf: where the work finds texts.
            folder: where the code of the packs is laid down; empty, and its own.

        Returns:
            The work, and what its results may refer to.
        """
        for number, (name, files) in enumerate(self.packs.items()):
            _lay_down(name, files, folder / str(number))
        work, shared = _Unpacker(io.BytesIO(self.body), shelf).load()
        return work, shared


@dataclass(frozen=True)
class Packed:
    """A parcel, and the trees that the work in it reads.

    Args:
        parcel: it.
        trees: those trees, as they stand here.
    """

    parcel: Parcel
    trees: tuple[Overlay, ...]


def pack(work: Callable[[Any], Any], shared: Sequence[object]) -> Packed:
    """Pack some work.

    Args:
        work: makes the result of an item.
        shared: what results may refer to.
    """
    into = io.BytesIO()
    packer = _Packer(into)
    packer.dump((work, tuple(shared)))
    return Packed(Parcel(dict(_packs()), into.getvalue()), tuple(packer.trees))


class _Packer(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle has no types
    """Leaves the disk behind: a tree is packed without it."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.trees: list[Overlay] = []

    def persistent_id(self, obj: object) -> str | None:
        return _SHELF if isinstance(obj, _Shelved) else None

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Overlay):
            self.trees.append(obj)
            return SentOverlay, (_NOWHERE, obj.files, dict(obj.planned), _Shelved())
        return super().reducer_override(obj)


class _Shelved:
    """Stands for the shelf until it is unpacked."""


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, shelf: Shelf) -> None:
        super().__init__(file)
        self._shelf = shelf

    def persistent_load(self, pid: str) -> Shelf:
        return self._shelf


def _packs() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield the code of all packs that are loaded in this process."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith(PACKS) and "." not in name:
            for place in module.__path__:
                folder = Path(place)
                yield name, {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*.py"))}


def _lay_down(name: str, files: Mapping[str, bytes], folder: Path) -> None:
    """Make the code of a pack a package that can be imported."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    sys.modules[name] = package = ModuleType(name)
    package.__path__ = [str(folder)]
