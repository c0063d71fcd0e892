"""What is told about earlier runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from faults.file_systems import die, in_child
from faults.trees import fill, plan_of, planned, snapshot
from recanon.apply import apply_plan
from recanon.errors import UsageError
from recanon.journal.rows import FileState, RunKind, new_run_id
from recanon.plan import FileChange
from recanon.rollback import Request, rollback
from recanon.runs import RunStanding, list_runs, show_run
from recanon.source import digest


def test_a_tree_without_runs_has_an_empty_list(tmp_path: Path) -> None:
    assert list_runs(tmp_path) == ()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError, match="no run x"):
        show_run(tmp_path, "x")


def test_a_run_is_shown_with_its_files(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a", "b.py": b"b"})
    (tmp_path / "a.py").chmod(0o755)
    plan = plan_of(
        FileChange("a.py", b"a", b"A", (), ("one",)), FileChange("b.py", b"stale", b"B"), phases=("one",), pack="p"
    )
    run = apply_plan(tmp_path, plan).run
    detail = show_run(tmp_path, run)
    assert (detail.summary.run, detail.summary.kind, detail.summary.pack) == (run, RunKind.APPLY, "p")
    assert (detail.summary.options, detail.summary.phases) == ((("option", "value"),), ("one",))
    assert detail.summary.standing is RunStanding.PARTLY
    assert detail.summary.files == {FileState.DONE: 1, FileState.REFUSED: 1}
    assert detail.plan == plan.digest
    done, refused = detail.files
    assert (done.path, done.state, done.before, done.after) == ("a.py", FileState.DONE, digest(b"a"), digest(b"A"))
    assert (done.mode, done.phases) == (0o755, ("one",))
    assert (refused.path, refused.state) == ("b.py", FileState.REFUSED)
    assert "planned upon" in refused.reason
    assert list_runs(tmp_path) == (detail.summary,)


def test_the_standing_of_a_run_follows_its_rollback(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a", "b.py": b"b"})
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"A", "b.py": b"B"}))
    standings = [list_runs(tmp_path)[0].standing]
    for path in ("a.py", "b.py"):
        rollback(tmp_path, Request(paths=(path,)))
        standings.append(list_runs(tmp_path)[0].standing)
    assert standings == [RunStanding.APPLIED, RunStanding.PARTLY_BACK, RunStanding.BACK]


def test_a_killed_run_is_shown_and_looking_touches_nothing(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a", "b.py": b"b"})
    plan = planned(tmp_path, {"a.py": b"A", "b.py": b"B"})
    in_child(lambda: apply_plan(tmp_path, plan, progress=lambda *_: die()))
    start = snapshot(tmp_path)
    assert list_runs(tmp_path)[0].standing is RunStanding.UNFINISHED
    assert snapshot(tmp_path) == start
    apply_plan(tmp_path, plan)
    assert [run.standing for run in list_runs(tmp_path)] == [RunStanding.INTERRUPTED, RunStanding.APPLIED]


def test_a_beginning_that_only_one_run_has_is_enough(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a"})
    first = apply_plan(tmp_path, planned(tmp_path, {"a.py": b"b"})).run
    second = apply_plan(tmp_path, planned(tmp_path, {"a.py": b"c"})).run
    same = next(length for length in range(30) if first[length] != second[length])
    assert show_run(tmp_path, first[: same + 1]).summary.run == first
    assert show_run(tmp_path, "last").summary.run == second
    with pytest.raises(UsageError, match="2 runs") as caught:
        show_run(tmp_path, first[:same])
    assert first in caught.value.message
    wrong = second[:-1] + "x"
    with pytest.raises(UsageError) as caught:
        show_run(tmp_path, wrong)
    assert second in caught.value.hint


def test_run_ids_sort_by_time_and_differ() -> None:
    ids = [new_run_id() for _ in range(50)]
    assert len(set(ids)) == 50
    assert [name[:19] for name in ids] == sorted(name[:19] for name in ids)
    assert all(re.fullmatch(r"\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}", name) for name in ids)
