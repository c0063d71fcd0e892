"""Whether a statement at the top of a module does more than hand names on."""

from __future__ import annotations

import ast

from recanon.index.blocks import inner_blocks
from recanon.index.nodes import dotted_name
from recanon.index.values import called_name, targets

_SPEAKING = {"warn", "debug", "info", "warning", "getLogger", "get_logger"}


def hands_on(node: ast.stmt) -> bool:
    """Return whether a statement does no more than hand names on, and say or log so."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Raise():
            return True
        case ast.Expr(value=ast.Call(func=func)):
            return dotted_name(func).rpartition(".")[2] in _SPEAKING or dotted_name(func).startswith("__all__.")
        case ast.Assign() | ast.AnnAssign():
            return all(map(_is_dunder, targets(node))) or _is_alias(node.value)
        case ast.AugAssign(target=target):
            return _is_dunder(target)
        case ast.FunctionDef(name=name):
            return name in {"__getattr__", "__dir__"}
        case ast.Try() | ast.If():
            return all(hands_on(inner) for _, block in inner_blocks(node) for inner in block)
    return False


def _is_alias(value: ast.expr | None) -> bool:
    if value is None or dotted_name(value):
        return True
    if isinstance(value, ast.Constant):
        return value.value is None
    return called_name(value).rpartition(".")[2] in _SPEAKING


def _is_dunder(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id.startswith("__") and node.id.endswith("__")


def deed(node: ast.stmt) -> str:
    """Return what a statement does, in a few words."""
    match node:
        case ast.ClassDef(name=name):
            return f"defines class {name}"
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return f"defines function {name}"
        case ast.Assign() | ast.AnnAssign():
            return f"assigns {', '.join(filter(None, map(dotted_name, targets(node)))) or 'values'}"
    return "runs code"
