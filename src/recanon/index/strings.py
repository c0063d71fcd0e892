"""What a string is for: a patch target, an entry of `__all__`, data, a docstring, a message."""

from __future__ import annotations

import ast

from recanon.edit import Span
from recanon.index.context import Ancestors
from recanon.index.facts import Text
from recanon.index.nodes import dotted_name, node_span
from recanon.index.quoted import is_type
from recanon.source import Source

_LOGGING = {"debug", "info", "warning", "error", "critical", "exception", "log", "print"}
_LOOKUP = {"getattr", "hasattr", "setattr", "delattr", "attrgetter", "methodcaller"}
_STAND_INS = {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "NonCallableMagicMock", "SimpleNamespace"}
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
    call, outer = _call_of(node, above)
    raw = source.cut(span)
    literal = outer is node and raw[:1] in {'"', "'"} and raw[1:-1] == node.value
    return _text(span, node.value, _role(outer, call, above), call, literal, above)


def describe_fstring(source: Source, node: ast.JoinedStr, above: Ancestors) -> Text:
    """Describe an f-string that holds a trigger word: its value is its source text."""
    span = node_span(source, node)
    call, outer = _call_of(node, above)
    return _text(span, source.cut(span), _role(outer, call, above), call, False, above)


def describe_keyword(name: str, span: Span, above: Ancestors) -> Text:
    """Describe the name of a keyword argument; `patch.multiple` patches attributes named so."""
    call = above.chain[-1] if above.chain else None
    multiple = isinstance(call, ast.Call) and dotted_name(call.func).endswith("patch.multiple")
    return _text(span, name, "patch keyword" if multiple else "keyword", call, True, above)


def is_stand_in(function: str) -> bool:
    """Return whether the keywords of a function are attributes of the object that it makes or sets up."""
    last = function.rpartition(".")[2]
    return last in _STAND_INS or last == "configure_mock"


def _text(span: Span, value: str, role: str, call: ast.AST | None, literal: bool, above: Ancestors) -> Text:
    inside = dotted_name(call.func) if isinstance(call, ast.Call) else _dict_taker(above)
    owner = _owner(call.args[0]) if isinstance(call, ast.Call) and call.args and not _asks_namespace(call) else ""
    given = role.startswith("patch") and isinstance(call, ast.Call) and _is_given(call)
    return Text(span, value, role, inside, owner, literal, above.scope, given)


def _is_given(call: ast.Call) -> bool:
    """Whether a call that patches says what takes the place, and that is no AsyncMock."""
    last = dotted_name(call.func).rpartition(".")[2]
    place = len(call.args) - 1 if last == "setattr" else 2 if last == "object" else 1
    values = [k.value for k in call.keywords if k.arg in {"new", "new_callable", "value"}]
    values += call.args[place : place + 1] if place else []
    made = [dotted_name(value.func if isinstance(value, ast.Call) else value) for value in values]
    return any(not name.endswith("AsyncMock") for name in made)


def _dict_taker(above: Ancestors) -> str:
    """Return the dotted name of the function that gets the dictionary whose key a string is, or ""."""
    match above.chain[-2:]:
        case [ast.Call(func=func), ast.Dict()]:
            return dotted_name(func)
    return ""


def _owner(node: ast.expr) -> str:
    """The dotted name of what is patched: a chain of names, or a string that holds one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return dotted_name(node)


def _call_of(node: ast.expr, above: Ancestors) -> tuple[ast.Call | None, ast.expr]:
    """Return the call whose argument a string is, or part of, and the whole argument."""
    outer: ast.expr = node
    for holder in reversed(above.chain):
        if isinstance(holder, ast.Call):
            return holder, outer
        if isinstance(holder, (ast.BinOp, ast.JoinedStr)):
            outer = holder
        elif not isinstance(holder, ast.keyword):
            break
    return None, outer


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


def _role(node: ast.expr, call: ast.Call | None, above: Ancestors) -> str:
    if above.mark == "annotation" and is_type(node, above.chain):
        return "annotation"
    if _in_namespace(node, above):
        return "attribute"
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
        return "attribute" if any(map(_is_namespace, parent.comparators)) else "compare"
    if isinstance(statement, (ast.Assert, ast.Raise)):
        return "message"
    return "text"


def _in_namespace(node: ast.expr, above: Ancestors) -> bool:
    """Whether a string is the key of `globals()`, `vars()` or a module's `__dict__`."""
    holder = above.chain[-1] if above.chain else None
    if not isinstance(holder, ast.Subscript) or holder.slice is not node:
        return False
    return _is_namespace(holder.value)


def _asks_namespace(call: ast.Call) -> bool:
    """Whether a call is a method of what a module binds, as in `globals().get("name")`."""
    return isinstance(call.func, ast.Attribute) and _is_namespace(call.func.value)


def _is_namespace(node: ast.expr) -> bool:
    """Whether an expression is what a module binds: `globals()`, `vars(...)` or a `__dict__`."""
    value = node.func if isinstance(node, ast.Call) else node
    return dotted_name(value).rpartition(".")[2] in {"globals", "locals", "vars", "__dict__"}


def _argument_role(node: ast.expr, call: ast.Call) -> str:
    name = dotted_name(call.func)
    last = name.rpartition(".")[2]
    first = bool(call.args) and call.args[0] is node
    first = first or any(keyword.arg == "target" and keyword.value is node for keyword in call.keywords)
    if first and is_patch_call(call):
        return "patch target"
    if not first and last in _PATCH_OBJECT and ("patch" in name):
        return "patch attribute"
    if last in _LOOKUP or _asks_namespace(call):
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
