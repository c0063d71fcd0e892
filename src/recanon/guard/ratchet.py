"""The ratchet: what is new against a baseline, what is gone, and what only moved with its file or reads otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from recanon.guard.baseline import Baseline, Entry
from recanon.guard.look import Look
from recanon.guard.places import UNREAD, Place

Scope = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Move:
    """A known place, and the place that it is now: an equal one of another file, or another line of the same file."""

    before: Entry
    place: Place


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of a baseline.

    Args:
        known: places of the baseline that still stand, in the files that were asked for.
        new: places that are not in the baseline.
        gone: places of the baseline that are no longer there.
        moved: places that moved with their file, or whose line reads otherwise.
        elsewhere: new places in files that were not asked for.
    """

    known: int
    new: tuple[Place, ...]
    gone: tuple[Entry, ...]
    moved: tuple[Move, ...]
    elsewhere: int = 0

    @property
    def holds(self) -> bool:
        """Whether the tree and the baseline agree."""
        return not (self.new or self.gone or self.moved)


def entry_of(place: Place) -> Entry:
    """Return what a baseline says of a place."""
    return Entry(place.path, place.kind, place.name, place.fingerprint)


def compare(look: Look, baseline: Baseline, is_there: Scope, asked: Scope) -> Comparison:
    """Compare a tree with its baseline.

    A place moved when its file is no longer there and an equal one, of the same kind, name and line, is new in another
    file. It moved too when one of the same kind and name is new in its own file: an import that lost a neighbour is the
    same use on a line that reads otherwise. Each place is paired once, so one more use stays new.

    Of a file that cannot be read nothing is gone: nobody can see what it holds.

    Args:
        look: the tree.
        baseline: the known places.
        is_there: whether a file is in the tree.
        asked: whether a file is to be spoken of.
    """
    places = {entry_of(place): place for place in look.places}
    unread = set(look.unread)
    new = [place for entry, place in places.items() if entry not in baseline.entries]
    gone = [e for e in sorted(baseline.entries) if e not in places and (e.path not in unread or e.kind == UNREAD)]
    moved = [m for m in _moves(gone, new, is_there) if asked(m.before.path) or asked(m.place.path)]
    left, came = {move.before for move in moved}, {entry_of(move.place) for move in moved}
    fresh = [place for place in new if entry_of(place) not in came]
    return Comparison(
        known=sum(entry in baseline.entries and asked(entry.path) for entry in places),
        new=tuple(place for place in fresh if asked(place.path)),
        gone=tuple(entry for entry in gone if entry not in left and asked(entry.path)),
        moved=tuple(moved),
        elsewhere=sum(not asked(place.path) for place in fresh),
    )


def updated(baseline: Baseline, comparison: Comparison, allow_new: bool) -> Baseline:
    """Return the baseline without what is gone, with what moved, and only on request with what is new.

    Args:
        baseline: as it was.
        comparison: what became of it.
        allow_new: whether it may grow.
    """
    entries = set(baseline.entries) - set(comparison.gone) - {move.before for move in comparison.moved}
    entries |= {entry_of(move.place) for move in comparison.moved}
    if allow_new:
        entries |= {entry_of(place) for place in comparison.new}
    return baseline.with_entries(entries)


def _moves(gone: Sequence[Entry], new: Sequence[Place], is_there: Scope) -> list[Move]:
    """Pair what left with its file with equal places that came, and the rest with their like of the same file."""
    moved = _pairs((entry for entry in gone if not is_there(entry.path)), new, _alike)
    came = {entry_of(move.place) for move in moved}
    here = [entry for entry in gone if is_there(entry.path)]
    return moved + _pairs(here, (place for place in new if entry_of(place) not in came), _use)


def _pairs(gone: Iterable[Entry], new: Iterable[Place], key: Callable[[Entry], tuple[str, ...]]) -> list[Move]:
    """Pair places with equal keys, in their order; each is paired once."""
    came: defaultdict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place in new:
        came[key(entry_of(place))].append(place)
    return [Move(entry, came[key(entry)].pop(0)) for entry in gone if came[key(entry)]]


def _alike(entry: Entry) -> tuple[str, ...]:
    """Return what equal places of two files have in common; the count behind the fingerprint is of one file alone."""
    return entry.kind, entry.name, entry.fingerprint.partition("-")[0]


def _use(entry: Entry) -> tuple[str, ...]:
    """Return what a use has in common with itself on a line that reads otherwise."""
    return entry.path, entry.kind, entry.name
