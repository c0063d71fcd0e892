"""Run a Bowler query as a function from text to text: none of its prompts, processes and patches is used."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from recanon.engines.foreign import DeclinedError, Rewritten, installed
from recanon.errors import SourceError, UsageError
from recanon.source import Source

if TYPE_CHECKING:
    from bowler import Query

_PARAMETERS = "A query is a Query, or a function without parameters that returns one and does not execute it."


class BowlerQuery:
    """A query, ready to run on the files of a tree.

    Args:
        file: the file that holds it.
        name: its name there: a `Query`, or a function that returns one.
        root: the tree.

    Raises:
        UsageError: Bowler is not installed, there is no such query, or it does what a function of a text cannot.
    """

    def __init__(self, file: Path, name: str, root: Path) -> None:
        installed("bowler", "bowler")
        from bowler.tool import BowlerTool

        self.root = root
        self.query = load_query(file, name)
        options = {"print_function": True} if self.query.python_version == 3 else {}
        self.tool = BowlerTool(self.query.compile(), interactive=False, write=False, silent=True, options=options)
        self.errors: list[str] = []
        self.tool.log_error = lambda message, *values, **_: self.errors.append(message % values)

    def __call__(self, path: str, data: bytes) -> Rewritten:
        """Run it on one file.

        Raises:
            DeclinedError: Bowler cannot read the file, or would not give it back as it is.
        """
        matcher = self.query.filename_matcher
        if matcher is not None and not matcher(str(self.root / path)):
            raise DeclinedError("the query itself leaves out files of this name")
        try:
            source = Source.decode(path, data)
        except SourceError as exc:
            raise DeclinedError(exc.message) from exc
        text = source.text if source.text.endswith("\n") else source.text + "\n"
        after = self._refactored(text, path)
        if not source.text.endswith("\n"):
            after = after.removesuffix("\n")
        return Rewritten(source.encode(after))

    def _refactored(self, text: str, path: str) -> str:
        self.errors.clear()
        tree = self.tool.refactor_string(text, path)
        if tree is None:
            reason = next(iter(self.errors), "").removeprefix(f"Can't parse {path}: ")
            raise DeclinedError(f"Bowler cannot read this syntax: {' '.join(reason.split())}")
        if not tree.was_changed:
            return text
        if str(self.tool.driver.parse_string(text)) != text:
            raise DeclinedError("Bowler would not give back the very same text")
        return str(tree)


def load_query(file: Path, name: str) -> Query:
    """Load a query from a file.

    Raises:
        UsageError: there is no such file or name, or what is there is no query that can be run on a text.
    """
    from bowler import Query

    found = getattr(_module(file), name, None)
    if found is None:
        raise UsageError(f"{file} has no {name}", _PARAMETERS)
    if not isinstance(found, Query):
        if not callable(found):
            raise UsageError(f"{name} of {file} is no query", _PARAMETERS)
        found = found()
    if not isinstance(found, Query):
        raise UsageError(f"{name} of {file} returns no query", _PARAMETERS)
    if found.processors:
        raise UsageError(
            f"{name} of {file} decides about single hunks (`process`), which works on files alone",
            "Put the condition into a filter.",
        )
    return found


def _module(file: Path) -> ModuleType:
    if not file.is_file():
        raise UsageError(f"{file} is not there", "Write it as bowler:file.py:query.")
    spec = importlib.util.spec_from_file_location(f"recanon_guest_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise UsageError(f"{file} is no Python file", "Write it as bowler:file.py:query.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # as for any import: dataclasses and pickles look there
    spec.loader.exec_module(module)
    return module
