"""Read which repositories there are, and what is to be done with them: `fleet.toml`."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from recanon.errors import UsageError
from recanon.regular import read_regular

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Word = Annotated[str, msgspec.Meta(min_length=1)]


class _Repository(msgspec.Struct, forbid_unknown_fields=True):
    path: Word
    name: str = ""
    exclude: list[Word] = []
    set: list[Word] = []


class _Fleet(msgspec.Struct, forbid_unknown_fields=True):
    pack: Word
    repository: Annotated[list[_Repository], msgspec.Meta(min_length=1)]
    include: Annotated[str, msgspec.Meta(pattern="^(review)?$")] = ""
    phases: list[Word] = []
    exclude: list[Word] = []
    set: list[Word] = []


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository.

    Args:
        name: its name in this fleet; the name of its folder among the results as well.
        path: its root, in full.
        exclude: patterns of files that are left alone.
        options: of the pack, each as `KEY=VALUE`.
    """

    name: str
    path: Path
    exclude: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fleet:
    """The repositories, and the migration that they go through.

    Args:
        pack: the id of the pack, or its path in full.
        repositories: in the order of the file.
        review: whether rewrites are taken that need a person's eye.
        phases: those that run; empty means those that run by default.
    """

    pack: str
    repositories: tuple[Repository, ...]
    review: bool = False
    phases: tuple[str, ...] = ()


def read_fleet(path: Path) -> Fleet:
    """Read the description of a fleet. Paths in it are relative to its folder.

    Args:
        path: the file.

    Raises:
        UsageError: it cannot be read, or something in it is wrong.
    """
    try:
        said = msgspec.convert(tomllib.loads(read_regular(path).decode("utf-8")), _Fleet)
    except (OSError, ValueError, RecursionError) as exc:  # what msgspec and tomllib raise are values that are wrong
        raise UsageError(f"{path} cannot be read: {exc}", "`recanon fleet --help` shows one.") from exc
    folder = path.resolve().parent
    found = tuple(_repository(item, said, folder) for item in said.repository)
    for name, count in Counter(item.name for item in found).items():
        if count > 1:
            raise UsageError(f"{path}: {count} repositories are called {name}", "Give each a `name` of its own.")
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{path}: {name!a} cannot be the name of a folder", "Give it a `name` of letters, digits and hyphens."
            )
    pack = str(folder / said.pack) if "/" in said.pack else said.pack
    return Fleet(pack, found, said.include == "review", tuple(said.phases))


def _repository(item: _Repository, fleet: _Fleet, folder: Path) -> Repository:
    root = (folder / Path(item.path).expanduser()).resolve()
    return Repository(item.name or root.name, root, (*fleet.exclude, *item.exclude), (*fleet.set, *item.set))
