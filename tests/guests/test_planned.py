"""From results to a plan: the edits make the new text of the old one, and every file is in the account once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recanon.discover import Discovery
from recanon.guests.planned import line_edits, plan_of
from recanon.guests.result import Result, State
from recanon.guests.spec import Guest, Kind
from recanon.outcome import Verdict
from recanon.source import Source, splice

GUEST = Guest("libcst:a.B", Kind.LIBCST, "a", "B")
LINES = st.lists(st.sampled_from(["a\n", "b\r\n", "c\f\n", "\x0bd\n", "é = 1\n", "\u2028x\n", "\n", "e"]), max_size=12)


@given(LINES, LINES)
def test_the_edits_make_the_new_text_of_the_old_one(old: list[str], new: list[str]) -> None:
    before, after = "".join(old), "".join(new)
    made = list(line_edits(GUEST.label, "a.py", before.encode(), after.encode()))
    source = Source.decode("a.py", before.encode())
    assert splice(source, made) == after
    assert bool(made) == (before != after)


@given(st.lists(st.tuples(st.sampled_from(State), st.booleans()), max_size=20), st.booleans())
def test_every_file_is_in_the_account_once(drawn: list[tuple[State, bool]], review: bool) -> None:
    results = [
        Result(f"{number}.py", state, b"x = 1\n", b"x = 2\n", doubts=("why",) if doubtful else ())
        for number, (state, doubtful) in enumerate(drawn)
    ]
    plan = plan_of(GUEST, Discovery((), ()), results, review=review)
    assert plan.account.balanced
    assert plan.account.mentions == len(results) == len(plan.findings)
    doubtful = {result.path for result in results if result.state is State.CHANGED and result.doubts}
    assert {f.path for f in plan.findings if f.verdict is Verdict.REVIEW} == doubtful
    sure = {result.path for result in results if result.state is State.CHANGED} - doubtful
    assert {change.path for change in plan.changes} == (sure | doubtful if review else sure)
    assert {f.path for f in plan.findings if f.applied} == {change.path for change in plan.changes}
