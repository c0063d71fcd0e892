"""What a fault is, what a point of a trial can come to, and how a row of the table is scored."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")
_MEMORY = "/dev/shm"
_NAMED = 5  # failures told in full


class Loss(StrEnum):
    """What must never happen.

    `torn`: a file holds neither its old nor its new text. `lost`: a text, an edit of a user or a result is gone, or
    something was changed that nobody asked to change. `unrecovered`: the way on or back does not lead to its end.
    `silent`: something went wrong, and the exit code, the account or the message does not say so.
    """

    TORN = "torn"
    LOST = "lost"
    UNRECOVERED = "unrecovered"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of the fault table.

    Args:
        id: such as `A1`.
        title: the fault.
        injection: how it is brought about.
        least: points that the whole campaign tries at least.
        run: tries it.
        missing: why this machine cannot try it, or "".
    """

    id: str
    title: str
    injection: str
    least: int
    run: Callable[[Trial], None]
    missing: Callable[[], str] = str


@dataclass(frozen=True, slots=True)
class Score:
    """What came of a row.

    Args:
        id: the row.
        points: how often the fault was brought about and its outcome judged.
        losses: how often each loss was seen.
        failures: the first failures, in words.
        seed: of the trial's chance.
        seconds: how long it took.
        missing: why it was not tried, or "".
    """

    id: str
    points: int = 0
    losses: dict[str, int] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    seed: int = 0
    seconds: float = 0.0
    missing: str = ""

    def of(self, loss: Loss) -> int:
        """Return how often a loss was seen."""
        return self.losses.get(loss.value, 0)


class Trial:
    """A row at work: it counts the points, and what went wrong at them.

    Args:
        seed: of its chance.
        quick: whether this is the smaller twin.
    """

    def __init__(self, *, seed: int = 1, quick: bool = False) -> None:
        self.seed = seed
        self.quick = quick
        self.chance = random.Random(seed)
        self.points = 0
        self.losses: Counter[str] = Counter()
        self.failures: list[str] = []

    def size(self, full: int, quick: int) -> int:
        """Return one number for the whole campaign, another for its smaller twin."""
        return quick if self.quick else full

    def some(self, items: Sequence[Item], quick: int) -> list[Item]:
        """Return all items, or for the smaller twin some of them by chance, the last one always among them."""
        if not self.quick or len(items) <= quick:
            return list(items)
        return sorted({*self.chance.sample(items[:-1], quick - 1), items[-1]}, key=items.index)

    def point(self, where: str, *failed: tuple[Loss, str]) -> None:
        """Count a point.

        Args:
            where: the point, so that it can be tried again.
            failed: what went wrong there, each with what was seen.
        """
        self.points += 1
        for loss, seen in failed:
            self.losses[loss.value] += 1
            self.failures.append(f"{where}: {loss.value}: {seen}")

    @contextmanager
    def place(self, *, on_disk: bool = False) -> Iterator[Path]:
        """Give an empty folder that goes away afterwards.

        Args:
            on_disk: whether it must lie on a disk; else it lies in memory, which a killed process loses as little.
        """
        memory = _MEMORY if os.path.isdir(_MEMORY) and not on_disk else None
        place = Path(tempfile.mkdtemp(prefix="recanon-faults-", dir=memory))
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def score(self, fault: Fault, seconds: float) -> Score:
        """Return what came of it."""
        return Score(fault.id, self.points, dict(self.losses), tuple(self.failures[:_NAMED]), self.seed, seconds)


def judged(*checks: tuple[bool, Loss, str]) -> list[tuple[Loss, str]]:
    """Return the failures among checks, each of which says whether it holds, what it is if not, and what was seen."""
    return [(loss, seen) for holds, loss, seen in checks if not holds]
