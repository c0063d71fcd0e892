"""What a module binds at its top level: definitions, imports, aliases and `__all__`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from recanon.edit import Span
from recanon.index.facts import Binding, Definition, Export, ModuleFacts, Param, ParamKind
from recanon.source import Source

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def dotted_name(node: ast.expr | None) -> str:
    """Return the dotted name of a chain of attributes on a name, or "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    parts.append(node.id)
    return ".".join(reversed(parts))


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


Located = ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword | ast.ExceptHandler | ast.pattern


def node_span(source: Source, node: Located) -> Span:
    """Return the span of a node."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Span(source.offset(node.lineno, node.col_offset), source.offset(node.end_lineno, node.end_col_offset))


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
    return ModuleFacts(bindings, tuple(reader.stars), exports, tuple(reader.imports), "__getattr__" in bindings)


class _ModuleReader:
    def __init__(self, source: Source, module: str, is_package: bool, detailed: bool) -> None:
        self.detailed = detailed
        self.source = source
        self.module = module
        self.is_package = is_package
        self.bindings: dict[str, list[Binding]] = {}
        self.stars: list[str] = []
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
        if isinstance(part, ast.MatchClass):
            yield from ((keyword, part) for keyword in part.kwd_attrs)


def target_names(node: ast.expr) -> Iterator[str]:
    """Yield the names that an assignment target binds."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id


def read_definition(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Definition:
    """Read a definition: its parameters, whether it is async, what it raises on and returns."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    span = Span(source.offset(first, node.col_offset), node_span(source, node).end)
    decorated = bool(node.decorator_list)
    if isinstance(node, ast.ClassDef):
        init = next((s for s in node.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"), None)
        params = _params(init.args)[1:] if init else ()
        return Definition(node.name, "class", False, params, span, decorated=decorated, init=init is not None)
    returned = [n.value for n in _own_nodes(node) if isinstance(n, ast.Return)]
    calls = tuple(dotted_name(value.func) if isinstance(value, ast.Call) else "" for value in returned)
    names = {dotted_name(value) for value in returned}
    return Definition(
        node.name,
        "function",
        isinstance(node, ast.AsyncFunctionDef),
        _params(node.args),
        span,
        _rejects_none(node),
        calls if all(calls) else (),
        names.pop() if len(names) == 1 else "",
        decorated,
    )


def _own_nodes(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    stack: list[ast.AST] = list(node.body)
    while stack:
        inner = stack.pop()
        yield inner
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(inner))


def _params(args: ast.arguments) -> tuple[Param, ...]:
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
