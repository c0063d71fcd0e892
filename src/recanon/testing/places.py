"""Where an example stands in the text of its pack."""

from __future__ import annotations

import ast
from pathlib import Path

from recanon.pack import Pack
from recanon.pack.examples import FILE as EXAMPLES


def file_of(pack: Pack, codemod: str) -> Path:
    """Return the file of a codemod; `pack.toml` for one that is described there."""
    path = pack.folder / f"{codemod.replace('-', '_')}.py"
    return path if path.is_file() else pack.folder / "pack.toml"


def line_of(pack: Pack, codemod: str, title: str) -> str:
    """Return `file:line` of an example, or the file where its title is not written out."""
    path = file_of(pack, codemod)
    if path.suffix != ".py":
        path = next((other for other in (pack.folder / EXAMPLES, path) if other.is_file()), path)
    text = path.read_text(encoding="utf-8")
    line = _in_python(text, title) if path.suffix == ".py" else _in_text(text, title)
    return f"{path}:{line}" if line else str(path)


def _in_python(text: str, title: str) -> int:
    constants = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and node.value == title)
    return next((node.lineno for node in constants), 0)


def _in_text(text: str, title: str) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if title in line), 0)
