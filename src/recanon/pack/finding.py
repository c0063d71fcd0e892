"""Find packs: those that come with recanon, those that are installed, and those that a path names.

Looking runs no code of anybody: descriptions are read as data, and installed packages are not imported. What lies in
the working directory may be what is to be migrated, so a pack there is taken only when its path is given.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import Distribution, EntryPoint, distributions
from importlib.util import find_spec
from pathlib import Path

from recanon.errors import PackError, UsageError
from recanon.migration import is_pack_id
from recanon.pack.toml import Description, read_description
from recanon.pack.words import nearest

GROUP = "recanon.packs"
FILE = "pack.toml"
_PACKAGE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class Origin(StrEnum):
    """How a pack came here."""

    OWN = "comes with recanon"
    INSTALLED = "installed"
    NEARBY = "lies in the working directory"
    PATH = "named by path"


@dataclass(frozen=True)
class Found:
    """A pack that was found, or what stands where one should be.

    Args:
        id: its id; the name of its entry point, or its folder's, where the description cannot be read.
        origin: how it came here.
        place: where it lies, for a person.
        folder: the folder, if there is one.
        description: what it says of itself, if that can be read.
        trouble: why it cannot be used.
    """

    id: str
    origin: Origin
    place: str
    folder: Path | None = None
    description: Description | None = None
    trouble: PackError | None = None


def find_packs() -> tuple[Found, ...]:
    """Return the packs that an id names, ordered by it. One that is broken is among them, with the reason."""
    return tuple(sorted((*_own(), *_installed()), key=lambda found: (found.id, found.place)))


def find_nearby() -> tuple[Found, ...]:
    """Return the packs in `codemods/` of the working directory, which only their path names."""
    known = {found.folder.resolve() for found in _own() if found.folder is not None}
    folders = (path.parent for path in sorted(Path("codemods").glob(f"*/{FILE}")))
    return tuple(_read(folder, Origin.NEARBY, f"./{folder}") for folder in folders if folder.resolve() not in known)


def find_pack(word: str | Path) -> tuple[Description, Path]:
    """Return the description and the folder of one pack.

    Args:
        word: its id; or the path of its folder or of its `pack.toml`. A word that cannot be an id is a path, so a
            folder with the name of an id is written `./name`.

    Raises:
        UsageError: there is no such pack.
        PackError: it is broken, or two packs have this id.
    """
    if isinstance(word, Path) or not is_pack_id(word):
        return _usable(_at(Path(word)))
    known = find_packs()
    asked = [found for found in known if found.id == word]
    if not asked:
        raise UsageError(f"there is no pack {word}", _advice(word, known))
    if len(asked) > 1:
        places = " and ".join(found.place for found in asked)
        raise PackError(f"{len(asked)} packs have the id {word}: {places}", "Give the path of the one that you mean.")
    return _usable(asked[0])


def pack_folders() -> tuple[Path, ...]:
    """Return the folders that hold recanon's own packs: in the installed package, or beside a source checkout."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parents[1]
    folders = [package / "packs"]
    if (checkout / "pyproject.toml").is_file():
        folders.append(checkout / "codemods")
    return tuple(folder for folder in folders if folder.is_dir())


def _own() -> Iterator[Found]:
    for folder in pack_folders():
        for path in sorted(folder.glob(f"*/{FILE}")):
            yield _read(path.parent, Origin.OWN, str(path.parent))


def _installed() -> Iterator[Found]:
    """The working directory, where `python -m` looks too, is no place to install to."""
    here = os.path.realpath(os.getcwd())
    seen: set[str] = set()
    for distribution in distributions(path=[entry for entry in sys.path if os.path.realpath(entry or ".") != here]):
        points = _points(distribution)
        name = re.sub(r"[-_.]+", "-", str(distribution.name)).lower() if points else ""
        if name not in seen:  # one that stands earlier on the path hides those of its name
            yield from (_entry(point, distribution) for point in points)
        seen |= {name} if points else set()


def _points(distribution: Distribution) -> tuple[EntryPoint, ...]:
    """What a distribution offers as packs: nothing where the file that says so cannot be read."""
    try:
        return tuple(distribution.entry_points.select(group=GROUP))
    except (OSError, TypeError, ValueError):
        return ()


def _entry(point: EntryPoint, distribution: Distribution) -> Found:
    source = f"installed by {distribution.name} {distribution.version}"
    folder = next((place for place in _folders(point.value, distribution) if place.is_dir()), None)
    if folder is None:
        trouble = PackError(
            f"the entry point {point.name} of {distribution.name} names {point.value}, which is no package",
            f'Write it as {point.name} = "package", a package whose folder holds {FILE}.',
        )
        return Found(point.name, Origin.INSTALLED, source, trouble=trouble)
    found = _read(folder, Origin.INSTALLED, f"{source} in {folder}", point.name)
    if found.description is None or found.id == point.name:
        return found
    trouble = PackError(
        f"the entry point {point.name} of {distribution.name} leads to a pack that is called {found.id}",
        "Give both one name.",
    )
    return Found(point.name, Origin.INSTALLED, found.place, folder, trouble=trouble)


def _folders(package: str, distribution: Distribution) -> Iterator[Path]:
    """Where the folder of a package may be, without importing it: beside its metadata, or where an editable one is."""
    if not _PACKAGE.fullmatch(package):
        return
    top, *rest = package.split(".")
    yield Path(str(distribution.locate_file("/".join((top, *rest)))))
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        yield Path(place, *rest)


def _at(path: Path) -> Found:
    folder = path.parent if path.name == FILE and not path.is_dir() else path
    if not (folder / FILE).is_file():
        raise UsageError(
            f"there is no pack at {path}: no file {folder / FILE}",
            nearest(str(path), {found.id: found for found in find_packs()})
            if len(path.parts) == 1
            else f"Give the path of a folder that holds {FILE}, or the id of a pack, which `recanon packs` lists.",
        )
    return _read(folder.resolve(), Origin.PATH, str(folder))


def _read(folder: Path, origin: Origin, place: str, name: str = "") -> Found:
    try:
        description = read_description(folder / FILE)
    except PackError as exc:
        return Found(name or folder.name, origin, place, folder, trouble=exc)
    return Found(description.id, origin, place, folder, description)


def _usable(found: Found) -> tuple[Description, Path]:
    if found.trouble is not None:
        raise found.trouble
    assert found.description is not None
    assert found.folder is not None
    return found.description, found.folder


def _advice(word: str, known: Iterable[Found]) -> str:
    if Path(word, FILE).is_file():
        return f"A folder is named with a slash: --pack ./{word}"
    for found in find_nearby():
        if word in (found.id, found.place.rpartition("/")[2]):
            return f"A pack in the working directory runs only when its path is given: --pack {found.place}"
    return f"{nearest(word, {found.id: found for found in known})} Any other is named by its folder: --pack ./folder"
