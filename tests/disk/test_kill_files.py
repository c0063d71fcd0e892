"""A run that edits, creates, moves and deletes is killed at operations: every end is reached from there.

Here some of the operations are tried; `make faults` tries them all (A1b, A2h).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from faults.file_systems import KILLED, Counting, Dying, in_child
from faults.trees import MIXED, Snapshot, everything, fill, mixed, plan_of, sampled, snapshot
from recanon.apply import apply_plan
from recanon.journal.recover import recover
from recanon.plan import ChangeKind, FileChange, Plan
from recanon.rollback import Mode, Request, rollback

ALL = Request(everything=True)


def _tree(root: Path) -> set[str]:
    """Lay the tree out; return all names in it."""
    mixed(root)
    return everything(root)


def _assert_old_or_new(root: Path, start: Snapshot, *, end: Snapshot, point: object) -> None:
    found = snapshot(root)
    torn = [path for path in start | end if found.get(path) not in (start.get(path), end.get(path))]
    assert not torn, f"torn at operation {point}: {torn}"


def _ends(root: Path, plan: Plan) -> tuple[Snapshot, Snapshot, int]:
    """Return the tree before and after, and how many operations lead from one to the other."""
    _tree(root)
    counting, start = Counting(), snapshot(root)
    assert apply_plan(root, plan, files=counting).complete
    return start, snapshot(root), counting.count


def test_apply_killed_at_any_operation(tmp_path: Path) -> None:
    """Then rolled back on even points, and resumed on odd ones."""
    start, end, points = _ends(tmp_path / "0", MIXED)
    last = everything(tmp_path / "0")
    assert points > 80
    for point in sampled(points):
        root = tmp_path / str(point)
        first = _tree(root)
        assert in_child(partial(apply_plan, root, MIXED, files=Dying(point))) == KILLED
        _assert_old_or_new(root, start, end=end, point=point)
        if point % 2:
            assert apply_plan(root, MIXED).complete, point
            assert (snapshot(root), everything(root)) == (end, last), point
        assert rollback(root, ALL).complete, point
        assert (snapshot(root), everything(root)) == (start, first), point


def test_rollback_killed_at_any_operation(tmp_path: Path) -> None:
    start, end, _ = _ends(tmp_path / "0", MIXED)
    counting = Counting()
    rollback(tmp_path / "0", ALL, files=counting)
    for point in sampled(counting.count):
        root = tmp_path / str(point)
        first = _tree(root)
        apply_plan(root, MIXED)
        assert in_child(partial(rollback, root, ALL, files=Dying(point))) == KILLED
        _assert_old_or_new(root, start, end=end, point=point)
        assert rollback(root, ALL).complete, point
        assert (snapshot(root), everything(root)) == (start, first), point


def test_recovery_killed_at_any_operation(tmp_path: Path) -> None:
    """Killed in apply, killed again in the recovery, and then rolled back."""
    start, end, points = _ends(tmp_path / "0", MIXED)
    doubles = 0
    for point in range(points // 3, points, 37):
        second, code = 1, KILLED
        while code == KILLED:
            root = tmp_path / f"{point}-{second}"
            first = _tree(root)
            assert in_child(partial(apply_plan, root, MIXED, files=Dying(point))) == KILLED
            code = in_child(partial(recover, root, Dying(second)))
            _assert_old_or_new(root, start, end=end, point=(point, second))
            assert rollback(root, ALL).complete, (point, second)
            assert (snapshot(root), everything(root)) == (start, first), (point, second)
            second += 13
            doubles += 1
        assert code == 0
    assert doubles > 4


def test_forced_rollback_of_a_created_file_killed_at_any_operation_keeps_the_edited_text(tmp_path: Path) -> None:
    request = Request(everything=True, mode=Mode.FORCE)

    def edited(root: Path) -> None:
        apply_plan(root, plan_of(FileChange("p/a.py", b"", b"A", kind=ChangeKind.CREATE)))
        (root / "p/a.py").write_bytes(b"edited")

    fill(tmp_path / "0", {"x": b""})
    edited(tmp_path / "0")
    counting = Counting()
    rollback(tmp_path / "0", request, files=counting)
    for point in sampled(counting.count):
        root = fill(tmp_path / str(point), {"x": b""})
        edited(root)
        assert in_child(partial(rollback, root, request, files=Dying(point))) == KILLED
        rollback(root, request)
        assert snapshot(root).keys() == {"x", "p/a.py.recanon-edited"}, point
        assert (root / "p/a.py.recanon-edited").read_bytes() == b"edited"
