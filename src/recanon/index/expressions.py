"""The deep pass within statements: names read, attributes, strings, lambdas and comprehensions."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from recanon.edit import Span
from recanon.index.context import Ancestors, describe_use
from recanon.index.facts import Alias, Binding, ImportStatement, Scope, ScopeKind, Text
from recanon.index.mentions import Triggers
from recanon.index.nodes import dotted_name, node_span
from recanon.index.quoted import annotation_in, is_type
from recanon.index.strings import describe_fstring, describe_keyword, describe_text, is_stand_in
from recanon.index.usage import Use
from recanon.source import Source

# Statements whose targets the walker binds itself, and expressions that bind a name wherever they stand.
_HEADS = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)
_BINDING = (ast.NamedExpr, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_TYPE_PARAMETERS = {"TypeVar", "ParamSpec", "TypeVarTuple"}


@dataclass
class Walk:
    """What one deep pass has found."""

    scopes: list[Scope] = field(default_factory=list)
    imports: list[ImportStatement] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    code: list[tuple[Span, str]] = field(default_factory=list)
    fstrings: list[Span] = field(default_factory=list)
    statements: list[tuple[int, int]] = field(default_factory=list)


class Expressions:
    """Walk expressions and note every place that concerns one of the words.

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

    def concerns(self, node: ast.stmt | ast.expr) -> bool:
        """Return whether a line of the node holds a word."""
        first = node.lineno
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.decorator_list:
            first = min(first, node.decorator_list[0].lineno)
        place = bisect_left(self.lines, first)
        return place < len(self.lines) and self.lines[place] <= (node.end_lineno or first)

    def note(self, span: Span, word: str) -> None:
        """Remember that code stands at a span, not text."""
        self.found.code.append((span, word))

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

    def enter(self, node: ast.stmt | ast.expr, kind: ScopeKind, above: Ancestors) -> Ancestors:
        name = getattr(node, "name", "")
        self.found.scopes.append(Scope(kind, above.scope, name, node_span(self.source, node)))
        return above.into_scope(len(self.found.scopes) - 1, kind)

    def parameters(self, args: ast.arguments, above: Ancestors, inner: Ancestors) -> None:
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *(a for a in (args.vararg, args.kwarg) if a)]
        for arg in every:
            if arg.annotation is not None:
                self.expression(arg.annotation, above.within("annotation"))
            if arg.arg in self.words:
                self.note(
                    Span(node_span(self.source, arg).start, node_span(self.source, arg).start + len(arg.arg)), arg.arg
                )
                self.bind(arg.arg, "param", node_span(self.source, arg), inner)

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
                for default in [*node.args.defaults, *node.args.kw_defaults]:
                    if default is not None:
                        self.expression(default, above.down(node))
                self.parameters(node.args, above.down(node), inner)
                self.expression(node.body, inner)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.comprehension(node, above)
            case ast.keyword():
                self.keyword(node, above)
            case ast.MatchClass():
                self.class_pattern(node, above)
            case _ if type(node).__name__ in _TYPE_PARAMETERS:
                self.type_parameter(node, above)
            case _:
                self.children(node, above)

    def type_parameter(self, node: ast.AST, above: Ancestors) -> None:
        """Note a type parameter of PEP 695, which the oldest supported Python does not know."""
        name = str(getattr(node, "name", ""))
        if name in self.words:
            start = self.source.offset(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
            at = start + max(self.source.text[start : start + len(name) + 2].find(name), 0)
            span = Span(at, at + len(name))
            self.note(span, name)
            self.bind(name, "other", span, above)
        self.children(node, above.within("annotation"))

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
        inner = inner._replace(generator=inner.generator or isinstance(node, ast.GeneratorExp))
        for number, generator in enumerate(node.generators):
            self.expression(generator.iter, inner if number else below)
            self.expression(generator.target, inner)
            for test in generator.ifs:
                self.expression(test, inner)
        for part in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
            self.expression(part, inner)

    def keyword(self, node: ast.keyword, above: Ancestors) -> None:
        if node.arg in self.triggers.words:
            start = node_span(self.source, node).start
            span = Span(start, start + len(node.arg or ""))
            self.note(span, node.arg or "")
            text = describe_keyword(node.arg or "", span, above)
            given = node.arg in self.triggers.members and is_stand_in(text.inside)
            self.found.texts.append(text._replace(role="stand-in") if given else text)
        self.expression(node.value, above.down(node))

    def class_pattern(self, node: ast.MatchClass, above: Ancestors) -> None:
        """Note the attributes that a class pattern reads by their names."""
        for name, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            if name in self.triggers.words:
                at = self.source.text.rfind(name, 0, node_span(self.source, pattern).start)
                span = Span(at, at + len(name))
                self.note(span, name)
                role = "attribute" if name in self.triggers.members else "keyword"
                owner = dotted_name(node.cls)
                self.found.texts.append(Text(span, name, role, "a class pattern", owner, False, above.scope))
        self.children(node, above)

    def name(self, node: ast.Name, above: Ancestors) -> None:
        if node.id not in self.words:
            return
        span = node_span(self.source, node)
        self.note(span, node.id)
        if isinstance(node.ctx, ast.Load):
            self.found.uses.append(
                describe_use(self.source, node, node.id, above, follow=node.id in self.triggers.words)
            )
        elif isinstance(node.ctx, ast.Del) and self.binds(node.id, above.scope):
            self.found.uses.append(describe_use(self.source, node, node.id, above))
        elif not isinstance(above.statement, _HEADS) or any(isinstance(part, _BINDING) for part in above.chain):
            value = above.statement.value if isinstance(above.statement, (ast.Assign, ast.AnnAssign)) else None
            self.bind(node.id, "assign", span, above, dotted_name(value) if value is not None else "")

    def binds(self, name: str, scope: int) -> bool:
        """Return whether a scope binds a name, as far as it was walked."""
        return any(binding.name == name and binding.scope == scope for binding in self.found.bindings)

    def attribute(self, node: ast.Attribute, above: Ancestors) -> None:
        dotted = dotted_name(node)
        root = dotted.partition(".")[0]
        span = node_span(self.source, node)
        if node.attr in self.words:
            self.note(Span(span.end - len(node.attr), span.end), node.attr)
            if not dotted:
                self.found.uses.append(describe_use(self.source, node, f"?.{node.attr}", above))
        if dotted and (root in self.words or any(part in self.words for part in dotted.split("."))):
            self.found.uses.append(
                describe_use(self.source, node, dotted, above, follow=node.attr in self.triggers.words)
            )
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
        quoted = above.mark == "annotation" and any(word in node.value for word in self.words)
        inner = annotation_in(self.source, node) if quoted and is_type(node, above.chain) else None
        if inner is not None:
            self.expression(inner, above)
        elif quoted or self.triggers.holds(node.value):
            self.found.texts.append(describe_text(self.source, node, above))

    def fstring(self, node: ast.JoinedStr, above: Ancestors) -> None:
        span = node_span(self.source, node)
        self.found.fstrings.append(span)
        if self.triggers.holds(self.source.cut(span)):
            self.found.texts.append(describe_fstring(self.source, node, above))
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id in self.words and isinstance(part.ctx, ast.Load):
                self.found.uses.append(describe_use(self.source, part, part.id, above, whole=span))
            if isinstance(part, ast.Attribute) and part.attr in self.triggers.words:
                dotted = dotted_name(part) or f"?.{part.attr}"
                self.found.uses.append(describe_use(self.source, part, dotted, above, whole=span))
