"""What a string is for: a patch target, an entry of `__all__`, data, a docstring, a message."""

from __future__ import annotations

import ast

from recanon.index.context import Ancestors
from recanon.index.facts import Text
from recanon.index.modules import dotted_name, node_span
from recanon.source import Source

_LOGGING = {"debug", "info", "warning", "error", "critical", "exception", "log", "print"}
_LOOKUP = {"getattr", "hasattr", "setattr", "delattr"}
_PATCH_OBJECT = {"object", "setattr", "delattr"}


def describe_text(source: Source, node: ast.Constant, above: Ancestors) -> Text:
    """Describe a string that holds a trigger word.

    Args:
        source: the file.
        node: the string.
        above: what stands around it.
    """
    assert isinstance(node.value, str)
    span = node_span(source, node)
    parent = above.chain[-1] if above.chain else None
    holder = above.chain[-2] if isinstance(parent, ast.keyword) and len(above.chain) > 1 else parent
    call = holder if isinstance(holder, ast.Call) else None
    inside = dotted_name(call.func) if call else ""
    owner = dotted_name(call.args[0]) if call and call.args and call.args[0] is not node else ""
    raw = source.cut(span)
    literal = raw[:1] in {'"', "'"} and raw[1:-1] == node.value
    return Text(span, node.value, _role(node, call, above), inside, owner, literal, above.scope)


def is_patch_call(call: ast.Call) -> bool:
    """Return whether the call takes the dotted path of what it replaces as its first argument.

    `mock.patch` and its kin resolve that path with `pkgutil.resolve_name`; pytest's `monkeypatch.setattr` and
    `delattr` take such a path as well.
    """
    name = dotted_name(call.func)
    last = name.rpartition(".")[2]
    if last in {"setattr", "delattr"}:
        return name != last
    return last == "patch" or name.endswith(("patch.dict", "patch.multiple"))


def _role(node: ast.Constant, call: ast.Call | None, above: Ancestors) -> str:
    if above.mark == "annotation":
        return "annotation"
    if call is not None:
        return _argument_role(node, call)
    statement = above.statement
    if isinstance(statement, ast.Expr) and statement.value is node:
        return "docstring"
    if _assigns_all(statement):
        return "export"
    parent = above.chain[-1] if above.chain else None
    if isinstance(parent, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
        return "data"
    if isinstance(parent, ast.Compare):
        return "compare"
    if isinstance(statement, (ast.Assert, ast.Raise)):
        return "message"
    return "text"


def _argument_role(node: ast.Constant, call: ast.Call) -> str:
    name = dotted_name(call.func)
    last = name.rpartition(".")[2]
    first = bool(call.args) and call.args[0] is node
    if first and is_patch_call(call):
        return "patch target"
    if not first and last in _PATCH_OBJECT and ("patch" in name):
        return "patch attribute"
    if last in _LOOKUP:
        return "attribute"
    if last in {"import_module", "__import__"}:
        return "module name"
    return "message" if last in _LOGGING else "argument"


def _assigns_all(statement: ast.stmt | None) -> bool:
    match statement:
        case ast.Assign(targets=targets):
            return any(dotted_name(target) == "__all__" for target in targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return dotted_name(target) == "__all__"
    return False
