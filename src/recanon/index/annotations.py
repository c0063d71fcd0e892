"""What annotations and the heads of definitions say: the class named, the bases, the members, what a function gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from recanon.index.blocks import inner_blocks, own_statements
from recanon.index.nodes import child_nodes, dotted_name
from recanon.index.values import own_nodes

SELF = "Self"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_MAYBE = {"Optional", "Annotated", "Final", "ClassVar", "InitVar"}
_KEEPING = {"cache", "lru_cache", "override", "final", "staticmethod", "classmethod", "abstractmethod"}


def annotated_with(node: ast.expr | None) -> str:
    """Return the dotted name of the class that an annotation names, with or without None, or ""."""
    match node:
        case ast.Constant(value=str(text)):
            try:
                return annotated_with(ast.parse(text, mode="eval").body)
            except SyntaxError:
                return ""
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _one_of([left, right])
        case ast.Subscript(value=value, slice=inner) if _last(value) in _MAYBE:
            return annotated_with(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner)
        case ast.Subscript(value=value, slice=ast.Tuple(elts=parts)) if _last(value) == "Union":
            return _one_of(parts)
        case ast.Subscript(value=value):  # a generic class is the class, and `list` is none that anything is known of
            return dotted_name(value)
    return dotted_name(node)


def _one_of(parts: list[ast.expr]) -> str:
    """Return the class that one part names while all others are None."""
    named = [part for part in parts if not (isinstance(part, ast.Constant) and part.value is None)]
    return annotated_with(named[0]) if len(named) == 1 else ""


def _last(node: ast.expr) -> str:
    return dotted_name(node).rpartition(".")[2]


def bases_of(node: ast.ClassDef) -> tuple[str, ...]:
    """Return the dotted names of the bases of a class; `?` for one that is no name."""
    return tuple(dotted_name(base.value if isinstance(base, ast.Subscript) else base) or "?" for base in node.bases)


def members_of(node: ast.ClassDef) -> frozenset[str]:
    """Return the names that the body of a class binds."""
    return frozenset(name for inner in body_nodes(node) for name in _bound(inner))


def attributes_of(node: ast.ClassDef) -> frozenset[str]:
    """Return the names that the methods of a class set on their first parameter."""
    found = set[str]()
    for method in (inner for inner in node.body if isinstance(inner, _FUNCTIONS)):
        first = next((arg.arg for arg in (*method.args.posonlyargs, *method.args.args)), "")
        for target in _targets(method.body):
            parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
            found |= {p.attr for p in parts if isinstance(p, ast.Attribute) and dotted_name(p.value) == first}
    return frozenset(found)


def _targets(body: Sequence[ast.stmt]) -> Iterator[ast.expr]:
    """Yield what the statements of a block bind, those of inner blocks and functions too, without their expressions."""
    for statement in body:
        match statement:
            case ast.Assign(targets=targets):
                yield from targets
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target) | ast.For(target=target):
                yield target
            case ast.With(items=items) | ast.AsyncWith(items=items):
                yield from (item.optional_vars for item in items if item.optional_vars is not None)
            case ast.FunctionDef(body=inner) | ast.AsyncFunctionDef(body=inner):
                yield from _targets(inner)
        for _, block in inner_blocks(statement):
            yield from _targets(block)


def body_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope, without those of the scopes in it."""
    stack: list[ast.AST] = [scope.body] if isinstance(scope, ast.Lambda) else list(getattr(scope, "body", ()))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack.extend(child_nodes(node))


def _bound(node: ast.AST) -> set[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Import() | ast.ImportFrom():
            return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        case ast.Name(ctx=ast.Store()):
            return {node.id}
    return set()


def type_parameters(node: ast.AST) -> set[str]:
    """Return the names of the type parameters of a definition (PEP 695)."""
    return {str(getattr(parameter, "name", "")) for parameter in getattr(node, "type_params", ())}


def gives_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the dotted name of the class that a function says it returns, or "" where it need not give that.

    A decorator may make something else of it, and a generator gives one by one.
    """
    if node.returns is None:
        return ""
    called = (d.func if isinstance(d, ast.Call) else d for d in node.decorator_list)
    if any(_last(decorator) not in _KEEPING for decorator in called):
        return ""
    if any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in own_nodes(node)):
        return ""
    return annotated_with(node.returns)


def method_gives(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the same of a method; `Self` where it gives its own object."""
    said = gives_of(node)
    first = next((arg.arg for arg in (*node.args.posonlyargs, *node.args.args)), "")
    returned = [inner.value for inner in own_statements(node.body) if isinstance(inner, ast.Return)]
    own = bool(returned) and all(isinstance(value, ast.Name) and value.id == first for value in returned)
    return SELF if own or said.rpartition(".")[2] == SELF else said
