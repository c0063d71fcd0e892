"""What is noted of names while the syntax tree of a file is walked, and what stands around a node."""

from __future__ import annotations

import ast
from typing import NamedTuple

from recanon.edit import Span
from recanon.index.nodes import Located, node_span
from recanon.move import quoted
from recanon.move.names import Chain, ImportAt, LookUp, Name, Part, Place, Role, Scope, ScopeKind, Variable
from recanon.source import Source


class Around(NamedTuple):
    """What stands around a node.

    Args:
        place: its scope and statement.
        annotation: whether strings are annotations here.
        exact: whether positions are exact.
        block: its block of statements, for imports.
    """

    place: Place
    annotation: bool = False
    exact: bool = True
    block: tuple[int, int, int] = (0, 0, 0)

    @property
    def scope(self) -> int:
        """The scope."""
        return self.place.scope

    def into(self, scope: int) -> Around:
        """Step into another scope."""
        place = Place(scope, self.place.outer, self.place.flat)
        return Around(place, False, self.exact, self.block)

    def typed(self, annotation: bool = True) -> Around:
        """Say whether strings are annotations."""
        if self.annotation == annotation:
            return self
        return Around(self.place, annotation, self.exact, self.block)


class NameNotes:
    """The names found so far.

    Args:
        source: the file.
        absolute: gives the absolute module of a `from` import.
    """

    def __init__(self, source: Source, absolute: quoted.Absolute) -> None:
        self.source = source
        self.absolute = absolute
        self.scopes: list[Scope] = []
        self.names: list[Name] = []
        self.chains: list[Chain] = []
        self.imports: list[ImportAt] = []
        self.declared: dict[Variable, bool] = {}
        self.look_ups: list[LookUp] = []
        self.blocks = 0
        self.island: quoted.Island | None = None

    def span(self, node: Located) -> Span:
        """Where a node stands in the file, also when it was parsed from a string annotation."""
        if self.island is None:
            return node_span(self.source, node)
        return self.island.span(node)

    def text(self) -> str:
        return self.source.text

    def note(self, text: str, start: int, role: Role, around: Around) -> Name:
        span = Span(start, start + len(text))
        exact = around.exact and self.source.text[span.start : span.end] == text
        name = Name(text, span, role, around.place, exact, self.island is not None)
        self.names.append(name)
        return name

    def enter(self, kind: ScopeKind, around: Around) -> Around:
        self.scopes.append(Scope(kind, around.scope))
        return around.into(len(self.scopes) - 1)

    def attribute_chain(self, node: ast.Attribute, around: Around) -> Chain | ast.expr:
        """Note a chain of attributes on a name and return it; of other chains return what they begin with."""
        parts: list[Part] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            end = self.span(inner).end
            parts.append(Part(inner.attr, Span(end - len(inner.attr), end)))
            inner = inner.value
        if not isinstance(inner, ast.Name):
            return inner
        root = self.note(inner.id, self.span(inner).start, "load", around)
        chain = Chain(root, tuple(reversed(parts)), isinstance(node.ctx, ast.Load))
        self.chains.append(chain)
        return chain
