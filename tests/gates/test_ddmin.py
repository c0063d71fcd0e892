"""Halving finds what is guilty, and little more is asked than must be."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from recanon.gates.ddmin import smallest

ITEMS = [f"{number:03}" for number in range(60)]
GUILTY = st.frozensets(st.sampled_from(ITEMS), min_size=1, max_size=5)


def counting(holds: Callable[[frozenset[str]], bool]) -> tuple[Callable[[frozenset[str]], bool], list[frozenset[str]]]:
    asked: list[frozenset[str]] = []

    def ask(part: frozenset[str]) -> bool:
        asked.append(part)
        return holds(part)

    return ask, asked


@given(GUILTY)
def test_several_guilty_ones_are_found_and_no_other(guilty: frozenset[str]) -> None:
    assert smallest(ITEMS, guilty.issubset, 10_000) == guilty


@given(st.sampled_from(ITEMS))
def test_a_single_one_takes_about_two_tries_a_halving(guilty: str) -> None:
    ask, asked = counting(lambda part: guilty in part)
    assert smallest(ITEMS, ask, 64) == {guilty}
    assert len(asked) <= 12


@given(GUILTY, st.integers(0, 30))
def test_the_bound_holds_and_what_is_found_will_do(guilty: frozenset[str], tries: int) -> None:
    ask, asked = counting(guilty.issubset)
    assert guilty <= smallest(ITEMS, ask, tries)
    assert len(asked) <= tries


def test_a_single_item_needs_no_try() -> None:
    ask, asked = counting(lambda part: True)
    assert smallest(["a"], ask, 64) == {"a"}
    assert asked == []
