"""The process is killed at operations: no file is torn, and every end is reached from there.

Here some of the operations of each run are tried; `make faults` tries them all (A1, A2).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from faults.file_systems import KILLED, Counting, Dying, in_child, killed_after
from faults.trees import Snapshot, fill, planned, sampled, snapshot
from recanon.apply import apply_plan
from recanon.journal.recover import recover
from recanon.journal.write import BATCH
from recanon.plan import Plan
from recanon.rollback import Mode, Request, rollback

ALL = Request(everything=True)
BEFORE = {
    "a.py": b"a = 1\r\n" * 40,
    "b.py": b"",
    "p/c.py": b"\xef\xbb\xbfc",
    "p/q/d.py": b"d = 1\n",
    "p/q/e.py": b"d = 1\n",
    "-f \n.py": b"f",
}
AFTER = {path: b"new\n" + text for path, text in BEFORE.items()}


def _tree(root: Path) -> tuple[Plan, Snapshot, Snapshot]:
    fill(root, BEFORE)
    (root / "p/c.py").chmod(0o755)
    start = snapshot(root)
    end = {path: (AFTER[path], mode) for path, (_, mode) in start.items()}
    return planned(root, AFTER), start, end


def _assert_old_or_new(root: Path, start: Snapshot, *, end: Snapshot, point: int) -> None:
    found = snapshot(root)
    torn = [path for path in start if found.get(path) not in (start[path], end[path])]
    assert not torn, f"torn at operation {point}: {torn}"


def _operations(work: Callable[[Counting], object]) -> int:
    counting = Counting()
    work(counting)
    return counting.count


def test_apply_killed_at_any_operation(tmp_path: Path) -> None:
    """Then rolled back on even points, and resumed on odd ones."""
    plan, start, end = _tree(tmp_path / "0")
    points = _operations(lambda files: apply_plan(tmp_path / "0", plan, files=files))
    assert points > 80
    for point in sampled(points):
        root = tmp_path / str(point)
        _tree(root)
        assert in_child(partial(apply_plan, root, plan, files=Dying(point))) == KILLED
        _assert_old_or_new(root, start, end=end, point=point)
        if point % 2:
            assert apply_plan(root, plan).complete, point
            assert snapshot(root) == end, point
        assert rollback(root, ALL).complete, point
        assert snapshot(root) == start, point


def test_rollback_killed_at_any_operation(tmp_path: Path) -> None:
    plan, start, end = _tree(tmp_path / "0")
    apply_plan(tmp_path / "0", plan)
    points = _operations(lambda files: rollback(tmp_path / "0", ALL, files=files))
    assert points > 80
    for point in sampled(points):
        root = tmp_path / str(point)
        _tree(root)
        apply_plan(root, plan)
        assert in_child(partial(rollback, root, ALL, files=Dying(point))) == KILLED
        _assert_old_or_new(root, start, end=end, point=point)
        assert rollback(root, ALL).complete, point
        assert snapshot(root) == start, point


def test_forced_rollback_killed_at_any_operation_keeps_the_edited_text(tmp_path: Path) -> None:
    request = Request(everything=True, mode=Mode.FORCE)

    def edited(root: Path) -> None:
        fill(root, {"a.py": b"a"})
        apply_plan(root, planned(root, {"a.py": b"A"}))
        (root / "a.py").write_bytes(b"edited")

    edited(tmp_path / "0")
    points = _operations(lambda files: rollback(tmp_path / "0", request, files=files))
    for point in sampled(points):
        root = tmp_path / str(point)
        edited(root)
        assert in_child(partial(rollback, root, request, files=Dying(point))) == KILLED
        rollback(root, request)
        texts = {path: text for path, (text, _) in snapshot(root).items()}
        assert texts == {"a.py": b"a", "a.py.recanon-edited": b"edited"}, point


def test_recovery_killed_at_any_operation(tmp_path: Path) -> None:
    """Killed in apply, killed again in the recovery, and then rolled back."""
    plan, start, end = _tree(tmp_path / "0")
    points = _operations(lambda files: apply_plan(tmp_path / "0", plan, files=files))
    doubles = 0
    for point in range(points // 2, points, 31):
        second = 1
        while True:
            root = tmp_path / f"{point}-{second}"
            _tree(root)
            assert in_child(partial(apply_plan, root, plan, files=Dying(point))) == KILLED
            code = in_child(partial(recover, root, Dying(second)))
            _assert_old_or_new(root, start, end=end, point=point)
            assert rollback(root, ALL).complete, (point, second)
            assert snapshot(root) == start, (point, second)
            doubles += 1
            if code == 0:
                break
            assert code == KILLED
            second += 11
    assert doubles > 5


def test_runs_of_several_batches_killed_at_any_instant(tmp_path: Path) -> None:
    before = {f"d{number % 7}/{number}.py": b"x = %d\n" % number * 20 for number in range(BATCH + 20)}
    root = fill(tmp_path, before)
    start = snapshot(root)
    plan = planned(root, {path: b"y" + text for path, text in before.items()})
    end = {path: (b"y" + before[path], mode) for path, (_, mode) in start.items()}
    begun = time.monotonic()
    apply_plan(root, plan)
    seconds = time.monotonic() - begun
    rollback(root, ALL)
    chance = random.Random(7)
    for point in range(3):
        for work in (partial(apply_plan, root, plan), partial(rollback, root, ALL)):
            if work.func is rollback:
                apply_plan(root, plan)
            killed_after(work, chance.random() * seconds)
            _assert_old_or_new(root, start, end=end, point=point)
        assert rollback(root, ALL).complete
        assert snapshot(root) == start


def test_recovery_says_what_it_found(tmp_path: Path) -> None:
    plan, _, _ = _tree(tmp_path)

    def die_at_the_third(number: int, _total: int, _path: str) -> None:
        if number == 3:
            Dying(1).step("", "")

    assert in_child(lambda: apply_plan(tmp_path, plan, progress=die_at_the_third)) == KILLED
    (tmp_path / "b.py").write_bytes(b"edited after the crash")
    (found,) = recover(tmp_path)
    assert (found.written, found.unwritten) == (("a.py", "p/c.py"), ("p/q/d.py", "p/q/e.py", "-f \n.py"))
    assert [path for path, _, _ in found.foreign] == ["b.py"]
    assert recover(tmp_path) == ()
    result = rollback(tmp_path, ALL)
    assert sorted(result.written) == ["a.py", "p/c.py"]
    assert [path for path, _, _ in result.refused] == ["b.py"]
    assert snapshot(tmp_path)["b.py"][0] == b"edited after the crash"
