"""Whether an object is one of a class, as far as the whole program says: yes, no, or it cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from recanon.edit import Span
from recanon.index.annotations import SELF
from recanon.index.facts import FileFacts, Method
from recanon.index.receivers import Evidence, Receiver
from recanon.resolve.program import Program, Resolution, Symbol
from recanon.resolve.scopes import FileScopes

Kin = Literal["same", "overrides", "rival", "other", "unknown"]
_BARE = frozenset({"object", "Generic", "Protocol"})


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a class: the package below which the class is defined, the class, and the member's name."""

    home: str
    owner: str
    name: str

    def is_of(self, symbol: Symbol) -> bool:
        """Return whether a symbol is the class."""
        return symbol.name == self.owner and f"{symbol.module}.".startswith(f"{self.home}.")


def kin(program: Program, symbol: Symbol, member: Member, seen: frozenset[str] = frozenset()) -> Kin:
    """Return what a class has to do with a member: it is its class, a class below it, another one.

    Args:
        program: the whole program.
        symbol: the class.
        member: the member.
        seen: classes of which it is asked already; one that is above itself cannot be told.

    Returns:
        `same` where the member is inherited or its own, `overrides` where a class on the way binds it anew; of a class
        that has nothing to do with it `rival` where it has a member of that name, else `other`.
    """
    if member.is_of(symbol):
        return "same"
    if symbol.kind != "class" or symbol.definition is None or symbol.path in seen:
        return "unknown"
    above = [kin(program, base, member, seen | {symbol.path}) if base else "unknown" for base in bases(program, symbol)]
    return below(above, symbol.definition.members, member)


def below(above: Sequence[Kin], own: frozenset[str], member: Member) -> Kin:
    """Return what a class has to do with a member whose bases have this to do with it, and that binds these names."""
    found = set(above)
    binds = member.name in own or bool(found & {"overrides", "rival"})
    if not found & {"same", "overrides"}:
        return "unknown" if "unknown" in found else "rival" if binds else "other"
    if binds:
        return "overrides"
    return "unknown" if "unknown" in found else "same"


def bases(program: Program, symbol: Symbol) -> list[Symbol | None]:
    """Return what the bases of a class denote; None for one that cannot be told."""
    named = symbol.definition.bases if symbol.definition is not None else ()
    return [_found(program, symbol.module, name) for name in named if name not in _BARE]


def _found(program: Program, module: str, dotted: str) -> Symbol | None:
    root, *rest = dotted.split(".")
    found = program.resolve(module, root).symbol
    for name in rest:
        found = program.resolve(found.module, name).symbol if found is not None and found.kind == "module" else None
    return found


@dataclass(frozen=True)
class Receivers:
    """Tell for the objects of one file whether they are of a class.

    Args:
        facts: the file.
        scopes: what its names denote.
        program: the whole program.
    """

    facts: FileFacts
    scopes: FileScopes
    program: Program

    def kin(self, receiver: Receiver, member: Member) -> Kin:
        """Return what the object has to do with a member; all evidence must say the same."""
        found = {self.said(evidence, member) for evidence in receiver.evidence}
        return found.pop() if len(found) == 1 else "unknown"

    def said(self, evidence: Evidence, member: Member) -> Kin:
        """Return what one piece of evidence says."""
        if evidence.kind in {"self", "super"}:
            return self.own(evidence, member) if not evidence.entered else "unknown"
        symbol = self.made(evidence)
        if symbol is not None and evidence.entered:
            symbol = entered(self.program, symbol, evidence.entered)
        return kin(self.program, symbol, member) if symbol is not None else "unknown"

    def made(self, evidence: Evidence) -> Symbol | None:
        """Return the class of what a call gives or an annotation names, or None."""
        symbol = self.denoted(evidence.dotted, evidence.at)
        if evidence.kind == "annotation" or symbol is None:
            return symbol
        if symbol.kind != "function":
            return symbol if evidence.kind == "call" else None
        definition = symbol.definition
        if definition is None or not definition.gives or definition.is_async != (evidence.kind == "awaited"):
            return None
        return _found(self.program, symbol.module, definition.gives)

    def own(self, evidence: Evidence, member: Member) -> Kin:
        """Say it of the object of a method, by the class that the method stands in, or of `super()` there."""
        above = evidence.kind == "super"
        mine = self.scope_at(evidence.at) == 0 and member.is_of(Symbol(self.facts.module, evidence.dotted, "class"))
        if mine and not above:
            return "same"
        said = below(self.above(evidence, member), evidence.methods, member)
        return "unknown" if above and said in {"other", "rival"} else said

    def above(self, evidence: Evidence, member: Member) -> list[Kin]:
        """Return what the bases of the class that a method stands in have to do with a member."""
        named = (self.denoted(base, evidence.at) for base in evidence.bases if base not in _BARE)
        return [kin(self.program, base, member) if base is not None else "unknown" for base in named]

    def denoted(self, dotted: str, at: int) -> Symbol | None:
        """Return what a dotted name denotes at a place of the file, or None."""
        root, *rest = dotted.split(".")
        bindings = self.scopes.visible(root, self.scope_at(at))
        found = {self._symbol(self.program.follow(self.facts.module, binding)) for binding in bindings}
        symbol = found.pop() if len(found) == 1 else None
        for name in rest:
            if symbol is None or symbol.kind != "module":
                return None
            symbol = self.program.resolve(symbol.module, name).symbol
        return symbol

    def _symbol(self, found: Resolution) -> Symbol | None:
        return found.symbol if found.state == "found" else None

    def scope_at(self, at: int) -> int:
        """Return the innermost scope whose text holds a place; -1 stands for the module."""
        inside = [n for n, scope in enumerate(self.facts.scopes) if scope.span.holds(Span(at, at))]
        narrow = (n for n in inside if self.facts.scopes[n].span.start < at)
        return max(narrow, key=lambda n: self.facts.scopes[n].span.start, default=0)


def method_of(symbol: Symbol | None, name: str) -> Method | None:
    """Return the method that a class itself defines under a name, or None."""
    methods = symbol.definition.methods if symbol is not None and symbol.definition is not None else ()
    return next((method for method in reversed(methods) if method.name == name), None)


def has_member(program: Program, symbol: Symbol, name: str, seen: frozenset[str] = frozenset()) -> bool | None:
    """Return whether a class, or one above it, has a member; None where it cannot be told."""
    definition = symbol.definition
    if symbol.kind != "class" or definition is None or symbol.path in seen:
        return None
    if name in definition.members | definition.attributes:
        return True
    above = [has_member(program, b, name, seen | {symbol.path}) if b else None for b in bases(program, symbol)]
    if True in above:
        return True
    made = definition.decorated or "__getattr__" in definition.members
    return None if made or None in above else False


def entered(program: Program, symbol: Symbol, enter: str) -> Symbol | None:
    """Return the class of what a `with` over an object binds.

    Args:
        program: the whole program.
        symbol: the class of the object.
        enter: the method that gives it, `__enter__` or `__aenter__`.

    Returns:
        The class itself where the tree defines no such method, as it does by convention; None where it cannot be told.
    """
    owner = _binding(program, symbol, enter)
    if owner is None:
        return symbol
    method = method_of(owner, enter)
    if method is None or method.is_async != (enter == "__aenter__"):
        return None
    if method.gives == SELF:
        return symbol
    return _found(program, owner.module, method.gives) if method.gives else None


def _binding(program: Program, symbol: Symbol, name: str, seen: frozenset[str] = frozenset()) -> Symbol | None:
    """Return the class that binds a member: the class itself or the first of those above it in the tree."""
    if symbol.definition is None or symbol.path in seen:
        return None
    if name in symbol.definition.members:
        return symbol
    parents = (parent for parent in bases(program, symbol) if parent is not None)
    found = (_binding(program, parent, name, seen | {symbol.path}) for parent in parents)
    return next((owner for owner in found if owner is not None), None)


def overriding(program: Program, member: Member) -> Iterator[str]:
    """Yield the classes of the files at hand that bind a member of a class above them anew, as full dotted names.

    A class does it by its own body, or by a base that stands before the other and has a member of that name.
    """
    for facts in program.indexed.values():
        known = Receivers(facts, FileScopes(facts, program), program) if facts.classes else None
        for evidence in facts.classes if known is not None else ():
            if known is None or known.own(evidence, member) != "overrides":
                continue
            if member.name in evidence.methods or "overrides" not in known.above(evidence, member):
                yield f"{facts.module}.{evidence.dotted}"


@dataclass(frozen=True)
class Overrides:
    """The classes of the tree that bind an old member anew, each found once."""

    program: Program
    known: dict[Member, tuple[str, ...]] = field(default_factory=dict)

    def of(self, member: Member) -> tuple[str, ...]:
        """Return the full dotted names of the classes that override a member."""
        if member not in self.known:
            self.known[member] = tuple(sorted(overriding(self.program, member)))
        return self.known[member]
