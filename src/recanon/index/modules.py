"""What a module binds at its top level: definitions, imports, aliases and `__all__`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Literal

from recanon.edit import Span
from recanon.index.blocks import inner_blocks, loose_targets, target_names
from recanon.index.definitions import read_definition
from recanon.index.facts import Binding, Export, ModuleFacts
from recanon.index.nodes import dotted_name, node_span
from recanon.source import Source

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def absolute_module(module: str, is_package: bool, node: ast.ImportFrom) -> str:
    """Return the absolute module of a `from` import (the rules of `importlib.util.resolve_name`).

    Args:
        module: dotted name of the module in which the statement stands.
        is_package: whether that module is a package's `__init__`.
        node: the statement.
    """
    if not node.level:
        return node.module or ""
    base = module.split(".")
    drop = node.level - 1 if is_package else node.level
    base = base[: len(base) - drop] if drop else base
    return ".".join([*base, *((node.module or "").split(".") if node.module else [])])


def read_module(
    source: Source, tree: ast.Module, module: str, is_package: bool, words: frozenset[str] | None = None
) -> ModuleFacts:
    """Read what a module binds at its top level, `if`, `try` and `with` blocks included.

    Args:
        source: the file.
        tree: its syntax tree.
        module: its dotted name.
        is_package: whether it is a package's `__init__`.
        words: read the definitions only of a module that defines one of these; None reads them always.
    """
    defined = {node.name for node in tree.body if isinstance(node, _DEFINITIONS)}
    reader = _ModuleReader(source, module, is_package, words is None or bool(words & defined))
    reader.block(tree.body, ())
    bindings = {name: tuple(found) for name, found in reader.bindings.items()}
    exports = tuple(reader.exports) if reader.exports is not None else None
    dynamic = "__getattr__" in bindings
    return ModuleFacts(
        bindings, tuple(reader.stars), exports, tuple(reader.imports), dynamic, last_star=reader.last_star
    )


class _ModuleReader:
    def __init__(self, source: Source, module: str, is_package: bool, detailed: bool) -> None:
        self.detailed = detailed
        self.source = source
        self.module = module
        self.is_package = is_package
        self.bindings: dict[str, list[Binding]] = {}
        self.stars: list[str] = []
        self.last_star = -1
        self.exports: list[Export] | None = None
        self.imports: list[tuple[str, tuple[str, ...]]] = []

    def block(self, body: Iterable[ast.stmt], guards: tuple[str, ...]) -> None:
        for statement in body:
            self.statement(statement, guards)

    def statement(self, node: ast.stmt, guards: tuple[str, ...]) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                kind: Literal["class", "def"] = "class" if isinstance(node, ast.ClassDef) else "def"
                definition = read_definition(self.source, node) if self.detailed else None
                self.bind(Binding(node.name, kind, "", self.span(node), guards, definition))
            case ast.Import():
                self.plain_import(node, guards)
            case ast.ImportFrom():
                self.from_import(node, guards)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                self.assignment(node, guards)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__")), args=args)):
                self.exports = [*(self.exports or []), *(entry for arg in args for entry in self.entries(arg))]
            case _:
                for label, body in inner_blocks(node):
                    self.block(body, (*guards, label) if label else guards)
                for target, _ in loose_targets(node):
                    self.bind(Binding(target, "other", "", self.span(node), guards))

    def plain_import(self, node: ast.Import, guards: tuple[str, ...]) -> None:
        for alias in node.names:
            self.imports.append((alias.name, guards))
            bound = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else bound
            self.bind(Binding(bound, "import", target, self.span(node), guards))

    def from_import(self, node: ast.ImportFrom, guards: tuple[str, ...]) -> None:
        origin = absolute_module(self.module, self.is_package, node)
        for alias in node.names:
            self.imports.append((f"{origin}:{alias.name}", guards))
            if alias.name == "*":
                self.stars.append(origin)
                self.last_star = self.span(node).start
            else:
                target = f"{origin}:{alias.name}"
                self.bind(Binding(alias.asname or alias.name, "import", target, self.span(node), guards))

    def assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, guards: tuple[str, ...]) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        value = dotted_name(node.value) if not isinstance(node, ast.AugAssign) else ""
        for target in targets:
            for name in target_names(target):
                self.bind(Binding(name, "assign", value, self.span(node), guards))
            if isinstance(target, ast.Name) and target.id == "__all__" and node.value is not None:
                self.exports = [*(self.exports or []), *self.entries(node.value)]

    def entries(self, value: ast.expr) -> Iterator[Export]:
        for part in ast.walk(value):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield Export(part.value, node_span(self.source, part))

    def bind(self, binding: Binding) -> None:
        self.bindings.setdefault(binding.name, []).append(binding)

    def span(self, node: ast.stmt) -> Span:
        return node_span(self.source, node)
