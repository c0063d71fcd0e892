"""What the examples of a pack reach: lines and branches of its codemods, entries of its description, verdicts."""

from __future__ import annotations

import ast
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from coverage import Coverage

from recanon.codemod import Answer, Codemod, Example, Site
from recanon.pack import Pack


@dataclass(frozen=True)
class Unreached:
    """What no example reaches in one file.

    Args:
        lines: of functions.
        branches: line of a condition, and the line that it never leads to; below 0 where it never leaves the function.
    """

    lines: tuple[int, ...] = ()
    branches: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Asked:
    """One answer of a codemod: which entry of the description led to it, and its verdict, "" where it gave none."""

    codemod: str
    entry: str
    verdict: str


class Recorder:
    """A codemod that remembers what it was asked."""

    title: ClassVar[str] = ""
    examples: ClassVar[tuple[Example, ...]] = ()

    def __init__(self, name: str, codemod: Codemod, log: set[Asked]) -> None:
        self._name, self._codemod, self._log = name, codemod, log

    def answer(self, site: Site) -> Answer | None:
        """Return the answer of the codemod."""
        answer = self._codemod.answer(site)
        entry = f"[[symbol]] {site.symbol.name}" if site.symbol is not None else ""
        if not entry and site.module is not None:
            entry = f"[[module]] {site.module.path}"
        self._log.add(Asked(self._name, entry, str(answer.verdict) if answer is not None else ""))
        return answer


def recorded(pack: Pack, log: set[Asked]) -> Pack:
    """Return the pack with codemods that write what they are asked into a log."""
    return replace(pack, codemods={name: Recorder(name, codemod, log) for name, codemod in pack.codemods.items()})


def entries(pack: Pack) -> list[str]:
    """Return the entries of a description that codemods answer for, as `Asked` names them."""
    symbols = [f"[[symbol]] {symbol.name}" for symbol in pack.migration.symbols]
    return [*symbols, *(f"[[module]] {module.path}" for module in pack.migration.modules)]


@contextmanager
def measured(folder: Path, data: Path) -> Iterator[None]:
    """Measure which code of a pack runs.

    Args:
        folder: the pack.
        data: a folder for what is measured; several processes may use one.
    """
    coverage = Coverage(
        data_file=str(data / "reach"), data_suffix=True, branch=True, config_file=False, include=[f"{folder}/*.py"]
    )
    coverage.set_option("run:disable_warnings", ["no-data-collected"])
    coverage.start()
    try:
        yield
    finally:
        coverage.stop()
        coverage.save()


def unreached(folder: Path, data: Path) -> dict[str, Unreached]:
    """Return what was not reached, by file name; lines that run on import are passed over.

    Args:
        folder: the pack.
        data: what was measured.
    """
    files = {str(path): path for path in sorted(folder.glob("*.py")) if _functions(path)}
    if not files:
        return {}
    coverage = Coverage(data_file=str(data / "reach"), branch=True, config_file=False, messages=False)
    if not any(data.iterdir()):  # none of the examples ran any of it
        return {path.name: Unreached(tuple(sorted(_functions(path)))) for path in files.values()}
    coverage.combine([str(data)], keep=True)
    with tempfile.TemporaryDirectory(prefix="recanon-") as made:
        coverage.json_report(morfs=list(files), outfile=f"{made}/reach.json")
        told = json.loads(Path(made, "reach.json").read_text(encoding="utf-8"))["files"]
    found = {
        Path(name).name: _unreached(files[str(Path(name).resolve())], entry["missing_lines"], entry["missing_branches"])
        for name, entry in told.items()
    }
    return {name: rest for name, rest in found.items() if rest.lines or rest.branches}


def _unreached(path: Path, lines: list[int], branches: list[tuple[int, int]]) -> Unreached:
    inside = _functions(path)
    missed = [line for line in lines if line in inside]
    never = [(start, end) for start, end in branches if start in inside and start not in missed]
    return Unreached(tuple(missed), tuple(never))


def _functions(path: Path) -> set[int]:
    """The lines of the bodies of functions."""
    tree = ast.parse(path.read_bytes())
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {line for body in bodies for line in range(body[0].lineno, (body[-1].end_lineno or 0) + 1)}
