"""How a module is built: its classes, what its functions give back, and whether it only hands names on.

Facts alone, read for the modules that the detectors of an audit look into; what they mean is judged elsewhere.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from recanon.index.blocks import own_statements
from recanon.index.handing import deed, hands_on
from recanon.index.modules import absolute_module
from recanon.index.nodes import dotted_name
from recanon.index.reader import parse
from recanon.index.values import assigned_calls, called_name, returned_values, targets
from recanon.source import Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_STATIC = {"staticmethod", "classmethod"}


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method and what it gives back.

    Args:
        name, owner: its name, and that of its class or "".
        line, column: where it is defined, from 1.
        static: whether it is a static or class method.
        calls: dotted names of what is called for a value that it returns.
        names: dotted names that it returns as they are.
        kept: dotted names of what is called for a value that it returns and that outlives the call: a global name, or
            an attribute of its class.
        imports: what it imports itself: local name and `module:name`.
    """

    name: str
    owner: str
    line: int
    column: int
    static: bool
    calls: tuple[str, ...]
    names: tuple[str, ...]
    kept: tuple[str, ...]
    imports: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Class:
    """A class: its bases as they are written, its methods, and those of them that are abstract or stubs."""

    name: str
    line: int
    column: int
    bases: tuple[str, ...]
    methods: frozenset[str]
    empty: frozenset[str]
    nested: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement at the top of a module: what it does, and where."""

    what: str
    line: int
    column: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """How a module is built.

    Args:
        path, module: the file and its dotted name.
        classes: every class in it.
        functions: its functions and the methods of its classes; none that stand in a function.
        own: statements at its top that do more than hand names on.
        instances: names at its top that are assigned a call, `what` is called.
        outside: attributes of other things that it assigns when it is imported.
    """

    path: str
    module: str
    classes: tuple[Class, ...]
    functions: tuple[Function, ...]
    own: tuple[Placed, ...]
    instances: tuple[Placed, ...]
    outside: tuple[Placed, ...]


def read_structure(source: Source, module: str, is_package: bool) -> Structure:
    """Read how a module is built.

    Raises:
        SourceError: it does not parse.
    """
    reader = _Reader(source, module, is_package)
    tree = parse(source)
    top = list(own_statements(tree.body))
    return Structure(
        source.path,
        module,
        tuple(reader.classes(tree)),
        tuple(reader.functions(top, "")),
        tuple(reader.placed(deed(node), node) for node in tree.body if not hands_on(node)),
        tuple(reader.assigned(top)),
        tuple(reader.outside(top)),
    )


class _Reader:
    def __init__(self, source: Source, module: str, is_package: bool) -> None:
        self.source = source
        self.module = module
        self.is_package = is_package

    def placed(self, what: str, node: ast.stmt, name: str = "") -> Placed:
        return Placed(what, *self.position(node), name)

    def position(self, node: ast.stmt) -> tuple[int, int]:
        return self.source.position(self.source.offset(node.lineno, node.col_offset))

    def classes(self, tree: ast.Module) -> Iterator[Class]:
        top = {id(node) for node in _with_classes(own_statements(tree.body))}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                methods = [inner for inner in own_statements(node.body) if isinstance(inner, _FUNCTIONS)]
                yield Class(
                    node.name,
                    *self.position(node),
                    tuple(dotted_name(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases),
                    frozenset(method.name for method in methods),
                    frozenset(method.name for method in methods if _is_empty(method)),
                    id(node) not in top,
                )

    def functions(self, body: Iterable[ast.stmt], owner: str) -> Iterator[Function]:
        for node in body:
            if isinstance(node, _FUNCTIONS):
                yield self.function(node, owner)
            elif isinstance(node, ast.ClassDef):
                yield from self.functions(own_statements(node.body), node.name)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> Function:
        own = list(own_statements(node.body))
        assigned = list(assigned_calls(own))
        lasting = {name for inner in own if isinstance(inner, ast.Global) for name in inner.names}
        calls: list[str] = []
        names: list[str] = []
        kept: list[str] = []
        for value in returned_values(own):
            called = called_name(value)
            name = dotted_name(value)
            made = [made for target, made in assigned if target == name and made]
            calls += [called] if called else made
            names += [name] if name and not made else []
            kept += made if name in lasting or name.partition(".")[0] in {"cls", owner} else []
        return Function(
            node.name,
            owner,
            *self.position(node),
            any(dotted_name(decorator) in _STATIC for decorator in node.decorator_list),
            tuple(dict.fromkeys(calls)),
            tuple(dict.fromkeys(names)),
            tuple(dict.fromkeys(kept)),
            tuple(self.imported(own)),
        )

    def imported(self, own: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
        for node in own:
            if isinstance(node, ast.ImportFrom):
                origin = absolute_module(self.module, self.is_package, node)
                yield from ((alias.asname or alias.name, f"{origin}:{alias.name}") for alias in node.names)

    def assigned(self, top: Sequence[ast.stmt]) -> Iterator[Placed]:
        for node in top:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and called_name(node.value):
                for target in targets(node):
                    if isinstance(target, ast.Name):
                        yield self.placed(called_name(node.value), node, target.id)

    def outside(self, top: Sequence[ast.stmt]) -> Iterator[Placed]:
        for node in top:
            if isinstance(node, (ast.Assign, ast.AnnAssign)):
                for target in targets(node):
                    if isinstance(target, ast.Attribute) and dotted_name(target):
                        yield self.placed("assigns", node, dotted_name(target))


def _with_classes(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if isinstance(node, ast.ClassDef):
            yield from _with_classes(own_statements(node.body))


def _is_empty(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method is abstract or does nothing: a docstring, `...`, `pass`, or raising NotImplementedError."""
    if any(dotted_name(decorator).rpartition(".")[2] == "abstractmethod" for decorator in node.decorator_list):
        return True
    return all(_does_nothing(statement) for statement in node.body)


def _does_nothing(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError")) | ast.Name(id="NotImplementedError")):
            return True
    return False
