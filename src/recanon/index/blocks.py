"""The blocks of a compound statement, the names of the guards that they make, and the names bound by its head."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from recanon.index.nodes import dotted_name


def inner_blocks(node: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Yield the blocks of a compound statement, each with the name of its guard ("" where it always runs)."""
    match node:
        case ast.Try() | ast.TryStar():
            caught = ",".join(caught_names(node)) or "all"
            yield f"try:{caught}", node.body
            for handler in node.handlers:
                yield "except", handler.body
            yield "else", node.orelse
            yield "", node.finalbody
        case ast.If():
            test = dotted_name(node.test).rpartition(".")[2]
            label = "if:TYPE_CHECKING" if test == "TYPE_CHECKING" else "if"
            yield label, node.body
            yield "else" if label == "if" else "if", node.orelse
        case ast.For() | ast.AsyncFor() | ast.While():
            yield "loop", node.body
            yield "loop", node.orelse
        case ast.With() | ast.AsyncWith():
            yield f"with:{','.join(manager_names(node))}", node.body
        case ast.Match():
            for case in node.cases:
                yield "if", case.body


def own_statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a block and of the blocks in it, without those of functions and classes."""
    rest = [*body][::-1]
    while rest:  # no recursion: each `elif` is a block of its own
        node = rest.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            rest += [inner for _, block in inner_blocks(node) for inner in block][::-1]


def caught_names(node: ast.Try | ast.TryStar) -> list[str]:
    """Return the dotted names of the exceptions that a `try` catches; `*` for a bare `except`."""
    names: list[str] = []
    for handler in node.handlers:
        if handler.type is None:
            names.append("*")
        elif isinstance(handler.type, ast.Tuple):
            names += [dotted_name(element) for element in handler.type.elts]
        else:
            names.append(dotted_name(handler.type))
    return names


def manager_names(node: ast.With | ast.AsyncWith) -> list[str]:
    """Return the dotted names of the context managers of a `with`."""
    return [_manager_name(item.context_expr) for item in node.items]


def decorator_label(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    """Return the guard that the decorators of a definition make, where one takes a dotted path; else ""."""
    names = [name for name in map(_manager_name, node.decorator_list) if "=" in name]
    return f"decorator:{','.join(names)}" if names else ""


def _manager_name(node: ast.expr) -> str:
    """The dotted name; of a call that takes a dotted path, `name=path`."""
    if not isinstance(node, ast.Call):
        return dotted_name(node)
    first = node.args[0] if node.args else None
    path = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    named = path if re.fullmatch(r"\w+(\.\w+)+", path) else ""
    return f"{dotted_name(node.func)}={named}" if named else dotted_name(node.func)


def loose_targets(node: ast.stmt) -> Iterator[tuple[str, ast.ExceptHandler | ast.pattern | ast.expr]]:
    """Yield the names that a compound statement binds by itself, and what binds them."""
    match node:
        case ast.For() | ast.AsyncFor():
            yield from ((name, node.target) for name in target_names(node.target))
        case ast.With() | ast.AsyncWith():
            for item in node.items:
                if item.optional_vars is not None:
                    yield from ((name, item.optional_vars) for name in target_names(item.optional_vars))
        case ast.Try() | ast.TryStar():
            yield from ((handler.name, handler) for handler in node.handlers if handler.name)
        case ast.Match():
            for case in node.cases:
                yield from _captures(case.pattern)


def _captures(pattern: ast.pattern) -> Iterator[tuple[str, ast.pattern]]:
    for part in ast.walk(pattern):
        name = part.rest if isinstance(part, ast.MatchMapping) else getattr(part, "name", None)
        if isinstance(name, str) and isinstance(part, ast.pattern):
            yield name, part


def target_names(node: ast.expr) -> Iterator[str]:
    """Yield the names that an assignment target binds."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
