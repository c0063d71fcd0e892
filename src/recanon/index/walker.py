"""The deep pass over one file: scopes, imports, bindings and uses of the words that matter.

Every place that binds or reads a name holds that name in its text. So the pass goes only into statements whose
lines hold one of the words, which makes it cheap and still exact.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from recanon.edit import Span
from recanon.index.blocks import decorator_label, inner_blocks, loose_targets
from recanon.index.context import Ancestors
from recanon.index.definitions import read_definition
from recanon.index.expressions import Expressions, Walk
from recanon.index.facts import Alias, Binding, ImportedName, ImportStatement, Scope, ScopeKind
from recanon.index.modules import absolute_module
from recanon.index.nodes import child_nodes, node_span
from recanon.source import Source, occurrences


class Walker(Expressions):
    """Walk the statements of a module."""

    def run(self, tree: ast.Module) -> Walk:
        """Walk the whole module."""
        whole = Span(0, len(self.source.text))
        self.found.scopes.append(Scope("module", -1, self.module, whole))
        self.block(tree.body, Ancestors(scope=0))
        return self.found

    def block(self, body: Sequence[ast.stmt], above: Ancestors) -> None:
        suite = self.suites
        self.suites += 1
        self.found.statements += [(statement.lineno, statement.col_offset) for statement in body]
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
        for name, holder in loose_targets(node):
            if name in self.words:
                self.bind(name, "other", self.last_in(name, holder), above)
        self.alias(node, above)
        annotation = node.annotation if isinstance(node, ast.AnnAssign) else None
        for child in _children(node, inside):
            self.expression(child, above.within("annotation") if child is annotation else above)
        for label, body in blocks:
            self.block(body, above.guarded(label))

    def alias(self, node: ast.stmt, above: Ancestors) -> None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name) as target], value=ast.Name(id=value)) if name in self.words:
                span, whole = node_span(self.source, target), node_span(self.source, node)
                self.found.aliases.append(Alias(name, value, span, whole, above.scope, above.place[2]))

    def last_in(self, name: str, holder: ast.ExceptHandler | ast.pattern | ast.expr) -> Span:
        """Return where a name stands last in the head of what binds it."""
        span = node_span(self.source, holder)
        if isinstance(holder, ast.ExceptHandler):
            span = Span(span.start, node_span(self.source, holder.body[0]).start)
        at = max(occurrences(self.source.cut(span), name), default=0)
        found = Span(span.start + at, span.start + at + len(name))
        self.note(found, name)
        return found

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, above: Ancestors) -> None:
        if node.name in self.words:
            self.define(node, "def", above)
        for decorator in node.decorator_list:
            self.expression(decorator, above.within("decorator"))
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.expression(default, above)
        kind: ScopeKind = "async function" if isinstance(node, ast.AsyncFunctionDef) else "function"
        inner = self.enter(node, kind, above.guarded(decorator_label(node)))
        self.type_parameters(node, inner)
        self.parameters(node.args, above, inner)
        if node.returns is not None:
            self.expression(node.returns, above.within("annotation"))
        self.block(node.body, inner)

    def type_parameters(self, node: ast.stmt, inner: Ancestors) -> None:
        for parameter in getattr(node, "type_params", ()):
            self.expression(parameter, inner)

    def class_(self, node: ast.ClassDef, above: Ancestors) -> None:
        if node.name in self.words:
            self.define(node, "class", above)
        for expression in node.decorator_list:
            self.expression(expression, above.within("decorator"))
        for expression in [*node.bases, *(keyword.value for keyword in node.keywords)]:
            self.expression(expression, above.within("base"))
        inner = self.enter(node, "class", above.guarded(decorator_label(node)))
        self.type_parameters(node, inner)
        self.block(node.body, inner)

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

    def declare(self, node: ast.Global | ast.Nonlocal, above: Ancestors) -> None:
        """A name is bound in another scope by the function that declares it: the module's, or that of a function."""
        span = node_span(self.source, node)
        for name in node.names:
            if name in self.words:
                scopes = {0} if isinstance(node, ast.Global) else {above.scope, self.outer(name, above.scope)}
                for scope in sorted(scopes):
                    self.bind(name, "other", span, above._replace(scope=scope))
                for at in occurrences(self.source.cut(span), name):
                    self.note(Span(span.start + at, span.start + at + len(name)), name)

    def outer(self, name: str, scope: int) -> int:
        """Return the scope around one in which a `nonlocal` name is bound: the nearest that binds it so far."""
        around = []
        while (scope := self.found.scopes[scope].parent) > 0:
            around.append(scope)
        binding = {b.scope for b in self.found.bindings if b.name == name}
        return next((found for found in around if found in binding), around[0] if around else 0)

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
            parts = name.name.split(".")
            for piece in [part for part in parts if part in self.words]:
                at = name.span.start + len(".".join(parts[: parts.index(piece)])) + (parts.index(piece) > 0)
                self.note(Span(at, at + len(piece)), piece)
            if name.asname in self.words:
                self.note(_tail(name.span, name.asname), name.asname)

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
        return ImportedName(alias.name, alias.asname or "", span, Span(span.start, span.start + len(alias.name)))


def _children(node: ast.stmt, without: set[int]) -> Iterable[ast.AST]:
    for child in child_nodes(node):
        if isinstance(child, (ast.ExceptHandler, ast.match_case)):
            yield from (inner for inner in child_nodes(child) if id(inner) not in without)
        elif isinstance(child, ast.withitem):
            yield from child_nodes(child)
        elif id(child) not in without:
            yield child


def _module_span(source: Source, span: Span) -> Span:
    match = re.match(r"from[\s\\]*([.\w\s\\]*?)[\s\\]*\bimport\b", source.cut(span))
    assert match is not None
    return Span(span.start + match.start(1), span.start + match.end(1))


def _tail(span: Span, piece: str) -> Span:
    return Span(span.end - len(piece), span.end)
