"""Compliance over time as a line: the points, worked out in the units of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from recanon.history import Moment

WIDTH, HEIGHT = 640.0, 200.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 70.0, 14.0, 26.0


@dataclass(frozen=True, slots=True)
class Point:
    """A measurement: where it is drawn, when it was made and what it found."""

    x: float
    y: float
    when: str
    percent: float


@dataclass(frozen=True, slots=True)
class TimeChart:
    """The points, the oldest first, the line through them, the heights of 0 to 100 percent, and both ends' times."""

    points: tuple[Point, ...]
    line: str
    grid: tuple[tuple[int, float], ...]
    ends: tuple[str, str]


def time_chart(moments: Sequence[Moment]) -> TimeChart | None:
    """Return the picture; None where there is but one measurement.

    Args:
        moments: the oldest first, the one of today last.
    """
    if len(moments) < 2:
        return None
    times = [_time(moment.when) for moment in moments]
    span = max(times[-1] - times[0], 1.0)
    width = WIDTH - _LEFT - _RIGHT
    points = tuple(
        Point(round(_LEFT + width * (time - times[0]) / span, 1), _height(m.share.percent), m.when, m.share.percent)
        for time, m in zip(times, moments, strict=True)
    )
    line = "M" + "L".join(f"{point.x} {point.y}" for point in points)
    grid = tuple((percent, _height(percent)) for percent in (0, 25, 50, 75, 100))
    return TimeChart(points, line, grid, _ends(moments[0].when, moments[-1].when))


def _ends(first: str, last: str) -> tuple[str, str]:
    """Return days, or the times where both are of one day."""
    shown = slice(10) if first[:10] != last[:10] else slice(11, 16)
    return first[shown], last[shown]


def _height(percent: float) -> float:
    return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - percent / 100), 1)


def _time(when: str) -> float:
    """Read a time; one without a zone is taken as UTC."""
    time = datetime.fromisoformat(when)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
