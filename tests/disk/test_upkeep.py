"""Whether everything can be given back is checked, and what nobody needs is dropped; nothing that is needed ever is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from faults.file_systems import KILLED, Counting, Dying, in_child
from faults.trees import fill, planned, snapshot
from recanon.apply import apply_plan
from recanon.past import earlier_trees
from recanon.recovery import finish, put_in_order
from recanon.rollback import Mode, Request, rollback
from recanon.upkeep import Dropped, Health, drop_unneeded, verify_journal

ALL = Request(everything=True)
BEFORE = {"a.py": b"a", "b.py": b"b", "p/c.py": b"c"}
AFTER = {path: text.upper() for path, text in BEFORE.items()}


def _applied(place: Path) -> Path:
    root = fill(place, BEFORE)
    apply_plan(root, planned(root, AFTER))
    return root


def _blob(root: Path, text: bytes) -> Path:
    return next(path for path in (root / ".recanon/blobs").iterdir() if path.read_bytes() == text)


def test_a_whole_journal_is_whole(tmp_path: Path) -> None:
    assert verify_journal(_applied(tmp_path)) == Health(files=3, texts=6, size=6)
    assert verify_journal(fill(tmp_path / "none", {"x": b""})) == Health()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"?")], ids=["gone", "flipped"])
def test_a_text_that_is_damaged_is_named_with_its_file(tmp_path: Path, damage: object) -> None:
    root = _applied(tmp_path)
    damage(_blob(root, b"b"))  # type: ignore[operator]
    health = verify_journal(root)
    assert [file.path for file in health.damaged] == ["b.py"]
    result = rollback(root, ALL)
    assert [file.path for file in result.refused] == ["b.py"]
    assert {path: text for path, (text, _) in snapshot(root).items()} == {**BEFORE, "b.py": b"B"}


def test_nothing_is_dropped_that_a_rollback_needs(tmp_path: Path) -> None:
    root = _applied(tmp_path)
    assert drop_unneeded(root) == Dropped(kept=6)
    (root / "a.py").write_bytes(b"A\nmine\n")
    rollback(root, Request(("b.py",)))
    assert drop_unneeded(root) == Dropped(texts=2, size=2, kept=4)
    assert verify_journal(root).damaged == ()
    assert rollback(root, Request(everything=True, mode=Mode.FORCE)).complete
    texts = {path: text for path, (text, _) in snapshot(root).items()}
    assert texts == {**BEFORE, "a.py.recanon-edited": b"A\nmine\n"}


def test_all_goes_when_all_is_rolled_back_and_a_look_at_it_changes_nothing(tmp_path: Path) -> None:
    root = _applied(tmp_path)
    rollback(root, ALL)
    assert drop_unneeded(root, dry=True) == drop_unneeded(root) == Dropped(texts=6, size=6)
    assert list((root / ".recanon/blobs").iterdir()) == []
    assert verify_journal(root) == Health()
    assert apply_plan(root, planned(root, AFTER)).complete
    assert rollback(root, ALL).complete


def test_history_ends_where_texts_were_dropped(tmp_path: Path) -> None:
    root = _applied(tmp_path)
    rollback(root, ALL)
    assert len(list(earlier_trees(root))) == 2
    drop_unneeded(root)
    assert list(earlier_trees(root)) == []


def test_what_an_interrupted_run_has_still_to_write_is_kept(tmp_path: Path) -> None:
    counting = Counting()
    apply_plan(fill(tmp_path / "0", BEFORE), planned(tmp_path / "0", AFTER), files=counting)
    finished = 0
    for point in range(1, counting.count + 1, 2):
        root = fill(tmp_path / str(point), BEFORE)
        assert in_child(partial(apply_plan, root, planned(root, AFTER), files=Dying(point))) == KILLED
        assert drop_unneeded(root).strange == ()
        halves = put_in_order(root).halves
        assert verify_journal(root).damaged == ()
        assert verify_journal(root).spare == 0
        finish(root)
        texts = {path: text for path, (text, _) in snapshot(root).items()}
        assert texts in ((AFTER,) if halves else (BEFORE, AFTER)), point
        finished += bool(halves)
    assert finished


def test_dropping_killed_at_each_operation_loses_nothing(tmp_path: Path) -> None:
    def half_back(root: Path) -> Path:
        _applied(root)
        rollback(root, Request(("b.py", "a.py")))
        return root

    counting = Counting()
    drop_unneeded(half_back(tmp_path / "0"), files=counting)
    for point in range(1, counting.count + 1):
        root = half_back(tmp_path / str(point))
        assert in_child(partial(drop_unneeded, root, files=Dying(point))) == KILLED
        assert verify_journal(root).damaged == ()
        assert drop_unneeded(root).kept == 2
        assert rollback(root, ALL).complete
        assert {path: text for path, (text, _) in snapshot(root).items()} == BEFORE


def test_strange_files_among_the_texts_are_left_alone(tmp_path: Path) -> None:
    root = _applied(tmp_path)
    (root / ".recanon/blobs/notes.txt").write_bytes(b"mine")
    (root / ".recanon/blobs" / ("0" * 64)).mkdir()
    dropped = drop_unneeded(root)
    assert dropped.strange == ("0" * 64, "notes.txt")
    assert (root / ".recanon/blobs/notes.txt").read_bytes() == b"mine"
