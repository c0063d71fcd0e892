"""The tree that a move is planned for: its program, and the exact names of the files that matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from recanon.errors import SourceError, UsageError
from recanon.index.facts import FileFacts
from recanon.index.reader import parse
from recanon.move.namer import read_names
from recanon.move.names import Names
from recanon.resolve.names import module_name
from recanon.resolve.program import Program
from recanon.scan import Scan
from recanon.source import Source


@dataclass(frozen=True)
class File:
    """A file that was read in full.

    Args:
        path, module: the file and its dotted name.
        source: its text.
        names: all of its names.
        facts: what the index says of it; None where it holds no word that is looked for.
    """

    path: str
    module: str
    source: Source
    names: Names
    facts: FileFacts | None

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.module if self.is_package else self.module.rpartition(".")[0]

    @property
    def is_package(self) -> bool:
        """Whether it is a package's `__init__`."""
        return self.path.rpartition("/")[2] == "__init__.py"


@dataclass
class World:
    """The tree as it is, or as it would be.

    Args:
        program: the whole program.
        read: the candidate files.
        words: the names that matter; None where every candidate does.
        _files: those that were read in full.
    """

    program: Program
    read: Scan
    words: frozenset[str] | None = None
    _files: dict[str, File | None] = field(default_factory=dict)

    def file(self, path: str) -> File | None:
        """Return a file with its names, or None when it cannot be read.

        Raises:
            UsageError: it is nested so deep that following its names would overflow.
        """
        if path not in self._files:
            self._files[path] = self._file(path)
        return self._files[path]

    def known(self, without: set[str]) -> dict[str, File | None]:
        """Return the files that were read, some left out."""
        return {path: file for path, file in self._files.items() if path not in without}

    def of_module(self, module: str) -> File | None:
        """Return the file of a module, or None when it has none that can be read."""
        path = self.program.modules.paths.get(module)
        return self.file(path) if path is not None else None

    def candidates(self) -> Iterator[File]:
        """Yield the candidate files that matter and can be read, in the order of their paths."""
        for path, facts in self.read.facts.items():
            if self.matters(facts) and (found := self.file(path)):
                yield found

    def matters(self, facts: FileFacts) -> bool:
        """Return whether a candidate file holds one of the names, or may do so through `import *`."""
        words = self.words
        return words is None or bool(facts.module_facts.stars) or any(m.word in words for m in facts.mentions)

    def _file(self, path: str) -> File | None:
        module = module_name(path, "src/__init__.py" not in self.program.overlay.files)
        try:
            source = Source.decode(path, self.program.overlay.read(path))
            names = read_names(source, parse(source), module, self.program.modules.is_package(path))
        except (SourceError, OSError):
            return None
        except RecursionError as exc:
            raise UsageError(f"{path} is nested too deep to be followed", "Take long chains in it apart.") from exc
        return File(path, module, source, names, self.read.facts.get(path))
