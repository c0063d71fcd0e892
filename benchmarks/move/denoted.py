"""What names denote after a move, as jedi sees it."""

from __future__ import annotations

import ast
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.move.align import Spot, tokens
from benchmarks.move.truth import Move, Place

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Jedi:
    """Asks jedi about a tree, and knows what should be denoted after a move."""

    python: Path
    environment: Path
    tree: Path
    move: Move

    def ask(self, places: list[Place]) -> list[list[list[str]]]:
        """Return for each place what it denotes: rows of file, type and name."""
        if not places:
            return []
        command = [str(self.python), str(HERE / "denote.py"), str(self.tree), str(self.environment)]
        done = subprocess.run(command, input=json.dumps(places), capture_output=True, text=True, check=True)
        answers: list[list[list[str]]] = json.loads(done.stdout)
        return answers

    def is_new(self, answers: list[list[str]]) -> bool:
        """Return whether something is denoted that stands where it should after the move."""
        leaf = self.move.new.rpartition(".")[2]
        here = [name for file, _, name in answers if file == self.move.target]
        return bool(here) if self.move.whole_module else leaf in here


def definition(path: Path, name: str) -> ast.stmt | None:
    """Return the function or class of a name at the top of a file."""
    if not path.is_file():
        return None
    body = ast.parse(path.read_bytes()).body
    return next((node for node in body if getattr(node, "name", "") == name), None)


def lines_of(node: ast.stmt) -> range:
    """Return the lines of a definition, its decorators too."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return range(min([node.lineno, *(item.lineno for item in decorators)]), (node.end_lineno or node.lineno) + 1)


def inside(tree: Path, move: Move, at: Place) -> bool:
    """Return whether a place lies in the definition that moves."""
    node = definition(tree / move.home, move.old.rpartition(".")[2])
    return at[0] == move.home and node is not None and at[1] in lines_of(node)


def names_inside(path: Path, move: Move) -> list[Spot]:
    """Return where the new name stands in its own definition, as a name."""
    leaf = move.new.rpartition(".")[2]
    node = definition(path, leaf)
    if node is None:
        return []
    lines = lines_of(node)
    spelled = (item.spot for item in tokens(path.read_text(encoding="utf-8")) if item.text == leaf)
    return [spot for spot in spelled if spot[0] in lines]
