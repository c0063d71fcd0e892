"""A tree before and after a move."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from benchmarks.move.truth import Move


@dataclass(frozen=True, slots=True)
class Trees:
    """A tree before and after a move; laid where the tool made no definition and one was put there for the judge."""

    before: Path
    after: Path
    laid: bool

    def later(self, file: str, move: Move) -> str | None:
        """Return where a file lies after the move, or None where it is gone."""
        moved = file
        if move.whole_module and file == move.home:
            moved = move.target
        elif move.whole_module and move.home.endswith("__init__.py"):
            old, new = Path(move.home).parent, Path(move.target).parent
            moved = str(new / Path(file).relative_to(old)) if Path(file).is_relative_to(old) else file
        return next((name for name in (moved, file) if (self.after / name).is_file()), None)


def defines(path: Path, name: str) -> bool:
    """Return whether a file defines a name at its top: a function, a class or a value."""
    if not path.is_file():
        return False
    for node in ast.parse(path.read_bytes()).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if getattr(node, "name", "") == name or name in {getattr(item, "id", "") for item in targets}:
            return True
    return False


def stand_in(after: Path, move: Move) -> bool:
    """Lay a definition where a tool left none, so that the uses which it changed can be judged.

    Returns:
        Whether one had to be laid.
    """
    target, home = after / move.target, after / move.home
    leaf = move.new.rpartition(".")[2]
    if target.exists() if move.whole_module else defines(target, leaf):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    if not move.whole_module:
        old = target.read_text(encoding="utf-8") if target.exists() else ""
        target.write_text(f"{old}\n\nclass {leaf}:\n    pass\n", encoding="utf-8")
    elif target.name == "__init__.py":
        for path in home.parent.glob("*.py"):
            (target.parent / path.name).write_bytes(path.read_bytes())
    else:
        target.write_bytes(home.read_bytes())
    return True
