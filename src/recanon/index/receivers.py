"""Of what class the object is whose member is read, as far as the file itself says: evidence, nothing resolved."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from recanon.edit import Span
from recanon.index.nodes import dotted_name, node_span
from recanon.source import Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_MAYBE = {"Optional", "Annotated"}
_DEPTH = 5


class Evidence(NamedTuple):
    """What says of which class an object is.

    Args:
        kind: call, where it is the result of a call of the name; annotation, where it is annotated with the name; self,
            where it is the first parameter of a method of the class of that name.
        dotted: the name.
        at: where the name is looked up.
        bases: the bases of the class, for self.
        methods: the members of the class itself, for self.
    """

    kind: Literal["call", "annotation", "self"]
    dotted: str
    at: int
    bases: tuple[str, ...] = ()
    methods: frozenset[str] = frozenset()


class Receiver(NamedTuple):
    """A member that is read from an object: where, and the evidence for the class; none where it cannot be told."""

    span: Span
    evidence: tuple[Evidence, ...]


def read_receivers(source: Source, tree: ast.Module, members: frozenset[str]) -> tuple[Receiver, ...]:
    """Return the places that read one of the members from something, with what says of which class it is."""
    return tuple(_Reader(source, members).walk(tree, (tree,))) if members else ()


def members_of(node: ast.ClassDef) -> frozenset[str]:
    """Return the names that the body of a class binds."""
    found = {inner.name for inner in node.body if isinstance(inner, (*_FUNCTIONS, ast.ClassDef))}
    for inner in node.body:
        if isinstance(inner, (ast.Assign, ast.AnnAssign)):
            targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(found)


def bases_of(node: ast.ClassDef) -> tuple[str, ...]:
    """Return the dotted names of the bases of a class; `?` for one that is no name."""
    return tuple(dotted_name(base.value if isinstance(base, ast.Subscript) else base) or "?" for base in node.bases)


def annotated_with(node: ast.expr | None) -> str:
    """Return the dotted name of the class that an annotation names, with or without None, or ""."""
    match node:
        case ast.Constant(value=str(text)):
            try:
                return annotated_with(ast.parse(text, mode="eval").body)
            except SyntaxError:
                return ""
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return annotated_with(left)
        case ast.BinOp(left=ast.Constant(value=None), op=ast.BitOr(), right=right):
            return annotated_with(right)
        case ast.Subscript(value=value, slice=inner) if dotted_name(value).rpartition(".")[2] in _MAYBE:
            return annotated_with(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner)
    return dotted_name(node)


class _Reader:
    def __init__(self, source: Source, members: frozenset[str]) -> None:
        self.source = source
        self.members = members

    def walk(self, node: ast.AST, around: tuple[ast.AST, ...]) -> Iterator[Receiver]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Attribute) and child.attr in self.members and isinstance(child.ctx, ast.Load):
                yield Receiver(node_span(self.source, child), self.of(child.value, around, _DEPTH))
            inner = (*around, child) if isinstance(child, _SCOPES) else around
            yield from self.walk(child, inner)

    def at(self, node: ast.expr | ast.stmt | ast.arg) -> int:
        return node_span(self.source, node).start

    def of(self, node: ast.expr, around: tuple[ast.AST, ...], depth: int) -> tuple[Evidence, ...]:
        """Return the evidence for the class of an expression."""
        match node:
            case ast.Await(value=ast.Call() as call):
                return self.of(call, around, depth)
            case ast.Call(func=func) if dotted_name(func):
                return (Evidence("call", dotted_name(func), self.at(node)),)
            case ast.NamedExpr(value=value):
                return self.of(value, around, depth)
            case ast.Name(id=name) if depth:
                return self.name(name, around, depth - 1)
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if depth:
                return self.attribute(name, attr, around, depth - 1)
        return ()

    def name(self, name: str, around: tuple[ast.AST, ...], depth: int) -> tuple[Evidence, ...]:
        """Return what all bindings of a name in the nearest scope that binds it say; none where one says nothing."""
        for number in range(len(around), 0, -1):
            scope, inner = around[number - 1], around[:number]
            if isinstance(scope, ast.ClassDef) and number < len(around):
                continue
            found = list(self.bindings(name, scope, inner, depth))
            if found:
                return _agreed(found)
        return ()

    def bindings(
        self, name: str, scope: ast.AST, around: tuple[ast.AST, ...], depth: int
    ) -> Iterator[tuple[Evidence, ...] | None]:
        """Yield the evidence of each binding of a name in a scope; None for the constant None."""
        if isinstance(scope, (*_FUNCTIONS, ast.Lambda)):
            args = scope.args
            every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
            for arg in every:
                if arg is not None and arg.arg == name:
                    yield self.parameter(arg, scope, around) if arg not in (args.vararg, args.kwarg) else ()
        for node in _own(scope):
            yield from self.binding(name, node, around, depth)

    def binding(
        self, name: str, node: ast.AST, around: tuple[ast.AST, ...], depth: int
    ) -> Iterator[tuple[Evidence, ...] | None]:
        match node:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                yield self.value(value, around, depth)
            case ast.AnnAssign(target=ast.Name(id=bound), annotation=annotation) if bound == name:
                yield self.annotation(annotation, self.at(node))
            case ast.NamedExpr(target=ast.Name(id=bound), value=value) if bound == name:
                yield self.value(value, around, depth)
            case ast.withitem(context_expr=value, optional_vars=ast.Name(id=bound)) if bound == name:
                yield self.of(value, around, depth)
            case _ if name in _bound_otherwise(node):
                yield ()

    def value(self, node: ast.expr, around: tuple[ast.AST, ...], depth: int) -> tuple[Evidence, ...] | None:
        if isinstance(node, ast.Constant) and node.value is None:
            return None
        return self.of(node, around, depth)

    def annotation(self, node: ast.expr | None, at: int) -> tuple[Evidence, ...]:
        dotted = annotated_with(node)
        return (Evidence("annotation", dotted, at),) if dotted else ()

    def parameter(
        self, arg: ast.arg, scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, around: tuple[ast.AST, ...]
    ) -> tuple[Evidence, ...]:
        if arg.annotation is not None:
            return self.annotation(arg.annotation, self.at_outer(around))
        owner = _method_of(arg.arg, around)
        return self.own(owner, scope) if owner is not None and not isinstance(scope, ast.Lambda) else ()

    def at_outer(self, around: tuple[ast.AST, ...]) -> int:
        """Where the annotations of the innermost function are looked up: in the body of what stands around it."""
        outer = around[-2]
        return self.at(outer.body[0]) if isinstance(outer, (*_FUNCTIONS, ast.ClassDef)) else -1

    def own(self, owner: ast.ClassDef, scope: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[Evidence, ...]:
        if any(dotted_name(decorator) == "staticmethod" for decorator in scope.decorator_list):
            return ()
        return (Evidence("self", owner.name, self.at(owner), bases_of(owner), members_of(owner)),)

    def attribute(self, name: str, attr: str, around: tuple[ast.AST, ...], depth: int) -> tuple[Evidence, ...]:
        """Return what the class of a method says about an attribute of its object: `self.client`."""
        owner = next((o for n in range(len(around), 1, -1) if (o := _method_of(name, around[:n]))), None)
        if owner is None:
            return ()
        up_to = around[: around.index(owner) + 1]
        found = list(self.bindings(attr, owner, up_to, depth))
        for method in (node for node in owner.body if isinstance(node, _FUNCTIONS)):
            for node in _own(method):
                found += self.assigned(attr, node, (*up_to, method), depth)
        return _agreed(found) if found else ()

    def assigned(
        self, attr: str, node: ast.AST, around: tuple[ast.AST, ...], depth: int
    ) -> Iterator[tuple[Evidence, ...] | None]:
        """Yield the evidence of an assignment to `self.attr`."""
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name), attr=set_)], value=value) if set_ == attr:
                yield self.value(value, around, depth) if _method_of(name, around) else ()
            case ast.AnnAssign(target=ast.Attribute(attr=set_), annotation=annotation) if set_ == attr:
                yield self.annotation(annotation, self.at(node))
            case ast.Assign() | ast.AugAssign() | ast.For() | ast.AsyncFor() | ast.withitem():
                stored = (n for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store))
                if any(n.attr == attr for n in stored):
                    yield ()


def _agreed(found: Sequence[tuple[Evidence, ...] | None]) -> tuple[Evidence, ...]:
    """Put the evidence of all bindings together; where one says nothing, nothing can be told."""
    said = [item for item in found if item is not None]
    return tuple(evidence for item in said for evidence in item) if all(said) else ()


def _method_of(name: str, around: tuple[ast.AST, ...]) -> ast.ClassDef | None:
    """Return the class of the innermost function, where that is a method whose first parameter has the name."""
    if len(around) < 2 or not isinstance(around[-1], _FUNCTIONS) or not isinstance(around[-2], ast.ClassDef):
        return None
    args = [*around[-1].args.posonlyargs, *around[-1].args.args]
    return around[-2] if args and args[0].arg == name else None


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope, without those of the scopes in it."""
    stack: list[ast.AST] = [scope.body] if isinstance(scope, ast.Lambda) else list(getattr(scope, "body", ()))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack.extend(ast.iter_child_nodes(node))


def _bound_otherwise(node: ast.AST) -> set[str]:
    """Return the names that a node binds in a way that says nothing about the class."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Import() | ast.ImportFrom():
            return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        case ast.Global() | ast.Nonlocal():
            return set(node.names)
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
            return {node.name or ""}
        case ast.Assign() | ast.AugAssign() | ast.For() | ast.AsyncFor() | ast.comprehension() | ast.withitem():
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            targets = [node.optional_vars] if isinstance(node, ast.withitem) else targets
            return {n.id for t in targets if t for n in ast.walk(t) if isinstance(n, ast.Name) and _stores(n)}
        case ast.Delete():
            return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return set()


def _stores(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)
