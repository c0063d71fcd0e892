"""Find what is guilty by halving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise


def smallest(items: Sequence[str], holds: Callable[[frozenset[str]], bool], tries: int) -> frozenset[str]:
    """Return a small part of the items that will do: taking any one item out of it would break it.

    Delta debugging by Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (IEEE TSE 28, 2002).

    Args:
        items: all of them together will do.
        holds: whether a part of them will do.
        tries: how many parts may be tried; when they are used up, the smallest part known so far is returned.
    """
    asked: dict[frozenset[str], bool] = {}

    def will_do(part: frozenset[str]) -> bool:
        if part not in asked and len(asked) < tries:
            asked[part] = holds(part)
        return asked.get(part, False)

    current, pieces = list(items), 2
    while len(current) > 1:
        parts = [frozenset(part) for part in _split(current, pieces)]
        rests = [frozenset(current) - part for part in parts] if pieces > 2 else []
        found = next(filter(will_do, [*parts, *rests]), None)
        if found is not None:
            current = [item for item in current if item in found]
            pieces = 2 if found in parts else max(pieces - 1, 2)
        elif pieces >= len(current):
            break
        else:
            pieces = min(2 * pieces, len(current))
    return frozenset(current)


def _split(items: Sequence[str], pieces: int) -> list[Sequence[str]]:
    ends = [len(items) * number // pieces for number in range(pieces + 1)]
    return [items[start:end] for start, end in pairwise(ends)]
