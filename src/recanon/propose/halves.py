"""Classes of which one half moves: objects of the new class are made, and code asks for the old one, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from recanon.codemod import Rewrite
from recanon.migration import Migration, OldSymbol
from recanon.outcome import Verdict
from recanon.propose.inputs import Input
from recanon.propose.judged import Judged
from recanon.resolve.kinship import Member, kin
from recanon.resolve.program import Program, Symbol

_ASKS = {"isinstance", "except", "comparison", "pattern"}


@dataclass(frozen=True)
class Halves:
    """The old classes, and members of enumerations, whose uses do not all move.

    An object of the old class that is still made somewhere is not caught, found or equal where the new one is asked
    for; nor is a new object where the old class is. What the two classes have to do with each other tells which of
    both directions matters.

    Args:
        makes: why what makes objects must wait, by the full dotted name.
        asks: why what asks for their class must.
    """

    makes: Mapping[str, str]
    asks: Mapping[str, str]

    @classmethod
    def of(cls, inputs: Mapping[str, Input], migration: Migration, program: Program) -> Halves:
        """Find them among the answers."""
        found: dict[str, list[_Place]] = {}
        for item in inputs.values():
            for place in _places(item):
                found.setdefault(place.origin.path, []).append(place)
        named = dict(_named(inputs, migration))
        makes: dict[str, str] = {}
        asks: dict[str, str] = {}
        for path, places in found.items():
            if any(place.asks for place in places):
                makes[path], asks[path] = _waiting(places, named.get(places[0].symbol.label, ""), program)
        return cls(makes, asks)

    def settled(self, item: Input) -> Input:
        """Return a file with the answers for such uses under review."""
        if not any((*self.makes.values(), *self.asks.values())):
            return item
        return replace(item, judged=tuple(self.weighed(judged) for judged in item.judged))

    def weighed(self, judged: Judged) -> Judged:
        """Return a place with its answer under review where its other half stays."""
        if not _is_safe(judged) or not _counts(judged):
            return judged
        path = judged.origin.symbol.path if judged.origin.symbol is not None else ""
        why = (self.asks if _asks(judged) else self.makes).get(path, "")
        if not why or not isinstance(judged.answer, Rewrite):
            return judged
        hint = judged.answer.hint or "Let both halves move together."
        answer = replace(judged.answer, verdict=Verdict.REVIEW, notes=(*judged.answer.notes, why), hint=hint)
        return replace(judged, answer=answer)


class _Place(NamedTuple):
    """A use of such a name: what it denotes, whether it asks for the class, and whether it stays as it is."""

    path: str
    symbol: OldSymbol
    origin: Symbol
    asks: bool
    stays: bool


def _places(item: Input) -> Iterator[_Place]:
    for judged in item.judged if not item.context.about_old_api else ():
        if judged.symbol is not None and judged.origin.symbol is not None and _counts(judged):
            stays = not _is_safe(judged)
            yield _Place(item.facts.path, judged.symbol, judged.origin.symbol, _asks(judged), stays)


def _named(inputs: Mapping[str, Input], migration: Migration) -> Iterator[tuple[str, str]]:
    """Yield the old names that a file looks up by a string, each with the file; they are made there for all we know."""
    for path, item in inputs.items():
        for text in item.facts.texts if not item.context.about_old_api else ():
            if text.role == "attribute":
                yield from ((symbol.label, path) for symbol in migration.by_name.get(text.value, ()))


def _waiting(places: Sequence[_Place], named: str, program: Program) -> tuple[str, str]:
    """Tell which half of the uses of a class must wait.

    Args:
        places: the uses.
        named: a file that looks the name up by a string, or "".
        program: the whole program.

    Returns:
        Why what makes objects must wait, and why what asks for their class must; "" where it need not.
    """
    above, below = _relation(places[0], program)
    made = next((place.path for place in places if place.stays and not place.asks), named)
    asked = next((place.path for place in places if place.stays and place.asks), "")
    ask = f"{made} still makes what is asked for" if made and not above else ""
    make = f"{asked or made} still has the old one" if (asked or ask) and not below else ""
    if make and not ask and not above:
        ask = f"{asked} still asks for the old one, so that it is still made"
    return make, ask


def _counts(judged: Judged) -> bool:
    """Whether a use is one of a class that another class takes the place of, or of a member that has an identity."""
    symbol, found, use = judged.symbol, judged.origin.symbol, judged.use
    if symbol is None or found is None or use is None or not symbol.by_table or not symbol.becomes:
        return False
    if use.annotated or use.form in {"decorator", "annotation"} or found.path == symbol.goal:
        return False
    if symbol.owner:
        return found.kind == "value" and symbol.becomes != f"{symbol.home}.{symbol.owner}"
    return found.kind == "class"


def _asks(judged: Judged) -> bool:
    return judged.use is not None and judged.use.form in _ASKS


def _is_safe(judged: Judged) -> bool:
    return isinstance(judged.answer, Rewrite) and judged.answer.verdict is Verdict.SAFE


def _relation(place: _Place, program: Program) -> tuple[bool, bool]:
    """Return whether the new class lies above the old one, and whether below it."""
    old, new = place.origin, program.resolve_path(place.symbol.becomes)[0].symbol
    if place.symbol.owner or new is None:
        return False, False
    above = kin(program, old, Member(new.module, new.name, ""))
    below = kin(program, new, Member(old.module, old.name, ""))
    return above in {"same", "overrides"}, below in {"same", "overrides"}
