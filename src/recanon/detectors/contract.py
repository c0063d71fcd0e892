"""What a detector offers. One file each; its id is the name of the file, with `-` for `_`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from recanon.detectors.ground import Ground
from recanon.outcome import Finding
from recanon.yardstick import Counted


class Detector(Protocol):
    """A detector: pure, without state; it sees the ground and never the disk.

    `id` names it on the command line and in reports, `definition` says in a sentence what it finds, and `advice` what
    to do about that.
    """

    id: ClassVar[str]
    definition: ClassVar[str]
    advice: ClassVar[str]

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield what it finds, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether something that a yardstick counts is real by resolution, and why."""

    real: bool
    reason: str


@runtime_checkable
class Judges(Detector, Protocol):
    """A detector that can also say of something that a yardstick counts whether it is real."""

    def judge(self, ground: Ground, items: Sequence[Counted]) -> list[Opinion]:
        """Return for each item whether it is one of its findings, and why or why not."""
        ...
