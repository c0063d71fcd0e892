"""Of what class the object is whose member is read or set, as far as the file says: evidence, nothing resolved."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from recanon.edit import Span
from recanon.index.annotations import annotated_with, bases_of, members_of, type_parameters
from recanon.index.nodes import child_nodes, dotted_name, node_span
from recanon.index.rebindings import FUNCTIONS, SCOPES, Rebindings, Stored, bound_otherwise, method_of, rebindings
from recanon.source import Source

_DEPTH = 5
_Around = tuple[ast.AST, ...]
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Evidence(NamedTuple):
    """What says of which class an object is.

    Args:
        kind: call, where it is the result of a call of the name; awaited, where that call is awaited; annotation, where
            it is annotated with the name; self, where it is the first parameter of a method of the class of that name;
            super, where it is `super()` there.
        dotted: the name.
        at: where the name is looked up.
        bases: the bases of the class, for self and super.
        methods: the members of the class itself, for self.
        entered: the method whose result it is where a `with` binds it, `__enter__` or `__aenter__`.
    """

    kind: Literal["call", "awaited", "annotation", "self", "super"]
    dotted: str
    at: int
    bases: tuple[str, ...] = ()
    methods: frozenset[str] = frozenset()
    entered: str = ""


class Receiver(NamedTuple):
    """A member that is read from an object, or set: where, and the evidence for the class; none where none is known."""

    span: Span
    evidence: tuple[Evidence, ...]
    is_set: bool = False


_Said = tuple[Evidence, ...] | None  # None for a binding to the constant None, or to what the name holds already


def read_receivers(
    source: Source, tree: ast.Module, members: frozenset[str], words: frozenset[str]
) -> tuple[tuple[Receiver, ...], tuple[Evidence, ...]]:
    """Read what a file does with members of objects.

    Args:
        source: the file.
        tree: its syntax tree.
        members: the names of the members.
        words: those names, and those that take their place.

    Returns:
        The places that read or set one of the members of something, with what says of which class it is; and the
        classes of the file that may bind one of the words anew.
    """
    if not members:
        return (), ()
    reader = _Reader(source, members, rebindings(tree))
    classes = (node for found in reader.elsewhere.classes.values() for node in found)
    binding = (c for c in map(reader.of_class, classes) if c.methods & words or len(c.bases) > 1)
    return tuple(reader.walk(tree, (tree,))), tuple(c for c in binding if c.bases)


class _Reader:
    def __init__(self, source: Source, members: frozenset[str], elsewhere: Rebindings) -> None:
        self.source = source
        self.members = members
        self.elsewhere = elsewhere

    def walk(self, node: ast.AST, around: _Around) -> Iterator[Receiver]:
        for child in child_nodes(node):
            if isinstance(child, ast.Attribute) and child.attr in self.members:
                evidence = self.of(child.value, around, _DEPTH)
                yield Receiver(node_span(self.source, child), evidence, not isinstance(child.ctx, ast.Load))
            inner = (*around, child) if isinstance(child, SCOPES) else around
            yield from self.walk(child, inner)

    def at(self, node: ast.expr | ast.stmt | ast.arg) -> int:
        return node_span(self.source, node).start

    def of(self, node: ast.expr, around: _Around, depth: int) -> tuple[Evidence, ...]:
        """Return the evidence for the class of an expression."""
        match node:
            case ast.Await(value=ast.Call() as call):
                return self.called(call, "awaited", around)
            case ast.Call():
                return self.called(node, "call", around)
            case ast.NamedExpr(value=value):
                return self.of(value, around, depth)
            case ast.IfExp() | ast.BoolOp() if depth:
                return self.value(node, around, depth - 1) or ()
            case ast.Name(id=name) if depth:
                return self.name(name, around, depth - 1)
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if depth:
                return self.attribute(name, attr, around, depth - 1)
        return ()

    def called(self, call: ast.Call, kind: Literal["call", "awaited"], around: _Around) -> tuple[Evidence, ...]:
        dotted = dotted_name(call.func.value if isinstance(call.func, ast.Subscript) else call.func)
        if dotted == "super":
            return self.super(call, around)
        return (Evidence(kind, dotted, self.at(call)),) if dotted else ()

    def super(self, call: ast.Call, around: _Around) -> tuple[Evidence, ...]:
        """Return the evidence of `super()` in a method, or of `super(Class, self)` with the names of the method."""
        given = [dotted_name(arg) for arg in call.args]
        owner = method_of(given[1] if len(given) == 2 else "", around)
        if owner is None or given not in ([], [owner.name, given[-1] if given else ""]):
            return ()
        return (Evidence("super", owner.name, self.at(owner), bases_of(owner)),)

    def name(self, name: str, around: _Around, depth: int) -> tuple[Evidence, ...]:
        """Return what all bindings of a name in the nearest scope that binds it say; none where one says nothing."""
        tested: list[_Said] = []
        for number in range(len(around), 0, -1):
            scope, inner = around[number - 1], around[:number]
            if isinstance(scope, ast.ClassDef) and number < len(around):
                continue
            tested += self.tested(name, scope)
            found = [*self.bindings(name, scope, inner, depth), *self.bound_below(name, inner, depth)]
            if found:
                return _agreed([*found, *tested])
        return ()

    def tested(self, name: str, scope: ast.AST) -> Iterator[_Said]:
        """Yield what `isinstance` asks about a name: the code itself holds another class for possible."""
        for node in self.elsewhere.own(scope):
            match node:
                case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=asked), of]) if asked == name:
                    yield self.annotation(of, self.at(node), ())

    def bindings(self, name: str, scope: ast.AST, around: _Around, depth: int) -> Iterator[_Said]:
        """Yield the evidence of each binding of a name in a scope."""
        if isinstance(scope, (*FUNCTIONS, ast.Lambda)):
            args = scope.args
            every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
            for arg in every:
                if arg is not None and arg.arg == name:
                    yield self.parameter(arg, scope, around) if arg not in (args.vararg, args.kwarg) else ()
        for node in self.elsewhere.own(scope):
            yield from self.binding(name, node, around, depth)

    def bound_below(self, name: str, around: _Around, depth: int) -> Iterator[_Said]:
        """Yield the evidence of bindings in functions that declare the name `global` or `nonlocal`."""
        for inner in self.elsewhere.declaring(name, around[-1]):
            for node in self.elsewhere.own(inner[-1]):
                if not isinstance(node, (ast.Global, ast.Nonlocal)):
                    yield from self.binding(name, node, inner, depth)

    def binding(self, name: str, node: ast.AST, around: _Around, depth: int) -> Iterator[_Said]:
        match node:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                yield self.value(value, around, depth, own=name)
            case ast.AnnAssign(target=ast.Name(id=bound)) if bound == name:
                yield self.annotated(node, around, depth)
            case ast.NamedExpr(target=ast.Name(id=bound), value=value) if bound == name:
                yield self.value(value, around, depth, own=name)
            case ast.With() | ast.AsyncWith():
                enter = "__enter__" if isinstance(node, ast.With) else "__aenter__"
                for item in node.items:
                    if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == name:
                        yield tuple(e._replace(entered=enter) for e in self.of(item.context_expr, around, depth))
            case _ if name in bound_otherwise(node):
                yield ()

    def value(self, node: ast.expr, around: _Around, depth: int, *, own: str = "") -> _Said:
        """Return the evidence of a value; of `own` itself the other bindings of that name say it."""
        said: list[_Said] = []
        for part in _choices(node):
            if isinstance(part, ast.Constant) and part.value is None:
                continue
            if not (isinstance(part, ast.Name) and part.id == own):
                said.append(self.of(part, around, depth))
        return _agreed(said) if said else None

    def annotated(self, node: ast.AnnAssign, around: _Around, depth: int) -> _Said:
        if dotted_name(node.annotation).rpartition(".")[2] == "Final" and node.value is not None:
            return self.value(node.value, around, depth)
        return self.annotation(node.annotation, self.at(node), around)

    def annotation(self, node: ast.expr | None, at: int, around: _Around) -> tuple[Evidence, ...]:
        dotted = annotated_with(node)
        if not dotted or any(dotted in type_parameters(scope) for scope in around):
            return ()
        return (Evidence("annotation", dotted, at),)

    def parameter(self, arg: ast.arg, scope: _Function, around: _Around) -> tuple[Evidence, ...]:
        if arg.annotation is not None:
            return self.annotation(arg.annotation, self.at_outer(around), around)
        owner = method_of(arg.arg, around)
        return self.own(owner, scope) if owner is not None and not isinstance(scope, ast.Lambda) else ()

    def at_outer(self, around: _Around) -> int:
        """Where the annotations of the innermost function are looked up: in the body of what stands around it."""
        outer = around[-2]
        return self.at(outer.body[0]) if isinstance(outer, (*FUNCTIONS, ast.ClassDef)) else -1

    def own(self, owner: ast.ClassDef, scope: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[Evidence, ...]:
        if any(dotted_name(decorator).rpartition(".")[2] == "staticmethod" for decorator in scope.decorator_list):
            return ()
        return (self.of_class(owner),)

    def of_class(self, node: ast.ClassDef) -> Evidence:
        """Return what is known of an object of a class of the file."""
        return Evidence("self", node.name, self.at(node), bases_of(node), members_of(node))

    def owner(self, name: str, around: _Around) -> ast.ClassDef | None:
        """Return the class of whose objects one is under a name, where that is bound as `self` and nothing else."""
        for number in range(len(around), 0, -1):
            scope, inner = around[number - 1], around[:number]
            if isinstance(scope, ast.ClassDef) and number < len(around):
                continue
            found = [*self.bindings(name, scope, inner, 0), *self.bound_below(name, inner, 0)]
            if found:
                return method_of(name, inner) if len(found) == 1 else None
        return None

    def attribute(self, name: str, attr: str, around: _Around, depth: int) -> tuple[Evidence, ...]:
        """Return what the file says about an attribute of the object of a method: `self.client`."""
        owner = self.owner(name, around)
        if owner is None:
            return ()
        up_to = around[: around.index(owner) + 1]
        found = list(self.bindings(attr, owner, up_to, depth))
        stored = (item for item in self.elsewhere.stored.get(attr, ()) if self.concerns(item, owner))
        found += [self.stored(item, depth) for item in stored]
        return _agreed(found) if found else ()

    def concerns(self, item: Stored, owner: ast.ClassDef) -> bool:
        """Whether what is set may be an attribute of an object of a class: not where it is one of another class."""
        base = item.target.value
        holder = self.owner(base.id, item.around) if isinstance(base, ast.Name) else None
        return holder is None or self.elsewhere.are_kin(holder, owner)

    def stored(self, item: Stored, depth: int) -> _Said:
        match item.statement:
            case ast.Assign(targets=[target], value=value) if target is item.target:
                return self.value(value, item.around, depth)
            case ast.AnnAssign(target=target) as statement if target is item.target:
                return self.annotated(statement, item.around, depth)
        return ()


def _choices(value: ast.expr) -> Iterator[ast.expr]:
    """Yield the values that an expression may have: both of `a if c else b`, all of `a or b`."""
    match value:
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_choices(body), *_choices(orelse))
        case ast.BoolOp(values=values):
            for part in values:
                yield from _choices(part)
        case _:
            yield value


def _agreed(found: Sequence[_Said]) -> tuple[Evidence, ...]:
    """Put the evidence of all bindings together; where one says nothing, nothing can be told."""
    said = [item for item in found if item is not None]
    return tuple(evidence for item in said for evidence in item) if all(said) else ()
