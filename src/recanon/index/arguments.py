"""The arguments of a call, and what can be done with their values."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from recanon.index.nodes import dotted_name, node_span
from recanon.index.usage import Argument
from recanon.source import Source


def arguments_of(source: Source, call: ast.Call) -> Iterator[Argument]:
    """Yield the arguments of a call in order of the text."""
    for arg in call.args:
        yield _argument(source, "*" if isinstance(arg, ast.Starred) else "", arg)
    for keyword in call.keywords:
        yield _argument(source, keyword.arg or "**", keyword.value)


def _argument(source: Source, keyword: str, value: ast.expr) -> Argument:
    is_none = isinstance(value, ast.Constant) and value.value is None
    fixed = isinstance(value, ast.Name) or _is_constant(value)
    return Argument(keyword, is_none, node_span(source, value), _is_simple(source, value), fixed)


def _is_simple(source: Source, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, int)) and source.cut(node_span(source, node))[:1] in "'\"0123456789"
    return bool(dotted_name(node))


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        return isinstance(node.operand, ast.Constant) and isinstance(node.operand.value, (int, float, complex))
    return isinstance(node, ast.Constant)
