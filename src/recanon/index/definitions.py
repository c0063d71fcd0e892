"""Functions and classes as they are defined: parameters, whether they are async, what they raise on and return."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from recanon.edit import Span
from recanon.index.annotations import attributes_of, bases_of, gives_of, members_of, method_gives
from recanon.index.facts import Definition, Method, Param, ParamKind
from recanon.index.nodes import dotted_name, node_span
from recanon.source import Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def read_definition(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Definition:
    """Read a definition: its parameters, whether it is async, what it raises on and returns."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    span = Span(source.offset(first, node.col_offset), node_span(source, node).end)
    decorated = bool(node.decorator_list)
    if isinstance(node, ast.ClassDef):
        init = next((s for s in node.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"), None)
        params = params_of(init.args)[1:] if init else ()
        return Definition(
            node.name,
            "class",
            False,
            params,
            span,
            decorated=decorated,
            init=init is not None,
            bases=bases_of(node),
            members=members_of(node),
            attributes=attributes_of(node),
            methods=tuple(_method(inner) for inner in node.body if isinstance(inner, _FUNCTIONS)),
        )
    returned = [n.value for n in _own_nodes(node) if isinstance(n, ast.Return)]
    calls = tuple(dotted_name(value.func) if isinstance(value, ast.Call) else "" for value in returned)
    names = {dotted_name(value) for value in returned}
    return Definition(
        node.name,
        "function",
        isinstance(node, ast.AsyncFunctionDef),
        params_of(node.args),
        span,
        _rejects_none(node),
        calls if all(calls) else (),
        names.pop() if len(names) == 1 else "",
        decorated,
        gives=gives_of(node),
    )


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Method:
    decorators = {dotted_name(decorator) for decorator in node.decorator_list}
    kinds: dict[frozenset[str], Literal["object", "class", "static"]] = {
        frozenset(): "object",
        frozenset({"classmethod"}): "class",
        frozenset({"staticmethod"}): "static",
    }
    kind = kinds.get(frozenset(decorators - {"abstractmethod", "abc.abstractmethod", "override", "typing.override"}))
    is_async = isinstance(node, ast.AsyncFunctionDef)
    gives = method_gives(node) if node.name in {"__enter__", "__aenter__"} else ""
    return Method(node.name, params_of(node.args), is_async, kind or "other", gives)


def _own_nodes(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    stack: list[ast.AST] = list(node.body)
    while stack:
        inner = stack.pop()
        yield inner
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(inner))


def params_of(args: ast.arguments) -> tuple[Param, ...]:
    """Return the parameters of a definition, in their order."""
    plain = [*args.posonlyargs, *args.args]
    without = len(plain) - len(args.defaults)
    found: list[Param] = []
    for number, arg in enumerate(plain):
        kind: ParamKind = "positional_only" if number < len(args.posonlyargs) else "positional_or_keyword"
        found.append(Param(arg.arg, kind, number >= without))
    if args.vararg:
        found.append(Param(args.vararg.arg, "var_positional", False))
    found += [
        Param(a.arg, "keyword_only", d is not None) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)
    ]
    if args.kwarg:
        found.append(Param(args.kwarg.arg, "var_keyword", False))
    return tuple(found)


def _rejects_none(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """Parameters for which the body holds `if param is None: ... raise` (or `if not param: ... raise`)."""
    found: set[str] = set()
    for statement in node.body:
        if isinstance(statement, ast.If) and any(isinstance(inner, ast.Raise) for inner in statement.body):
            match statement.test:
                case ast.Compare(left=ast.Name(id=name), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
                    found.add(name)
                case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
                    found.add(name)
    return frozenset(found)
