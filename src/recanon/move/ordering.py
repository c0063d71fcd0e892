"""An `__all__` that was in order stays in order when one of its names changes."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from recanon.edit import Edit, Span
from recanon.index.nodes import node_span
from recanon.source import Source

Key: TypeAlias = Callable[[str], object]


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", name)]


def _kinds(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Constants, then classes, then all others, as isort sorts names."""
    bare = name.lstrip("_")
    rank = 0 if bare.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2
    return rank, _natural(name)


_ORDERS: tuple[Key, ...] = (str, str.casefold, _kinds, _natural)


def export_edits(source: Source, tree: ast.Module, entry: Span, new: str) -> list[Edit]:
    """Return the edits that give an entry of `__all__` another name, and its place in the order that there was.

    Args:
        source: the file.
        tree: its syntax tree.
        entry: the entry, with its quotes.
        new: its new name.
    """
    inner = Span(entry.start + 1, entry.end - 1)
    alone = [Edit(inner, source.cut(inner), new, "export")]
    spans = _entries(source, tree, entry)
    old = [source.cut(span) for span in spans]
    named = [text[0] + new + text[-1] if span == entry else text for span, text in zip(spans, old, strict=True)]
    key = _order(old, named)
    if key is None:
        return alone
    ordered = sorted(named, key=lambda text: key(text[1:-1]))  # type: ignore[arg-type,return-value] # keys of one kind
    return [Edit(s, a, b, "export") for s, a, b in zip(spans, old, ordered, strict=True) if a != b]


def _entries(source: Source, tree: ast.Module, entry: Span) -> list[Span]:
    """Return the entries of the list that holds one; none where not all are plain strings, or comments stand there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple) and node_span(source, node).holds(entry):
            spans = [node_span(source, element) for element in node.elts]
            plain = all(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in node.elts)
            exact = all(source.cut(s)[1:-1] == getattr(e, "value", None) for s, e in zip(spans, node.elts, strict=True))
            return spans if plain and exact and "#" not in source.cut(node_span(source, node)) else []
    return []


def _order(old: Sequence[str], new: Sequence[str]) -> Key | None:
    """Return an order that there was and would be no more; None where there was none, or one stays."""
    before = [key for key in _ORDERS if _sorted(old, key)]
    return None if not before or any(_sorted(new, key) for key in before) else before[0]


def _sorted(texts: Sequence[str], key: Key) -> bool:
    names = [key(text[1:-1]) for text in texts]
    return len(names) > 1 and all(a <= b for a, b in itertools.pairwise(names))  # type: ignore[operator] # keys of one kind
