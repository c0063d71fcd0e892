"""The arguments of a call, as they stand there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from recanon.index.nodes import dotted_name, node_span
from recanon.index.usage import Argument
from recanon.source import Source


def arguments_of(source: Source, call: ast.Call) -> Iterator[Argument]:
    """Yield the arguments of a call, those by position first."""
    for arg in call.args:
        star = isinstance(arg, ast.Starred)
        yield Argument("*" if star else "", _is_none(arg), node_span(source, arg), _is_simple(source, arg))
    for keyword in call.keywords:
        value = keyword.value
        yield Argument(keyword.arg or "**", _is_none(value), node_span(source, value), _is_simple(source, value))


def _is_simple(source: Source, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, int)) and source.cut(node_span(source, node))[:1] in "'\"0123456789"
    return bool(dotted_name(node))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
