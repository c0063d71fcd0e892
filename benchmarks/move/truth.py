"""What the data files say: repositories, the moves to make in them, and the sites that each move must change."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Place: TypeAlias = tuple[str, int, int]
"""A file, a line and a column, both counted from 1."""


@dataclass(frozen=True, slots=True)
class Move:
    """One move: from which full name to which, and the sites in code and in strings that it must change."""

    id: str
    kind: str
    old: str
    new: str
    definition: str
    sites: tuple[Place, ...]
    strings: tuple[tuple[Place, str], ...]

    @property
    def whole_module(self) -> bool:
        """Return whether a module or a package moves, and not a name of one."""
        return ":" not in self.definition

    @property
    def carried(self) -> bool:
        """Return whether a definition goes from one module to another."""
        return not self.whole_module and self.home != self.target

    @property
    def home(self) -> str:
        """Return the file that holds the definition, or the file of the module."""
        return self.definition.partition(":")[0]

    @property
    def target(self) -> str:
        """Return the file that should hold it afterwards."""
        if self.whole_module:
            old, new = self.old.replace(".", "/"), self.new.replace(".", "/")
            return self.home.replace(old, new, 1)
        if self.old.rpartition(".")[0] == self.new.rpartition(".")[0]:
            return self.home
        return self.new.rpartition(".")[0].replace(".", "/") + ".py"


@dataclass(frozen=True, slots=True)
class Repository:
    """A public repository at one commit, how its tests run, and the moves to make in it."""

    name: str
    what: str
    url: str
    commit: str
    requirements: tuple[str, ...]
    tests: tuple[str, ...]
    moves: tuple[Move, ...]


def place(text: str) -> Place:
    """Read a place that is written as file:line:column."""
    file, line, column = text.rsplit(":", 2)
    return file, int(line), int(column)


def move(row: dict[str, Any]) -> Move:
    """Read one move of a data file."""
    sites = tuple(place(f"{file}:{spot}") for file, spots in row["sites"].items() for spot in spots)
    strings = tuple((place(item["at"]), item["want"]) for item in row.get("strings", ()))
    return Move(row["id"], row["kind"], row["old"], row["new"], row["definition"], sites, strings)


def repositories(folder: Path) -> list[Repository]:
    """Read all data files of a folder, by name."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        row = data["repository"]
        head = (row["name"], row["what"], row["url"], row["commit"], tuple(row["requirements"]), tuple(row["tests"]))
        found.append(Repository(*head, moves=tuple(move(item) for item in data["move"])))
    return found
