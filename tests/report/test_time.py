"""Compliance over time: in order, within the picture, whatever the times."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from recanon.audit import Share
from recanon.history import Moment
from recanon.report.time_chart import HEIGHT, WIDTH, time_chart

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([UTC, None]))
SHARES = st.builds(Share, st.just(""), st.integers(0, 9999), st.integers(0, 9999))


@given(st.lists(st.tuples(TIMES, SHARES), min_size=2, max_size=20))
def test_every_point_lies_in_the_picture_and_in_order(found: list[tuple[datetime, Share]]) -> None:
    ordered = sorted(found, key=lambda item: item[0].replace(tzinfo=UTC))
    chart = time_chart([Moment(time.isoformat(), share) for time, share in ordered])
    assert chart is not None
    assert [point.percent for point in chart.points] == [share.percent for _, share in ordered]
    places = [point.x for point in chart.points]
    assert places == sorted(places)
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in chart.points)


def test_one_measurement_is_no_line() -> None:
    assert time_chart([Moment("2025-01-01T00:00:00+00:00", Share("", 1, 1))]) is None


def test_the_ends_are_days_or_the_times_of_one_day() -> None:
    days = [Moment(f"2025-01-0{day}T09:1{day}:00+00:00", Share("", 1, 1)) for day in (1, 2)]
    hours = [Moment(f"2025-01-01T1{hour}:30:00+00:00", Share("", 1, 1)) for hour in (1, 2)]
    charts = time_chart(days), time_chart(hours)
    assert [chart.ends for chart in charts if chart] == [("2025-01-01", "2025-01-02"), ("11:30", "12:30")]
