"""How a module comes to bind a name: whatever happens, for type checkers alone, or perhaps not."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Literal

from recanon.index.blocks import inner_blocks, manager_names, target_names
from recanon.index.nodes import dotted_name

How = Literal["always", "typing", "perhaps"]
_LEAVING = (ast.Raise, ast.Return, ast.Continue, ast.Break)


def how_bound(body: Sequence[ast.stmt], name: str) -> How:
    """Return how a block of statements binds a name once it has run.

    Args:
        body: the statements of a module.
        name: the name.
    """
    if always_binds(body, name):
        return "always"
    typing_only = [node for node in body if _holds(node, name)]
    return "typing" if typing_only and all(_for_typing(node, name) for node in typing_only) else "perhaps"


def always_binds(body: Sequence[ast.stmt], name: str) -> bool:
    """Return whether a block binds a name whichever way it runs through; or is left before its end.

    Args:
        body: the statements.
        name: the name.
    """
    return any(_binds(node, name) or isinstance(node, _LEAVING) for node in body)


def _binds(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name == name
        case ast.Import() | ast.ImportFrom():
            return any((alias.asname or alias.name.partition(".")[0]) == name for alias in node.names)
        case ast.Assign():
            return any(name in target_names(target) for target in node.targets)
        case ast.AnnAssign():
            return node.value is not None and name in target_names(node.target)
        case ast.If():
            return always_binds(node.body, name) and always_binds(node.orelse, name)
        case ast.Try() | ast.TryStar():
            whole = always_binds([*node.body, *node.orelse], name)
            caught = all(always_binds(handler.body, name) for handler in node.handlers)
            return (whole and caught) or always_binds(node.finalbody, name)
        case ast.With():
            passing = not any(manager.rpartition(".")[2] == "suppress" for manager in manager_names(node))
            return passing and always_binds(node.body, name)
    return type(node).__name__ == "TypeAlias" and node.name.id == name  # type: ignore[attr-defined] # since 3.12


def _holds(node: ast.stmt, name: str) -> bool:
    """Whether a statement may bind a name."""
    return _binds(node, name) or any(_holds(inner, name) for _, block in inner_blocks(node) for inner in block)


def _for_typing(node: ast.stmt, name: str) -> bool:
    """Whether only type checkers run what binds a name."""
    if not isinstance(node, ast.If) or dotted_name(node.test).rpartition(".")[2] != "TYPE_CHECKING":
        return False
    return not any(_holds(inner, name) for inner in node.orelse)
