"""Functions and classes as they are defined: parameters, whether they are async, what they raise on and return."""

from __future__ import annotations

import ast
from typing import Literal

from recanon.edit import Span
from recanon.index.annotations import attributes_of, bases_of, gives_of, members_of, method_gives
from recanon.index.blocks import own_statements
from recanon.index.facts import Definition, Method, Param, ParamKind
from recanon.index.nodes import dotted_name, node_span
from recanon.source import Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Decorators behind which a function takes and gives what it says.
_HARMLESS = {"cache", "contextmanager", "deprecated", "final", "lru_cache", "overload"}
# Calls that give something to await.
MAKERS = frozenset({"create_task", "ensure_future", "gather", "run_in_executor", "shield", "to_thread", "wait_for"})
_AWAITABLE = {"Awaitable", "Coroutine", "Future", "Task"}


def read_definition(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Definition:
    """Read a definition: its parameters, whether it is async, what it raises on and returns."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    span = Span(source.offset(first, node.col_offset), node_span(source, node).end)
    decorated = not all(map(_is_harmless, node.decorator_list))
    if isinstance(node, ast.ClassDef):
        own = [s for s in node.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"]
        init = own[-1] if own and all(map(_is_harmless, own[-1].decorator_list)) else None
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
            methods=_methods(node),
        )
    returned = _returned(node)
    names = {dotted_name(value) for value in returned}
    return Definition(
        node.name,
        "function",
        isinstance(node, ast.AsyncFunctionDef),
        params_of(node.args),
        span,
        _rejects_none(node),
        _called(returned),
        names.pop() if len(names) == 1 else "",
        decorated,
        gives=gives_of(node),
        promises=_promises(node.returns),
    )


def _is_harmless(decorator: ast.expr) -> bool:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    return dotted_name(named).rpartition(".")[2] in _HARMLESS


def _promises(annotation: ast.expr | None) -> bool:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.partition("[")[0].rpartition(".")[2].strip() in _AWAITABLE
    named = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return dotted_name(named).rpartition(".")[2] in _AWAITABLE


def _methods(node: ast.ClassDef) -> tuple[Method, ...]:
    found = [_method(inner) for inner in node.body if isinstance(inner, _FUNCTIONS)]
    known = {f"{owner}.{method.name}" for method in found if method.is_async for owner in ("self", "cls")}
    made = (_called(_returned(inner)) for inner in node.body if isinstance(inner, _FUNCTIONS))
    handed = [bool(calls) and all(c in known or c.rpartition(".")[2] in MAKERS for c in calls) for calls in made]
    return tuple(m._replace(is_async=m.is_async or hands) for m, hands in zip(found, handed, strict=True))


def _returned(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr | None]:
    return [inner.value for inner in own_statements(node.body) if isinstance(inner, ast.Return)]


def _called(returned: list[ast.expr | None]) -> tuple[str, ...]:
    """The dotted names that every `return` calls; none where one returns anything else."""
    calls = tuple(dotted_name(value.func) if isinstance(value, ast.Call) else "" for value in returned)
    return calls if all(calls) else ()


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Method:
    decorators = {dotted_name(decorator) for decorator in node.decorator_list}
    kinds: dict[frozenset[str], Literal["object", "class", "static"]] = {
        frozenset(): "object",
        frozenset({"classmethod"}): "class",
        frozenset({"staticmethod"}): "static",
    }
    kind = kinds.get(frozenset(decorators - {"abstractmethod", "abc.abstractmethod", "override", "typing.override"}))
    awaited = isinstance(node, ast.AsyncFunctionDef) or _promises(node.returns)
    gives = method_gives(node) if node.name in {"__enter__", "__aenter__"} else ""
    return Method(node.name, params_of(node.args), awaited, kind or "other", gives)


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
