"""Which parameter of the old signature each argument of a call is for, as far as that can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recanon.index.facts import Param
from recanon.index.usage import Argument, Call
from recanon.resolve.kinship import method_of
from recanon.resolve.program import Symbol
from recanon.sites import Site


@dataclass(frozen=True, slots=True)
class Given:
    """An argument of a call.

    Args:
        place: its place in the call.
        name: the old parameter that it is for; "" where that cannot be told.
        argument: what stands there.
    """

    place: int
    name: str
    argument: Argument

    @property
    def by_position(self) -> bool:
        """Whether it is given by position."""
        return not self.argument.keyword


@dataclass(frozen=True, slots=True)
class Bound:
    """The arguments of a call with their parameters.

    Args:
        given: the arguments in the order of the text.
        params: the old signature, or None where it is not known.
    """

    given: tuple[Given, ...]
    params: tuple[Param, ...] | None

    @property
    def unpacks(self) -> bool:
        """Whether arguments are unpacked."""
        return any(item.argument.keyword in {"*", "**"} for item in self.given)

    @property
    def is_certain(self) -> bool:
        """Whether the parameter of every argument is known."""
        return not self.unpacks and all(item.name for item in self.given)

    def gives(self, name: str) -> bool | None:
        """Return whether the call gives a parameter; None where it cannot be told."""
        if any(item.name == name for item in self.given):
            return True
        return False if self.is_certain else None

    def gives_besides(self, names: frozenset[str]) -> bool | None:
        """Return whether the call gives anything else; None where it cannot be told."""
        if any(item.name and item.name not in names for item in self.given):
            return True
        return False if self.is_certain else None


def bound(call: Call, params: tuple[Param, ...] | None) -> Bound:
    """Give each argument of a call its parameter.

    Args:
        call: the call.
        params: the old signature, or None where it is not known.
    """
    by_position = iter(positional(params or ()))
    found = []
    for place, argument in enumerate(call.arguments):
        name = argument.keyword if argument.keyword not in {"*", "**"} else ""
        if not argument.keyword:
            name = next(by_position, "")
        elif argument.keyword == "*":
            by_position = iter(())
        found.append(Given(place, name, argument))
    return Bound(tuple(found), params)


def old_params(site: Site) -> tuple[Param, ...] | None:
    """Return the old signature: what the table says, else the definition in the tree; None where neither says it."""
    if site.symbol is None:
        return None
    return defined_params(site) if site.symbol.rules.signature is None else site.symbol.rules.signature


def defined_params(site: Site) -> tuple[Param, ...] | None:
    """Return the old signature as the tree defines it, or None where it cannot be told."""
    name = site.symbol.rules.method if site.symbol is not None else ""
    if not name:
        return _params_of(site.origin.symbol)
    method = method_of(site.origin.symbol, name)
    if method is None or method.kind == "other":
        return None
    return method.params if method.kind == "static" else method.params[1:]


def new_params(site: Site) -> tuple[Param, ...] | None:
    """Return the new signature; None where it cannot be told."""
    if site.symbol is None or site.symbol.member:
        return None
    return _params_of(site.target.symbol)


def called(site: Site) -> Call | None:
    """Return the call of which the table speaks: that of the old symbol, or of the method of what it makes."""
    call = site.call if site.kind == "call" else None
    method = site.symbol.rules.method if site.symbol is not None else ""
    if call is None or not method:
        return call
    return call.method if call.attribute == method else None


def positional(params: Sequence[Param]) -> list[str]:
    """Return the parameters that can be given by position, in their order."""
    return [param.name for param in params if param.kind in {"positional_only", "positional_or_keyword"}]


def _params_of(symbol: Symbol | None) -> tuple[Param, ...] | None:
    """Return the parameters that a definition says; a decorator may take others."""
    definition = symbol.definition if symbol is not None else None
    if definition is None:
        return None
    told = definition.init if definition.kind == "class" else not definition.decorated
    return definition.params if told else None
