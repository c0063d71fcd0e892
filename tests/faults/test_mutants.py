"""The campaign sees what it is there for: bugs are planted, and its rows catch them. `make faults` plants them all."""

from __future__ import annotations

import pytest

from faults.bugs import BUGS, Bug
from faults.model import Score, Trial
from faults.mutants import Catch, failed, planted, table
from faults.registry import all_faults

ROWS = {fault.id: fault for fault in all_faults()}
CHEAP = ("A5", "A6", "B4", "C2", "G2", "A2g")


@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.row in CHEAP], ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught(bug: Bug) -> None:
    trial = Trial(quick=True)
    with planted(bug.name):
        ROWS[bug.row].run(trial)
    assert trial.failures


def test_each_planted_bug_has_its_row() -> None:
    assert {bug.row for bug in BUGS} <= ROWS.keys()
    assert len({bug.name for bug in BUGS}) == len(BUGS)


def test_a_bug_that_no_row_sees_fails_the_campaign() -> None:
    seen, unseen = Catch("seen", "A1", "", "op 1: torn: x"), Catch("unseen", "A1", "", "")
    untried = Catch("untried", "A3", "only root may mount", "")
    assert [failed([catch]) for catch in (seen, unseen, untried)] == [False, True, False]
    assert [line.split("|")[3].strip()[:9] for line in table([seen, unseen, untried]).splitlines()[2:]] == [
        "yes", "NO", "not tried",
    ]  # fmt: skip


def test_a_row_that_comes_to_no_point_has_seen_nothing() -> None:
    from faults.mutants import _seen

    assert _seen(Score("A1", 0, {}, ("it died",))) == ""
