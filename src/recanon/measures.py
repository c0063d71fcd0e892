"""The owners' yardsticks applied to a tree, and what of that which they count is real by resolution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recanon.detectors import DETECTORS, Detector, Ground, Judges, Opinion
from recanon.errors import PackError
from recanon.outcome import Finding
from recanon.pack.words import nearest
from recanon.yardstick import Counted, Figures, Remarks, Tally, Texts, Yardstick


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure of a yardstick beside what a detector finds.

    Args:
        figure: its name.
        detector: id of the detector that looks at the same thing.
        counted: what the yardstick counts, each with whether it is real by resolution, and why.
        found: how many findings the detector has.
        unseen: how many of these stand in files in which the yardstick counts nothing.
    """

    figure: str
    detector: str
    counted: tuple[tuple[Counted, Opinion], ...]
    found: int
    unseen: int

    @property
    def real(self) -> int:
        """How many of the things counted are real."""
        return sum(opinion.real for _, opinion in self.counted)


@dataclass(frozen=True, slots=True)
class Measured:
    """A yardstick of the owners: their published figures and those of the tree now.

    Args:
        id, title: the yardstick.
        published: the figures that were published.
        now: the figures of the tree.
        blind: what it cannot show.
        remark: what the figures mean, computed from them, or "".
        beside: its figures beside what detectors find.
    """

    id: str
    title: str
    published: Figures
    now: Figures
    blind: str
    remark: str = ""
    beside: tuple[Beside, ...] = ()


def read_texts(root: Path, files: Sequence[str]) -> Texts:
    """Read Python files as text; those that are no UTF-8 or cannot be read are passed over.

    Args:
        root: the tree.
        files: what it holds.
    """
    found: dict[str, str] = {}
    for path in files:
        try:
            found[path] = (root / path).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return Texts(found)


def measure(
    texts: Texts,
    yardsticks: Mapping[str, Yardstick],
    ground: Ground | None = None,
    found: Mapping[str, Sequence[Finding]] | None = None,
) -> tuple[Measured, ...]:
    """Apply yardsticks.

    Args:
        texts: the tree.
        yardsticks: by id.
        ground: what detectors look at; without it nothing is held beside.
        found: the findings by the detector's id.

    Raises:
        PackError: one gives other figures than those that it says were published, or names a detector that cannot
            judge what it counts.
    """
    return tuple(_measured(name, yardstick, texts, ground, found or {}) for name, yardstick in yardsticks.items())


def _measured(
    name: str, yardstick: Yardstick, texts: Texts, ground: Ground | None, found: Mapping[str, Sequence[Finding]]
) -> Measured:
    tally = yardstick.measure(texts)
    lacking = sorted({*yardstick.published, *tally.items} - set(tally.figures))
    if lacking:
        raise PackError(f"the yardstick {name} does not give {', '.join(lacking)}")
    beside = tuple(_beside(name, yardstick, tally, ground, found)) if ground is not None else ()
    remark = yardstick.remark(tally.figures) if isinstance(yardstick, Remarks) else ""
    published, now = dict(yardstick.published), dict(tally.figures)
    return Measured(name, yardstick.title, published, now, yardstick.blind, remark, beside)


def _beside(
    name: str, yardstick: Yardstick, tally: Tally, ground: Ground, found: Mapping[str, Sequence[Finding]]
) -> Iterator[Beside]:
    by_id: dict[str, Detector] = {detector.id: detector for detector in DETECTORS}
    for figure, wanted in yardstick.beside.items():
        detector = by_id.get(wanted)
        if not isinstance(detector, Judges):
            able = [known for known, other in by_id.items() if isinstance(other, Judges)]
            raise PackError(
                f"the yardstick {name} is held beside {wanted}, which judges nothing", nearest(wanted, able)
            )
        items = tally.items.get(figure, ())
        opinions = detector.judge(ground, items)
        findings = found[detector.id] if detector.id in found else tuple(detector.find(ground))
        paths = {item.path for item in items}
        unseen = sum(finding.path not in paths for finding in findings)
        yield Beside(figure, detector.id, tuple(zip(items, opinions, strict=True)), len(findings), unseen)
