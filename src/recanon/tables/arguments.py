"""The new arguments of a call: which go, which take another name, which move, which are added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recanon.index.facts import Param
from recanon.rules import EVERY, Arguments
from recanon.tables.binding import Bound, Given, positional


@dataclass(frozen=True, slots=True)
class Item:
    """An argument of the new call.

    Args:
        name: the new parameter.
        keyword: whether it is given by keyword.
        place: the place of the old argument whose value it has; -1 for an added one.
        code: the value of an added one.
    """

    name: str
    keyword: bool
    place: int = -1
    code: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The arguments of the new call.

    Args:
        items: in order.
        dropped: places of the old arguments that go.
        trouble: why the new call cannot be told, or "".
        notes: what a person should know of.
        review: whether the notes are reason enough to have a person look.
    """

    items: tuple[Item, ...] = ()
    dropped: frozenset[int] = frozenset()
    trouble: str = ""
    notes: tuple[str, ...] = ()
    review: bool = False

    @property
    def is_moved(self) -> bool:
        """Whether old arguments stand in another order."""
        places = [item.place for item in self.items if item.place >= 0]
        return places != sorted(places)


def reshaped(bound: Bound, rules: Arguments, new: Sequence[Param] | None = None) -> Shape:
    """Return the arguments of the new call.

    Args:
        bound: the arguments of the old one.
        rules: how they change.
        new: the new signature, or None where it is not known.
    """
    if bound.unpacks:
        return Shape(trouble="unpacks arguments, so that it cannot be told which it gives")
    if not bound.is_certain and (rules.old or rules.order or rules.keyword or rules.positional):
        return Shape(trouble="gives an argument by position, and the old signature that would name it is not known")
    kept = [item for item in bound.given if item.name not in rules.remove]
    gone = [item for item in bound.given if item.name in rules.remove]
    items = [Item(rules.new(item.name), not item.by_position, item.place) for item in kept]
    added = list(_added(bound, rules))
    twice = {item.name for item in items if item.name}.intersection(item.name for item in added)
    if twice or len({item.name for item in items if item.name}) < sum(bool(item.name) for item in items):
        return Shape(trouble=f"would give {', '.join(sorted(twice)) or 'an argument'} twice")
    order = _order(bound, rules, new)
    laid = _laid(items, kept, order, rules)
    lost = [item for item in gone if not (item.argument.simple or item.argument.fixed)]
    notes = tuple(f"the value of {item.name} is no longer computed" for item in lost)
    every = (*laid, *_appended(laid, added, order or [], rules))
    return _checked(Shape(every, frozenset(item.place for item in gone), "", notes, bool(lost)), bound)


def _added(bound: Bound, rules: Arguments) -> Iterator[Item]:
    for name, code in rules.default.items():
        if not bound.gives(name):
            yield Item(rules.new(name), True, code=code)
    for name, code in rules.add.items():
        yield Item(name, True, code=code)


def _order(bound: Bound, rules: Arguments, new: Sequence[Param] | None) -> list[str] | None:
    """Return the new parameters in the order in which they can be given by position; None where it is not known."""
    if not bound.is_certain:
        return None
    names = [rules.new(name) for name in positional(bound.params or ()) if name not in rules.remove]
    if new is not None:
        return _as_defined(names, positional(new), rules, {param.name for param in new})
    known = bound.params is not None or bool(rules.order)
    return list(dict.fromkeys([*rules.order, *names, *rules.add])) if known else None


def _as_defined(old: Sequence[str], new: Sequence[str], rules: Arguments, known: set[str]) -> list[str]:
    """Return the order of the new definition, where a parameter that it calls otherwise keeps its place and name.

    That is one that the table does not speak of, and no other one of the table or of the old signature stands there.
    """
    spoken = {*old, *rules.rename.values(), *rules.add}
    found = list(new)
    for place, (name, here) in enumerate(zip(old, new, strict=False)):
        if name not in known and name not in rules.rename.values() and here not in spoken:
            found[place] = name
    return found


def _laid(items: Sequence[Item], kept: Sequence[Given], order: list[str] | None, rules: Arguments) -> list[Item]:
    """Put the kept arguments in their new order: by position where that is safe, else by keyword as they stand."""
    wanted = [_wanted(item, rules) for item in items]
    if order is None:
        return [replace(now, keyword=now.keyword or was.keyword) for now, was in zip(wanted, items, strict=True)]
    by_position = [item for item in wanted if not item.keyword]
    ranked = sorted(by_position, key=lambda item: order.index(item.name) if item.name in order else len(order))
    fits = [item.name for item in ranked] == order[: len(ranked)]
    plain = all(item.argument.fixed for item in kept)
    moved = [*ranked, *(item for item in wanted if item.keyword)]
    if fits and (plain or moved == wanted):
        return moved
    return _by_keyword_from(wanted, order)


def _wanted(item: Item, rules: Arguments) -> Item:
    if item.name in rules.keyword or EVERY in rules.keyword:
        return replace(item, keyword=True)
    return replace(item, keyword=False) if item.name in rules.positional else item


def _by_keyword_from(items: Sequence[Item], order: Sequence[str]) -> list[Item]:
    """Keep the order of the text: an argument stays by position as long as it stands where its parameter does."""
    found: list[Item] = []
    for place, item in enumerate(items):
        behind = any(other.keyword for other in found)
        stays = not item.keyword and not behind and order[place : place + 1] == [item.name]
        found.append(replace(item, keyword=not stays))
    return found


def _appended(laid: Sequence[Item], added: Sequence[Item], order: Sequence[str], rules: Arguments) -> Iterator[Item]:
    """Yield the added arguments; one may be given by position where nothing stands before it but positions."""
    only = not any(item.keyword for item in laid)
    for place, item in enumerate(added, start=len(laid)):
        only = only and order[place : place + 1] == [item.name] and item.name in rules.positional
        yield replace(item, keyword=not only)


def _checked(shape: Shape, bound: Bound) -> Shape:
    by_place = {item.place: item.argument for item in bound.given}
    if shape.is_moved and not all(by_place[item.place].fixed for item in shape.items if item.place >= 0):
        return replace(shape, notes=(*shape.notes, "its arguments are computed in another order"), review=True)
    return shape
