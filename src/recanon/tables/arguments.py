"""The new arguments of a call: which go, which take another name, which move, which are added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recanon.index.usage import Argument
from recanon.rules import EVERY, Arguments
from recanon.tables.binding import Bound, Given


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


def reshaped(bound: Bound, rules: Arguments) -> Shape:
    """Return the arguments of the new call.

    Args:
        bound: the arguments of the old one.
        rules: how they change.
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
    laid = _laid(items, kept, _order(bound, rules), rules)
    lost = [item for item in gone if not _is_plain(item.argument)]
    notes = tuple(f"the value of {item.name} is no longer computed" for item in lost)
    shape = Shape(
        (*laid, *_appended(laid, added, rules)), frozenset(item.place for item in gone), "", notes, bool(lost)
    )
    return _checked(shape, bound)


def _added(bound: Bound, rules: Arguments) -> Iterator[Item]:
    for name, code in rules.default.items():
        if not bound.gives(name):
            yield Item(rules.new(name), True, code=code)
    for name, code in rules.add.items():
        yield Item(name, True, code=code)


def _order(bound: Bound, rules: Arguments) -> list[str]:
    """Return the new parameters in the order in which they can be given by position, as far as it is known."""
    params = [p for p in bound.params or () if p.kind in {"positional_only", "positional_or_keyword"}]
    names = [rules.new(param.name) for param in params if param.name not in rules.remove]
    return list(dict.fromkeys([*rules.order, *names]))


def _laid(items: Sequence[Item], kept: Sequence[Given], order: Sequence[str], rules: Arguments) -> list[Item]:
    """Put the kept arguments in their new order: by position where that is safe, else by keyword as they stand."""
    wanted = [_wanted(item, rules) for item in items]
    if not order:
        return [replace(now, keyword=now.keyword or was.keyword) for now, was in zip(wanted, items, strict=True)]
    by_position = [item for item in wanted if not item.keyword]
    ranked = sorted(by_position, key=lambda item: order.index(item.name) if item.name in order else len(order))
    fits = [item.name for item in ranked] == list(order[: len(ranked)])
    plain = all(_is_plain(item.argument) for item in kept)
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


def _appended(laid: Sequence[Item], added: Sequence[Item], rules: Arguments) -> Iterator[Item]:
    """Yield the added arguments; one may be given by position where nothing stands before it but positions."""
    only = not any(item.keyword for item in laid)
    for place, item in enumerate(added, start=len(laid)):
        stands = not rules.order or rules.order[place : place + 1] == (item.name,)
        only = only and stands and item.name in rules.positional
        yield replace(item, keyword=not only)


def _checked(shape: Shape, bound: Bound) -> Shape:
    by_place = {item.place: item.argument for item in bound.given}
    if shape.is_moved and not all(_is_plain(by_place[item.place]) for item in shape.items if item.place >= 0):
        return replace(shape, notes=(*shape.notes, "its arguments are computed in another order"), review=True)
    return shape


def _is_plain(argument: Argument) -> bool:
    """Whether a value can be computed at another time, or not at all, without a difference."""
    return argument.simple or argument.is_none
