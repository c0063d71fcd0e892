"""From the syntax tree of a file to its names, by the rules of Python's execution model."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Sequence

from recanon.edit import Span
from recanon.index.modules import absolute_module
from recanon.index.nodes import dotted_name
from recanon.move import quoted
from recanon.move.import_reader import read_import
from recanon.move.name_notes import Around, NameNotes
from recanon.move.names import LookUp, Names, Place, Role, Scope, Variable
from recanon.source import Source, occurrences

_FLAT = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match)
_EXACT_FSTRINGS = sys.version_info >= (3, 12)


def read_names(source: Source, tree: ast.Module, module: str, is_package: bool) -> Names:
    """Read all names of a file.

    Args:
        source: the file.
        tree: its syntax tree.
        module: its dotted name.
        is_package: whether it is a package's `__init__`.
    """
    namer = _Namer(source, lambda node: absolute_module(module, is_package, node))
    namer.scopes.append(Scope("module", -1))
    whole = Span(0, len(source.text))
    namer.block(tree.body, Around(Place(0, whole, True)), outermost=True)
    return Names(
        tuple(namer.scopes),
        tuple(namer.names),
        tuple(namer.chains),
        tuple(namer.imports),
        namer.declared,
        tuple(namer.look_ups),
    )


class _Namer(NameNotes):
    def block(self, body: Sequence[ast.stmt], around: Around, *, outermost: bool = False) -> None:
        """Read a block; the outermost one of a scope tells for all names below it which of its statements they are in.

        Args:
            body: the statements.
            around: what stands around them.
            outermost: whether the block is the body of its scope, and not one of an `if` or the like.
        """
        number = self.blocks
        self.blocks += 1
        for index, statement in enumerate(body):
            here = Around(around.place, False, around.exact, (number, index, len(body)))
            if outermost:
                place = Place(around.scope, self.span(statement), not isinstance(statement, _FLAT))
                here = here._replace(place=place)
            self.statement(statement, here)

    def statement(self, node: ast.stmt, around: Around) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node, around)
            case ast.ClassDef():
                self.class_(node, around)
            case ast.Import() | ast.ImportFrom():
                bind = lambda text, start: self.note(text, start, "import", around)  # noqa: E731
                self.imports.append(read_import(self.source, node, self.absolute, around.place, around.block, bind))
            case ast.Global() | ast.Nonlocal():
                self.declaration(node, around)
            case ast.AnnAssign():
                self.visit(node.annotation, around.typed())
                self.visit(node.target, around)
                self.visit(node.value, around)
            case ast.AugAssign():
                self.augmented(node, around)
            case _ if type(node).__name__ == "TypeAlias":
                self.type_alias(node, around)
            case _:
                self.children(node, around)

    def children(self, node: ast.AST, around: Around) -> None:
        """Visit what a node holds: its blocks as blocks, the rest one by one."""
        for _, value in ast.iter_fields(node):
            if isinstance(value, list):
                self.listed(value, around)
            elif isinstance(value, ast.AST):
                self.visit(value, around)

    def listed(self, values: list[object], around: Around) -> None:
        statements = [value for value in values if isinstance(value, ast.stmt)]
        if statements:
            self.block(statements, around)
            return
        for value in values:
            if isinstance(value, ast.AST):
                self.visit(value, around)

    def visit(self, node: ast.AST | None, around: Around) -> None:
        match node:
            case None:
                return
            case ast.Name():
                role: Role = {"Load": "load", "Store": "store", "Del": "del"}[type(node.ctx).__name__]  # type: ignore[assignment] # one of the three
                self.note(node.id, self.span(node).start, role, around)
            case ast.Attribute():
                chain = self.attribute_chain(node, around)
                self.visit(chain if isinstance(chain, ast.AST) else None, around.typed(False))
            case ast.Constant(value=str()) if around.annotation:
                self.annotation(node, around)
            case ast.Subscript():
                self.subscript(node, around)
            case ast.Call():
                self.call(node, around)
            case ast.Lambda():
                self.lambda_(node, around)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.comprehension(node, around)
            case ast.NamedExpr():
                self.walrus(node, around)
            case ast.JoinedStr():
                self.children(node, around.typed(False)._replace(exact=around.exact and _EXACT_FSTRINGS))
            case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar() | ast.MatchMapping():
                self.capture(node, around)
            case ast.expr() if not isinstance(node, ast.BinOp | ast.Tuple | ast.List | ast.Starred):
                self.children(node, around.typed(False))
            case _:
                self.children(node, around)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, around: Around) -> None:
        self.definition(node, around)
        arguments = node.args
        for default in [*arguments.defaults, *arguments.kw_defaults]:
            self.visit(default, around)
        outer = self.type_parameters(node, around)
        for argument in _arguments(arguments):
            self.visit(argument.annotation, outer.typed())
        self.visit(node.returns, outer.typed())
        inner = self.enter("function", outer)
        for argument in _arguments(arguments):
            self.note(argument.arg, self.span(argument).start, "parameter", inner)
        self.block(node.body, inner, outermost=True)

    def class_(self, node: ast.ClassDef, around: Around) -> None:
        self.definition(node, around)
        outer = self.type_parameters(node, around)
        for base in [*node.bases, *node.keywords]:
            self.visit(base, outer)
        self.block(node.body, self.enter("class", outer), outermost=True)

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, around: Around) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator, around)
        start = self.span(node).start
        keyword = "class" if isinstance(node, ast.ClassDef) else "def"
        at = next(occurrences(self.text()[start:], keyword)) + len(keyword)
        self.note(node.name, start + at + next(occurrences(self.text()[start + at :], node.name)), "define", around)

    def type_parameters(self, node: ast.stmt, around: Around) -> Around:
        parameters: list[ast.AST] = getattr(node, "type_params", [])
        if not parameters:
            return around
        inner = self.enter("type", around)
        for parameter in parameters:
            name = str(getattr(parameter, "name", ""))
            start = self.span(parameter).start  # type: ignore[arg-type] # a type parameter, unknown to Python 3.11
            self.note(name, start + next(occurrences(self.text()[start:], name)), "parameter", inner)
            self.children(parameter, inner.typed())
        return inner

    def type_alias(self, node: ast.stmt, around: Around) -> None:
        self.visit(node.name, around)  # type: ignore[attr-defined] # a node that Python 3.11 does not know
        self.visit(node.value, self.type_parameters(node, around))  # type: ignore[attr-defined] # the same

    def lambda_(self, node: ast.Lambda, around: Around) -> None:
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            self.visit(default, around.typed(False))
        inner = self.enter("function", around)
        for argument in _arguments(node.args):
            self.note(argument.arg, self.span(argument).start, "parameter", inner)
        self.visit(node.body, inner)

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, around: Around) -> None:
        outer = around.typed(False)
        inner = self.enter("comprehension", outer)
        for number, generator in enumerate(node.generators):
            self.visit(generator.iter, inner if number else outer)
            self.visit(generator.target, inner)
            for test in generator.ifs:
                self.visit(test, inner)
        for part in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
            self.visit(part, inner)

    def walrus(self, node: ast.NamedExpr, around: Around) -> None:
        """It binds in the nearest scope that is no comprehension."""
        scope = around.scope
        while self.scopes[scope].kind == "comprehension":
            scope = self.scopes[scope].parent
        self.note(node.target.id, self.span(node.target).start, "store", around.into(scope))
        self.visit(node.value, around.typed(False))

    def augmented(self, node: ast.AugAssign, around: Around) -> None:
        if isinstance(node.target, ast.Name):
            self.note(node.target.id, self.span(node.target).start, "augment", around)
        else:
            self.visit(node.target, around)
        self.visit(node.value, around)

    def declaration(self, node: ast.Global | ast.Nonlocal, around: Around) -> None:
        span = self.span(node)
        for text in node.names:
            self.declared[Variable(around.scope, text)] = isinstance(node, ast.Global)
            for at in occurrences(self.source.cut(span), text):
                self.note(text, span.start + at, "declare", around)

    def capture(self, node: ast.ExceptHandler | ast.pattern, around: Around) -> None:
        """Note the name that an `except` or a pattern binds, where it binds one."""
        self.children(node, around)
        span = self.span(node)
        if isinstance(node, ast.ExceptHandler):
            if node.name and node.type:
                end = self.span(node.type).end
                self.note(node.name, end + _behind(self.text()[end:], "as", node.name), "store", around)
        elif isinstance(node, ast.MatchMapping):
            if node.rest:
                at = max(occurrences(self.source.cut(span), node.rest))
                self.note(node.rest, span.start + at, "store", around)
        elif name := getattr(node, "name", None):
            self.note(name, span.end - len(name), "store", around)

    def subscript(self, node: ast.Subscript, around: Around) -> None:
        self.visit(node.value, around.typed(False))
        last = dotted_name(node.value).rpartition(".")[2]
        if last == "Literal":
            self.visit(node.slice, around.typed(False))
        elif last == "Annotated" and isinstance(node.slice, ast.Tuple):
            self.visit(node.slice.elts[0], around.typed(around.annotation or quoted.names_types(last)))
            for element in node.slice.elts[1:]:
                self.visit(element, around.typed(False))
        else:
            self.visit(node.slice, around.typed(around.annotation or quoted.names_types(last)))

    def call(self, node: ast.Call, around: Around) -> None:
        self.visit(node.func, around.typed(False))
        self.look_up(node, around)
        last = dotted_name(node.func).rpartition(".")[2]
        for number, argument in enumerate(node.args):
            self.visit(argument, around.typed(quoted.takes_type(last, number)))
        for keyword in node.keywords:
            self.visit(keyword.value, around.typed(quoted.takes_type(last, keyword.arg or "")))

    def look_up(self, node: ast.Call, around: Around) -> None:
        """Note what a call takes apart by a name in a string: `getattr(module, "name")`, `patch.object(...)`."""
        match node.args:
            case [ast.Name() | ast.Attribute() as owner, ast.Constant(value=str()) as text, *_] if dotted_name(owner):
                self.look_ups.append(LookUp(self.span(owner), dotted_name(owner), self.span(text), around.place))

    def annotation(self, node: ast.Constant, around: Around) -> None:
        """Read the names of a string annotation; where they stand is exact only in one plain token."""
        if self.island is not None:
            return
        island = quoted.parse(self.source, node)
        if island is not None:
            self.island = island
            self.visit(island.body, around.typed()._replace(exact=around.exact and island.exact))
            self.island = None


def _arguments(node: ast.arguments) -> Iterable[ast.arg]:
    loose = [argument for argument in (node.vararg, node.kwarg) if argument]
    return [*node.posonlyargs, *node.args, *node.kwonlyargs, *loose]


def _behind(text: str, word: str, name: str) -> int:
    """Return where a name stands behind a word."""
    at = next(occurrences(text, word)) + len(word)
    return at + next(occurrences(text[at:], name))
