"""An interrupted run is finished or taken back, from the journal alone, and that can be interrupted too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest

from faults.file_systems import KILLED, Counting, Dying, Failing, die, in_child
from faults.trees import MIXED, Snapshot, everything, fill, leftovers, mixed, planned, snapshot
from recanon.apply import apply_plan
from recanon.errors import UsageError
from recanon.journal.result import RunStoppedError
from recanon.journal.rows import RunKind
from recanon.recovery import finish, interrupted, put_in_order, take_back
from recanon.rollback import Mode, Request, rollback
from recanon.runs import RunStanding, list_runs

ALL = Request(everything=True)
BEFORE = {"a.py": b"a", "b.py": b"b", "p/c.py": b"c", "p/d.py": b"d"}
AFTER = {path: text.upper() for path, text in BEFORE.items()}


def _ends(place: Path) -> tuple[Snapshot, set[str], Snapshot, set[str], int]:
    """Return the tree of `MIXED` before and after, each with all names in it, and how many operations lie between."""
    start, first = snapshot(mixed(place)), everything(place)
    counting = Counting()
    apply_plan(place, MIXED, files=counting)
    return start, first, snapshot(place), everything(place), counting.count


def _publishing(root: Path, plan: object, *, files: int) -> int:
    """Return the operation at which an apply has put so many files in their places."""

    class Watching(Counting):
        seen = 0
        at = 0

        def step(self, operation: str, name: str) -> None:
            super().step(operation, name)
            if operation in {"exchange", "move", "replace"} and "recanon" not in name and "ignore" not in name:
                self.seen += 1
                if self.seen == files + 1:
                    self.at = self.count

    watching = Watching()
    apply_plan(root, plan, files=watching)  # type: ignore[arg-type]
    return watching.at


def _half_way(place: Path) -> Path:
    """Apply `AFTER` and die when two of the four files are in their places."""
    at = _publishing(fill(place / "measure", BEFORE), planned(place / "measure", AFTER), files=2)
    root = fill(place / "tree", BEFORE)
    assert in_child(partial(apply_plan, root, planned(root, AFTER), files=Dying(at))) == KILLED
    return root


def _texts(root: Path) -> dict[str, bytes]:
    return {path: text for path, (text, _) in snapshot(root).items()}


@pytest.mark.parametrize("way", [finish, take_back], ids=["finish", "take back"])
def test_a_run_killed_at_each_operation_reaches_either_end(tmp_path: Path, way: Callable[[Path], object]) -> None:
    start, first, end, last, points = _ends(tmp_path / "0")
    halves = 0
    for point in range(1, points + 1, 3):
        root = mixed(tmp_path / str(point))
        assert in_child(partial(apply_plan, root, MIXED, files=Dying(point))) == KILLED
        order = put_in_order(root)
        halves += bool(order.halves)
        begun = snapshot(root) != start
        way(root)
        wanted = (end, last) if order.halves and way is finish else (start, first)
        if begun and not order.halves:  # all was written, and only the closing of the run was not
            wanted = (end, last)
        assert (snapshot(root), everything(root)) == wanted, point
        assert not leftovers(root), point
        assert put_in_order(root) == type(order)()
        assert rollback(root, ALL).complete, point
        assert (snapshot(root), everything(root)) == (start, first), point
    assert halves > points // 10


def test_finishing_killed_at_each_operation_is_finished_by_the_next(tmp_path: Path) -> None:
    at = _publishing(mixed(tmp_path / "measure"), MIXED, files=2)
    start, first, end, last, _ = _ends(tmp_path / "0")
    point, code = 1, KILLED
    while code == KILLED:
        root = mixed(tmp_path / str(point))
        assert in_child(partial(apply_plan, root, MIXED, files=Dying(at))) == KILLED
        code = in_child(partial(finish, root, files=Dying(point)))
        finish(root)
        assert (snapshot(root), everything(root)) == (end, last), point
        assert [run.standing for run in list_runs(root)] == [RunStanding.APPLIED]
        assert rollback(root, ALL).complete
        assert (snapshot(root), everything(root)) == (start, first), point
        point += 4
    assert point > 60


def test_a_half_run_is_named_with_its_files(tmp_path: Path) -> None:
    root = _half_way(tmp_path)
    (name,) = interrupted(root)
    (half,) = put_in_order(root).halves
    assert (half.run, half.kind, half.pack) == (name, RunKind.APPLY, "pack")
    assert (half.written, half.missing) == (("a.py", "b.py"), ("p/c.py", "p/d.py"))
    assert interrupted(root) == (name,)


def test_a_finished_run_is_one_run_that_can_be_rolled_back(tmp_path: Path) -> None:
    root = _half_way(tmp_path)
    (result,) = finish(root)
    assert result.written == ("p/c.py", "p/d.py")
    assert _texts(root) == AFTER
    assert [(run.run, run.standing) for run in list_runs(root)] == [(result.run, RunStanding.APPLIED)]
    assert (interrupted(root), finish(root)) == ((), ())
    assert rollback(root, Request(run=result.run)).complete
    assert _texts(root) == BEFORE


def test_a_run_that_was_taken_back_is_not_offered_again(tmp_path: Path) -> None:
    root = _half_way(tmp_path)
    (result,) = take_back(root)
    assert sorted(result.written) == ["a.py", "b.py"]
    assert _texts(root) == BEFORE
    assert (interrupted(root), finish(root), take_back(root)) == ((), (), ())


@pytest.mark.parametrize("request_", [ALL, Request(run="last"), Request(("a.py", "b.py"))], ids=["all", "run", "files"])
def test_a_run_that_was_rolled_back_is_not_offered_either(tmp_path: Path, request_: Request) -> None:
    root = _half_way(tmp_path)
    assert rollback(root, request_).complete
    assert (interrupted(root), finish(root)) == ((), ())
    assert _texts(root) == BEFORE


def test_a_run_whose_plan_was_applied_again_is_not_offered(tmp_path: Path) -> None:
    root = _half_way(tmp_path)
    assert apply_plan(root, planned(root, AFTER)).complete
    assert interrupted(root) == ()
    assert rollback(root, ALL).complete
    assert _texts(root) == BEFORE


def test_a_file_that_was_edited_since_is_refused_and_the_rest_finished(tmp_path: Path) -> None:
    root = _half_way(tmp_path)
    (root / "p/c.py").write_bytes(b"mine")
    (result,) = finish(root)
    assert (result.written, [file.path for file in result.refused]) == (("p/d.py",), ["p/c.py"])
    assert _texts(root) == {**AFTER, "p/c.py": b"mine"}
    assert interrupted(root) == ()


def test_a_text_that_is_lost_is_refused_and_the_rest_finished(tmp_path: Path) -> None:
    root = _half_way(tmp_path)
    for blob in (root / ".recanon/blobs").iterdir():
        if blob.read_bytes() == AFTER["p/c.py"]:
            blob.unlink()
    (result,) = finish(root)
    assert (result.written, [file.path for file in result.refused]) == (("p/d.py",), ["p/c.py"])
    assert not result.complete


def test_an_interrupted_rollback_is_finished_with_modes(tmp_path: Path) -> None:
    counting = Counting()
    for place in ("measure", "tree"):
        root = fill(tmp_path / place, BEFORE)
        (root / "p/d.py").chmod(0o751)
        start = snapshot(root)
        apply_plan(root, planned(root, AFTER))
        (root / "p/d.py").chmod(0o600)
        if place == "measure":
            rollback(root, ALL, files=counting)
    in_child(partial(rollback, root, ALL, files=Dying(counting.count - 40)))
    (half,) = put_in_order(root).halves
    assert half.kind is RunKind.ROLLBACK
    assert take_back(root)[0].refused
    (result,) = finish(root)
    assert result.complete
    assert snapshot(root) == start
    assert interrupted(root) == ()
    assert rollback(root, ALL).note == "nothing to do"


def test_an_interrupted_rollback_by_force_still_keeps_the_edited_text(tmp_path: Path) -> None:
    request = Request(everything=True, mode=Mode.FORCE)

    def edited(root: Path) -> Path:
        fill(root, {"a.py": b"a"})
        apply_plan(root, planned(root, {"a.py": b"A"}))
        (root / "a.py").write_bytes(b"edited")
        return root

    counting = Counting()
    rollback(edited(tmp_path / "0"), request, files=counting)
    finished = 0
    for point in range(1, counting.count + 1):
        root = edited(tmp_path / str(point))
        assert in_child(partial(rollback, root, request, files=Dying(point))) == KILLED
        finished += len(finish(root))
        rollback(root, request)
        assert _texts(root) == {"a.py": b"a", "a.py.recanon-edited": b"edited"}, point
    assert finished


def test_a_disk_that_fails_while_finishing_leaves_it_to_be_finished(tmp_path: Path) -> None:
    root = _half_way(tmp_path)
    put_in_order(root)
    counting = Counting()
    in_child(lambda: finish(root, files=Dying(10_000)))
    root = _half_way(tmp_path / "again")
    put_in_order(root)
    with pytest.raises(RunStoppedError, match="recanon recover"):
        finish(root, files=Failing(30, 28))
    finish(root, files=counting)
    assert _texts(root) == AFTER


def test_a_half_run_under_a_later_one_is_not_taken_back(tmp_path: Path) -> None:
    root = _half_way(tmp_path)
    apply_plan(root, planned(root, {"a.py": b"later"}))
    with pytest.raises(UsageError, match="came after"):
        take_back(root)
    assert _texts(root)["a.py"] == b"later"
    (result,) = finish(root)
    assert result.complete


def test_texts_that_a_killed_run_had_not_waited_for_are_waited_for_by_the_next(tmp_path: Path) -> None:
    class Waiting(Counting):
        waited: ClassVar[set[str]] = set()

        def sync(self, folder: int, name: str) -> None:
            super().sync(folder, name)
            self.waited.add(name)

    class DyingAtTheFirst(Waiting):
        def sync(self, folder: int, name: str) -> None:
            die()

    root = fill(tmp_path, BEFORE)
    assert in_child(partial(apply_plan, root, planned(root, AFTER), files=DyingAtTheFirst())) == KILLED
    kept = {path.name for path in (root / ".recanon/blobs").iterdir()}
    assert len(kept) == len(BEFORE) + len(AFTER)
    apply_plan(root, planned(root, AFTER), files=Waiting())
    assert kept <= Waiting.waited
