"""A position is the same however it is found."""

from __future__ import annotations

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from recanon.source import Source

TEXTS = st.text(st.sampled_from("ab\n\r\x0c\u2028"), max_size=30)


@given(text=TEXTS, at=st.integers(0, 31))
def test_a_position_is_where_its_line_begins_and_how_far_behind(text: str, at: int) -> None:
    source, offset = Source("f", text), min(at, len(text))
    line, column = source.position(offset)
    assert line == bisect_right(source.line_starts, offset)
    assert source.line_starts[line - 1] + column - 1 == offset
