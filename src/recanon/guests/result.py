"""What became of the files that a guest was given: each has exactly one state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from recanon.plan import ChangeKind


class State(StrEnum):
    """What became of a file."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REVERTED = "reverted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a file.

    Args:
        path: the file, relative to the root.
        state: what became of it.
        before: its bytes, where it changes.
        after: its bytes afterwards.
        reason: why, where it is not changed.
        step: the step of the ladder that took it back.
        warnings: what the guest said about it.
        doubts: why a person should look at the change.
        output: what was printed while it was worked on.
        kind: whether it is edited, created or deleted.
    """

    path: str
    state: State
    before: bytes = b""
    after: bytes = b""
    reason: str = ""
    step: str = ""
    warnings: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    output: str = ""
    kind: ChangeKind = ChangeKind.EDIT


def census(results: Iterable[Result]) -> dict[State, int]:
    """Count the files by what became of them."""
    counts = Counter(result.state for result in results)
    return {state: counts[state] for state in State}
