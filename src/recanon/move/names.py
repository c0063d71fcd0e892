"""Every name of a file: where it stands, which scope it stands in, and which scope binds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from recanon.edit import Span

ScopeKind = Literal["module", "class", "function", "comprehension", "type"]
Role = Literal["load", "store", "del", "augment", "import", "define", "parameter", "declare"]
BINDING: frozenset[Role] = frozenset({"store", "del", "augment", "import", "define", "parameter"})


class Scope(NamedTuple):
    """A scope; `parent` is -1 for the module's own, `type` one that type parameters open (PEP 695)."""

    kind: ScopeKind
    parent: int


class Place(NamedTuple):
    """Where a name stands: its scope, the statement, and the statement of the scope's body that holds it.

    `flat` says that this outer statement is no `if`, `try`, loop, `with` or `match`.
    """

    scope: int
    outer: Span
    flat: bool


class Name(NamedTuple):
    """An identifier that is looked up or bound.

    Args:
        text: the identifier.
        span: where it stands.
        role: what is done with it.
        place: its scope, and the statement around it.
        exact: whether the span is to be trusted; positions within f-strings are not before Python 3.12.
        quoted: whether it stands in a string annotation.
    """

    text: str
    span: Span
    role: Role
    place: Place
    exact: bool = True
    quoted: bool = False

    @property
    def scope(self) -> int:
        """The scope that it stands in."""
        return self.place.scope


class Part(NamedTuple):
    """An attribute in a chain."""

    text: str
    span: Span


class Chain(NamedTuple):
    """A name with attributes behind it, as in `package.module.function`; `reads` is false where it is assigned."""

    root: Name
    parts: tuple[Part, ...]
    reads: bool = True


class LookUp(NamedTuple):
    """A call that takes an attribute by a name in a string: the owner, its dotted name, and the string."""

    owner: Span
    dotted: str
    text: Span
    place: Place


class Alias(NamedTuple):
    """One name of an import statement, with the spans of the whole, of the name, and of what it is bound to."""

    name: str
    asname: str
    span: Span
    name_span: Span
    bound: Name | None


@dataclass(frozen=True, slots=True)
class ImportAt:
    """An import statement.

    Args:
        span: the statement.
        module: the absolute dotted module of a `from` import, else "".
        level: how many dots stand before the module.
        module_span: the module with its dots.
        aliases: what it imports.
        place: where it stands.
        block: identity of its block of statements, its place there, and how many statements the block has.
        is_from: whether it is a `from` import.
    """

    span: Span
    module: str
    level: int
    module_span: Span
    aliases: tuple[Alias, ...]
    place: Place
    block: tuple[int, int, int]
    is_from: bool

    @property
    def star(self) -> bool:
        """Whether it is `from module import *`."""
        return self.is_from and self.aliases[0].name == "*"


class Variable(NamedTuple):
    """A name as one scope binds it; scope -1 stands for what no scope of the file binds."""

    scope: int
    name: str


@dataclass(frozen=True)
class Names:
    """All names of a file.

    Args:
        scopes: its scopes; the first one is the module's.
        names: its identifiers, in no particular order.
        chains: those with attributes behind them.
        imports: its import statements.
        declared: names that a scope declares `global` (True) or `nonlocal` (False).
        look_ups: calls that take an attribute by a name in a string.
    """

    scopes: tuple[Scope, ...]
    names: tuple[Name, ...]
    chains: tuple[Chain, ...]
    imports: tuple[ImportAt, ...]
    declared: dict[Variable, bool] = field(default_factory=dict)
    look_ups: tuple[LookUp, ...] = ()

    @cached_property
    def bound(self) -> dict[Variable, list[Name]]:
        """The names that bind each variable."""
        found: dict[Variable, list[Name]] = defaultdict(list)
        for name in self.names:
            if name.role in BINDING:
                found[Variable(self._home(name.scope, name.text), name.text)].append(name)
        return dict(found)

    @cached_property
    def by_variable(self) -> dict[Variable, list[Name]]:
        """All names of each variable: those that bind it and those that read it."""
        found: dict[Variable, list[Name]] = defaultdict(list)
        for name in self.names:
            found[self.variable(name)].append(name)
        return dict(found)

    def variable(self, name: Name) -> Variable:
        """Return the variable that a name belongs to."""
        if name.role in BINDING or name.role == "declare":
            return Variable(self._home(name.scope, name.text), name.text)
        return Variable(self.lookup(name.text, name.place, name.span), name.text)

    def _home(self, scope: int, text: str) -> int:
        """Return the scope that binds a name which is assigned in a scope."""
        declared = self.declared.get(Variable(scope, text))
        if declared is None:
            return scope
        return 0 if declared else self._climb(self.scopes[scope].parent, text, nonlocal_=True)

    def lookup(self, text: str, place: Place, span: Span) -> int:
        """Return the scope in which a name is found that is read at a place, or -1.

        Args:
            text: the name.
            place: where it is read.
            span: the same, for names that a class body binds only later.
        """
        scope = place.scope
        if Variable(scope, text) in self.declared:
            return self._home(scope, text)
        if self.scopes[scope].kind == "class" and Variable(scope, text) in self._bound_names:
            if self._before_class_binds(Variable(scope, text), span):
                return self._climb(self.scopes[scope].parent, text)
            return scope
        return self._climb(scope, text, direct=True)

    def _climb(self, scope: int, text: str, *, direct: bool = False, nonlocal_: bool = False) -> int:
        while scope >= 0:
            kind = self.scopes[scope].kind
            visible = (kind != "class" or direct) and not (nonlocal_ and kind == "module")
            if visible and Variable(scope, text) in self._bound_names:
                return scope
            if visible and Variable(scope, text) in self.declared:
                return self._home(scope, text)
            direct = direct and kind == "type"
            scope = self.scopes[scope].parent
        return -1

    @cached_property
    def _bound_names(self) -> frozenset[Variable]:
        own = {Variable(n.scope, n.text) for n in self.names if n.role in BINDING}
        own -= self.declared.keys()
        outer = {Variable(0, v.name) for v, is_global in self.declared.items() if is_global}
        assigned = {n.text for n in self.names if n.role in BINDING and Variable(n.scope, n.text) in self.declared}
        return frozenset(own | {v for v in outer if v.name in assigned})

    @cached_property
    def _first_in_class(self) -> dict[Variable, Name]:
        found: dict[Variable, Name] = {}
        for name in sorted(self.names, key=lambda n: n.span):
            if name.role in BINDING and self.scopes[name.scope].kind == "class":
                found.setdefault(Variable(name.scope, name.text), name)
        return found

    def _before_class_binds(self, variable: Variable, span: Span) -> bool:
        """Whether a name is read before the class body, that binds it too, comes to bind it."""
        first = self._first_in_class[variable]
        return span.start < first.place.outer.end

    def mixed(self, text: str) -> bool:
        """Return whether it cannot be told, for some class body, when it reads its own name and when an outer one."""
        for variable, first in self._first_in_class.items():
            if variable.name != text:
                continue
            names = [n for n in self.names if n.text == text and n.scope == variable.scope]
            loads = [n for n in names if n.role == "load" and n.span.start >= first.place.outer.start]
            if (loads and not first.place.flat) or any(n.role in {"del", "augment"} for n in names):
                return True
        return False

    def inner(self, scope: int) -> Iterator[int]:
        """Yield a scope and those that lie in it."""
        for number, _ in enumerate(self.scopes):
            above = number
            while above >= 0 and above != scope:
                above = self.scopes[above].parent
            if above == scope:
                yield number

    def imported(self, variable: Variable) -> list[tuple[ImportAt, Alias]]:
        """Return the imports that bind a variable."""
        found = [self._import_at[n.span] for n in self.bound.get(variable, ()) if n.role == "import"]
        return sorted(found, key=lambda each: each[1].span) if len(found) > 1 else found

    @cached_property
    def _import_at(self) -> dict[Span, tuple[ImportAt, Alias]]:
        return {alias.bound.span: (at, alias) for at in self.imports for alias in at.aliases if alias.bound}

    def only_imported(self, variable: Variable) -> bool:
        """Return whether nothing but import statements binds a variable; it may be deleted."""
        return all(name.role in {"import", "del"} for name in self.bound.get(variable, ()))
