"""Changes that a tool made where no site is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from benchmarks.move.align import Alignment, Token
from benchmarks.move.denoted import lines_of
from benchmarks.move.truth import Move


def excused(tree: ast.Module, move: Move, file: str) -> Iterator[range]:
    """Yield the lines that may change though no site is there: imports, an `if` around them, a carried definition."""
    for node in ast.walk(tree):
        guards = isinstance(node, ast.If) and all(isinstance(item, ast.Import | ast.ImportFrom) for item in node.body)
        if isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, ast.If) and guards):
            yield range(node.lineno, (node.end_lineno or node.lineno) + 1)
    if move.carried and file in {move.home, move.target}:
        leaf = move.old.rpartition(".")[2]
        yield from (lines_of(node) for node in tree.body if getattr(node, "name", "") == leaf)


def beside(found: Alignment, texts: tuple[str, str], move: Move, file: str) -> list[str]:
    """Return the changes of a file that are neither at a site nor excused."""
    old, new = (list(excused(ast.parse(text), move, file)) for text in texts)
    kept = []
    for gone, come in found.stray:
        rest = [item for item in gone if not any(item.spot[0] in lines for lines in old)]
        more = [item for item in come if not any(item.spot[0] in lines for lines in new)]
        if rest or more:
            line = (rest or more)[0].spot[0]
            kept.append(f"{file}:{line}: {shown(rest)!r} -> {shown(more)!r}")
    return kept


def shown(run: list[Token]) -> str:
    """Return some tokens as short text."""
    text = " ".join(item.text for item in run)
    return text if len(text) < 60 else f"{text[:57]}..."
