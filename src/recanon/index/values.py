"""What a function gives back: the values that it may return, and what is called for them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from recanon.index.nodes import child_nodes, dotted_name

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def own_nodes(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body, without those of functions and classes within it."""
    stack: list[ast.AST] = list(reversed(node.body))
    while stack:
        inner = stack.pop()
        yield inner
        if not isinstance(inner, _SCOPES):
            stack.extend(reversed(child_nodes(inner)))


def returned_values(own: Iterable[ast.stmt]) -> Iterator[ast.expr]:
    """Yield the values that a function may return, from its own statements."""
    for node in own:
        if isinstance(node, ast.Return) and node.value is not None:
            yield from _choices(node.value)


def _choices(value: ast.expr) -> Iterator[ast.expr]:
    """The values that an expression may have: both of `a if c else b`, all of `a or b`; what `await` waits for."""
    match value:
        case ast.Await():
            yield from _choices(value.value)
        case ast.IfExp():
            yield from (*_choices(value.body), *_choices(value.orelse))
        case ast.BoolOp():
            for part in value.values:
                yield from _choices(part)
        case _:
            yield value


def assigned_calls(own: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield each name that is assigned in a function, with what is called for its value, or ""."""
    for node in own:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            for value in _choices(node.value):
                yield from (
                    (dotted_name(target), called_name(value)) for target in targets(node) if dotted_name(target)
                )


def called_name(value: ast.expr) -> str:
    """Return the dotted name of what an (awaited) call calls, or ""."""
    value = value.value if isinstance(value, ast.Await) else value
    return dotted_name(value.func) if isinstance(value, ast.Call) else ""


def targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    """Return what an assignment assigns to."""
    return node.targets if isinstance(node, ast.Assign) else [node.target]
