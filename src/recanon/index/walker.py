"""The deep pass over one file: scopes, imports, bindings and uses of the words that matter.

Every place that binds or reads a name holds that name in its text. So the pass goes only into statements whose
lines hold one of the words, which makes it cheap and still exact.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from recanon.edit import Span
from recanon.index.context import Ancestors, describe_use
from recanon.index.facts import Binding, ImportedName, ImportStatement, Scope, ScopeKind, Text, Use
from recanon.index.mentions import Triggers
from recanon.index.modules import (
    absolute_module,
    dotted_name,
    inner_blocks,
    loose_targets,
    node_span,
    read_definition,
)
from recanon.index.strings import describe_text
from recanon.source import Source


@dataclass
class Walk:
    """What one deep pass has found."""

    scopes: list[Scope] = field(default_factory=list)
    imports: list[ImportStatement] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    code: list[tuple[Span, str]] = field(default_factory=list)
    fstrings: list[Span] = field(default_factory=list)


class Walker:
    """Walk a tree and note every place that concerns one of the words.

    Args:
        source: the file.
        module: its dotted name.
        is_package: whether it is a package's `__init__`.
        words: the identifiers that matter.
        triggers: what to look for in strings.
        lines: sorted numbers of the lines that hold a word or a trigger.
    """

    def __init__(
        self,
        source: Source,
        module: str,
        is_package: bool,
        *,
        words: frozenset[str],
        triggers: Triggers,
        lines: Sequence[int],
    ) -> None:
        self.source = source
        self.module = module
        self.is_package = is_package
        self.words = words
        self.triggers = triggers
        self.lines = lines
        self.found = Walk()
        self.suites = 0

    def run(self, tree: ast.Module) -> Walk:
        """Walk the whole module."""
        whole = Span(0, len(self.source.text))
        self.found.scopes.append(Scope("module", -1, self.module, whole))
        self.block(tree.body, Ancestors(scope=0))
        return self.found

    def concerns(self, node: ast.stmt | ast.expr) -> bool:
        """Return whether a line of the node holds a word."""
        first = node.lineno
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.decorator_list:
            first = min(first, node.decorator_list[0].lineno)
        place = bisect_left(self.lines, first)
        return place < len(self.lines) and self.lines[place] <= (node.end_lineno or first)

    def block(self, body: Sequence[ast.stmt], above: Ancestors) -> None:
        suite = self.suites
        self.suites += 1
        for index, statement in enumerate(body):
            if self.concerns(statement):
                self.statement(statement, above.into_statement(statement, suite, index, len(body)))

    def statement(self, node: ast.stmt, above: Ancestors) -> None:
        match node:
            case ast.Import() | ast.ImportFrom():
                self.import_statement(node, above)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node, above)
            case ast.ClassDef():
                self.class_(node, above)
            case ast.Global() | ast.Nonlocal():
                self.declare(node, above)
            case _:
                self.simple(node, above)

    def simple(self, node: ast.stmt, above: Ancestors) -> None:
        blocks = [(label, body) for label, body in inner_blocks(node) if body]
        inside = {id(statement) for _, body in blocks for statement in body}
        for name in loose_targets(node):
            if name in self.words:
                self.bind(name, "other", node_span(self.source, node), above)
        for child in _children(node, inside):
            self.expression(child, above)
        for label, body in blocks:
            self.block(body, above.guarded(label))

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, above: Ancestors) -> None:
        if node.name in self.words:
            self.define(node, "def", above)
        for decorator in node.decorator_list:
            self.expression(decorator, above.within("decorator"))
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.expression(default, above)
        inner = self.enter(node, "async function" if isinstance(node, ast.AsyncFunctionDef) else "function", above)
        self.parameters(node.args, above, inner)
        if node.returns is not None:
            self.expression(node.returns, above.within("annotation"))
        self.block(node.body, inner)

    def parameters(self, args: ast.arguments, above: Ancestors, inner: Ancestors) -> None:
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *(a for a in (args.vararg, args.kwarg) if a)]
        for arg in every:
            if arg.annotation is not None:
                self.expression(arg.annotation, above.within("annotation"))
            if arg.arg in self.words:
                self.note(Span(node_span(self.source, arg).start, node_span(self.source, arg).start + len(arg.arg)), arg.arg)
                self.bind(arg.arg, "param", node_span(self.source, arg), inner)

    def class_(self, node: ast.ClassDef, above: Ancestors) -> None:
        if node.name in self.words:
            self.define(node, "class", above)
        for expression in node.decorator_list:
            self.expression(expression, above.within("decorator"))
        for expression in [*node.bases, *(keyword.value for keyword in node.keywords)]:
            self.expression(expression, above.within("base"))
        self.block(node.body, self.enter(node, "class", above))

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, kind: str, above: Ancestors) -> None:
        definition = read_definition(self.source, node)
        start = self.source.offset(node.lineno, node.col_offset)
        name_at = self.source.text.index(node.name, start + len("class" if kind == "class" else "def"))
        self.note(Span(name_at, name_at + len(node.name)), node.name)
        self.found.bindings.append(
            Binding(
                node.name,
                "class" if kind == "class" else "def",
                "",
                definition.span,
                above.local_guards,
                definition,
                scope=above.scope,
            )
        )

    def enter(self, node: ast.stmt | ast.expr, kind: ScopeKind, above: Ancestors) -> Ancestors:
        name = getattr(node, "name", "")
        self.found.scopes.append(Scope(kind, above.scope, name, node_span(self.source, node)))
        return above.into_scope(len(self.found.scopes) - 1, kind)

    def declare(self, node: ast.Global | ast.Nonlocal, above: Ancestors) -> None:
        span = node_span(self.source, node)
        for name in node.names:
            if name in self.words:
                self.bind(name, "other", span, above)
                for match in re.finditer(rf"\b{name}\b", self.source.cut(span)):
                    self.note(Span(span.start + match.start(), span.start + match.end()), name)

    def import_statement(self, node: ast.Import | ast.ImportFrom, above: Ancestors) -> None:
        is_from = isinstance(node, ast.ImportFrom)
        module = absolute_module(self.module, self.is_package, node) if isinstance(node, ast.ImportFrom) else ""
        names = tuple(self.imported(alias) for alias in node.names)
        number = len(self.found.imports)
        span = node_span(self.source, node)
        suite, index, size = above.place
        self.found.imports.append(
            ImportStatement(
                span,
                module,
                _module_span(self.source, span) if is_from else span,
                names,
                above.scope,
                suite,
                index,
                size,
                above.guards,
                is_from,
            )
        )
        for name in names:
            self.import_binding(name, module if is_from else None, number, above)
            for piece in (name.name, name.asname):
                if piece in self.words:
                    self.note(name.name_span if piece == name.name else _tail(name.span, piece), piece)

    def import_binding(self, name: ImportedName, module: str | None, number: int, above: Ancestors) -> None:
        bound = name.bound if module is not None or name.asname else name.name.partition(".")[0]
        if name.name == "*":
            kind, target = "star", module or ""
        elif module is None:
            kind, target = "import", name.name if name.asname else bound
        else:
            kind, target = "import", f"{module}:{name.name}"
        self.found.bindings.append(
            Binding(
                bound,
                "star" if kind == "star" else "import",
                target,
                name.span,
                above.local_guards,
                None,
                number,
                above.scope,
            )
        )

    def imported(self, alias: ast.alias) -> ImportedName:
        span = node_span(self.source, alias)
        return ImportedName(
            alias.name, alias.asname or "", span, Span(span.start, span.start + len(alias.name))
        )

    def bind(self, name: str, kind: str, span: Span, above: Ancestors, target: str = "") -> None:
        self.found.bindings.append(
            Binding(
                name,
                "param" if kind == "param" else "assign" if kind == "assign" else "other",
                target,
                span,
                above.local_guards,
                scope=above.scope,
            )
        )

    def note(self, span: Span, word: str) -> None:
        """Remember that code stands at a span, not text."""
        self.found.code.append((span, word))

    def expression(self, node: ast.AST, above: Ancestors) -> None:
        if isinstance(node, (ast.expr, ast.stmt)) and not self.concerns(node):
            return
        match node:
            case ast.Name():
                self.name(node, above)
            case ast.Attribute():
                self.attribute(node, above)
            case ast.Constant(value=str()):
                self.constant(node, above)
            case ast.JoinedStr():
                self.fstring(node, above)
            case ast.Lambda():
                inner = self.enter(node, "lambda", above.down(node))
                self.parameters(node.args, above.down(node), inner)
                self.expression(node.body, inner)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.comprehension(node, above)
            case ast.keyword():
                self.keyword(node, above)
            case _:
                self.children(node, above)

    def children(self, node: ast.AST, above: Ancestors) -> None:
        below = above.down(node)
        for name, value in ast.iter_fields(node):
            step = below.within("annotation") if name in {"annotation", "returns"} else below
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    self.expression(child, step)

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, above: Ancestors
    ) -> None:
        below = above.down(node)
        inner = self.enter(node, "comprehension", below)
        for number, generator in enumerate(node.generators):
            self.expression(generator.iter, inner if number else below)
            self.expression(generator.target, inner)
            for test in generator.ifs:
                self.expression(test, inner)
        for part in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
            self.expression(part, inner)

    def keyword(self, node: ast.keyword, above: Ancestors) -> None:
        if node.arg in self.words:
            start = node_span(self.source, node).start
            self.note(Span(start, start + len(node.arg or "")), node.arg or "")
        self.expression(node.value, above.down(node))

    def name(self, node: ast.Name, above: Ancestors) -> None:
        if node.id not in self.words:
            return
        span = node_span(self.source, node)
        self.note(span, node.id)
        if isinstance(node.ctx, ast.Load):
            self.found.uses.append(describe_use(self.source, node, node.id, above, follow=node.id in self.triggers.words))
        else:
            value = above.statement.value if isinstance(above.statement, (ast.Assign, ast.AnnAssign)) else None
            self.bind(node.id, "assign", span, above, dotted_name(value) if value is not None else "")

    def attribute(self, node: ast.Attribute, above: Ancestors) -> None:
        dotted = dotted_name(node)
        root = dotted.partition(".")[0]
        span = node_span(self.source, node)
        if node.attr in self.words:
            self.note(Span(span.end - len(node.attr), span.end), node.attr)
            if not dotted:
                self.found.uses.append(describe_use(self.source, node, f"?.{node.attr}", above))
        if dotted and (root in self.words or any(part in self.words for part in dotted.split("."))):
            self.found.uses.append(describe_use(self.source, node, dotted, above, follow=node.attr in self.triggers.words))
            if root in self.words:
                self.note(Span(span.start, span.start + len(root)), root)
            self.inner_attributes(node.value)
            return
        self.expression(node.value, above.down(node))

    def inner_attributes(self, node: ast.expr) -> None:
        while isinstance(node, ast.Attribute):
            span = node_span(self.source, node)
            if node.attr in self.words:
                self.note(Span(span.end - len(node.attr), span.end), node.attr)
            node = node.value

    def constant(self, node: ast.Constant, above: Ancestors) -> None:
        assert isinstance(node.value, str)
        if self.triggers.holds(node.value):
            self.found.texts.append(describe_text(self.source, node, above))

    def fstring(self, node: ast.JoinedStr, above: Ancestors) -> None:
        span = node_span(self.source, node)
        self.found.fstrings.append(span)
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id in self.words and isinstance(part.ctx, ast.Load):
                self.found.uses.append(describe_use(self.source, part, part.id, above, whole=span))


def _children(node: ast.stmt, without: set[int]) -> Iterable[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.ExceptHandler, ast.match_case)):
            yield from (inner for inner in ast.iter_child_nodes(child) if id(inner) not in without)
        elif isinstance(child, ast.withitem):
            yield from ast.iter_child_nodes(child)
        elif id(child) not in without:
            yield child


def _module_span(source: Source, span: Span) -> Span:
    match = re.match(r"from\s*(?:\\\s*)?([.\s]*[\w.\s]*?)\s*(?:\\\s*)?\bimport\b", source.cut(span))
    assert match is not None
    return Span(span.start + match.start(1), span.start + match.end(1))


def _tail(span: Span, piece: str) -> Span:
    return Span(span.end - len(piece), span.end)

