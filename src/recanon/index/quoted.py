"""String annotations: the names in them are code, where the string is one plain token."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from recanon.index.nodes import dotted_name, node_span
from recanon.source import Source


def annotation_in(source: Source, node: ast.Constant) -> ast.expr | None:
    """Return the expression in a string annotation, with the positions of the file.

    Returns:
        None where the text is no expression, or where positions in it are not those of the file: escapes, several
        tokens, more than one line.
    """
    raw, value = source.cut(node_span(source, node)), str(node.value)
    if raw[:1] not in {'"', "'"} or raw[1:-1] != value or not value.isascii() or value != value.strip():
        return None
    try:
        body = ast.parse(value, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    for inner in ast.walk(body):
        if isinstance(inner, ast.expr):
            inner.lineno = inner.end_lineno = node.lineno
            inner.col_offset += node.col_offset + 1
            inner.end_col_offset = (inner.end_col_offset or 0) + node.col_offset + 1
    return body


def is_type(node: ast.expr, chain: Sequence[ast.AST]) -> bool:
    """Return whether a string in an annotation is a type: not what `Literal` lists or `Annotated` adds.

    Args:
        node: the string.
        chain: the expressions around it, outermost first.
    """
    for number, holder in enumerate(chain):
        if not isinstance(holder, ast.Subscript):
            continue
        generic = dotted_name(holder.value).rpartition(".")[2]
        inside = [*chain[number + 1 :], node]
        listed = isinstance(holder.slice, ast.Tuple) and not any(part is holder.slice.elts[0] for part in inside)
        if generic == "Literal" or (generic == "Annotated" and listed):
            return False
    return True
