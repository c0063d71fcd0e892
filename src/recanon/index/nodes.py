"""What a syntax node is called, and where it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from recanon.edit import Span
from recanon.source import Source


def dotted_name(node: ast.expr | None) -> str:
    """Return the dotted name of a chain of attributes on a name, or "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    parts.append(node.id)
    return ".".join(reversed(parts))


def child_nodes(node: ast.AST) -> list[ast.AST]:
    """Return what `ast.iter_child_nodes` yields, faster: at once, and without a generator within a generator.

    Args:
        node: the node.
    """
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all within it, as `ast.walk` does, but faster and in another order.

    Args:
        node: the node.
    """
    rest = [node]
    while rest:
        inner = rest.pop()
        yield inner
        rest += child_nodes(inner)


Located = ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword | ast.ExceptHandler | ast.pattern


def node_span(source: Source, node: Located) -> Span:
    """Return the span of a node."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Span(source.offset(node.lineno, node.col_offset), source.offset(node.end_lineno, node.end_col_offset))
