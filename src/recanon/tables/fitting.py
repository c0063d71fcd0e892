"""Whether a table and a call fit the signatures that the tree holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recanon.index.facts import Param
from recanon.index.usage import Argument, Call
from recanon.rewrite.calls import fits
from recanon.rules import EVERY, Rules, When
from recanon.tables.arguments import Shape
from recanon.tables.binding import Bound, positional

Params = Sequence[Param] | None


def stranger(rules: Rules, old: Params, new: Params) -> tuple[str, bool]:
    """Return a parameter that a table names and a signature does not have, and whether it is the new one; or "".

    Args:
        rules: the table.
        old: the old signature, or None where it is not known.
        new: the new one.
    """
    spoken = [*sorted(rules.arguments.old), *(name for when in rules.when for name in _asked(when))]
    if missing := _missing(spoken, old):
        return missing, False
    return _missing(_given(rules), new), True


def denies(said: Params, defined: Params) -> bool:
    """Whether a table's signature and the definition in the tree place parameters in other ways."""
    if said is None or defined is None or any(param.kind.startswith("var_") for param in defined):
        return False
    return positional(said) != positional(defined)


def misfit(call: Call, shape: Shape, new: Params) -> str:
    """Tell why the new call does not fit the new signature, or return ""."""
    arguments = tuple(Argument(item.name if item.keyword else "", False, call.span) for item in shape.items)
    return fits(call._replace(arguments=arguments), new) if new is not None else ""


def misplaced(given: Bound, call: Call, new: Params) -> str:
    """Tell why a call whose arguments stay as they are does not fit the new signature, or return ""."""
    if new is None or given.unpacks:
        return ""
    known = {param.name for param in new}
    before = {param.name for param in given.params or ()}
    values = [item for item in given.given if item.by_position]
    for item, name in zip(values, positional(new), strict=False):
        if item.name and item.name != name and (item.name in known or name in before):
            return f"takes {name} where {item.name} is given by position"
    return fits(call, new)


def is_hidden(given: Bound, new: Params) -> bool:
    """Whether a call that stays as it is unpacks arguments, and the signatures are not the same."""
    return given.unpacks and given.params is not None and new is not None and tuple(given.params) != tuple(new)


def _asked(when: When) -> Iterator[str]:
    yield from sorted(when.gives | when.lacks | when.none | when.besides | when.keywords)


def _given(rules: Rules) -> list[str]:
    arguments = rules.arguments
    sides = sorted((arguments.keyword | arguments.positional) - {EVERY})
    return [*arguments.rename.values(), *arguments.add, *arguments.order, *sides]


def _missing(names: Sequence[str], params: Params) -> str:
    if params is None or any(param.kind == "var_keyword" for param in params):
        return ""
    known = {param.name for param in params}
    return next((name for name in names if name not in known), "")
