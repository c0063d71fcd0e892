"""Giving back a file, a phase, a run or all, and never over a later edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.trees import fill, plan_of, planned, snapshot
from recanon.apply import apply_plan
from recanon.errors import UsageError
from recanon.plan import FileChange
from recanon.rollback import Mode, Request, rollback
from recanon.runs import list_runs, show_run

ALL = Request(everything=True)


def _text(root: Path) -> dict[str, bytes]:
    return {path: text for path, (text, _) in snapshot(root).items()}


def _applied(root: Path, before: dict[str, bytes], *, after: dict[str, bytes]) -> str:
    fill(root, before)
    return apply_plan(root, planned(root, after)).run


def test_one_file_and_then_everything(tmp_path: Path) -> None:
    _applied(tmp_path, {"a.py": b"a", "b.py": b"b"}, after={"a.py": b"A", "b.py": b"B"})
    one = rollback(tmp_path, Request(paths=("a.py",)))
    assert one.written == ("a.py",)
    assert _text(tmp_path) == {"a.py": b"a", "b.py": b"B"}
    rest = rollback(tmp_path, ALL)
    assert (rest.written, rest.refused) == (("b.py",), ())
    assert _text(tmp_path) == {"a.py": b"a", "b.py": b"b"}


def test_several_files_and_folders(tmp_path: Path) -> None:
    before = {"a.py": b"a", "p/b.py": b"b", "p/q/c.py": b"c", "pp.py": b"d"}
    _applied(tmp_path, before, after=dict.fromkeys(before, b"new"))
    assert sorted(rollback(tmp_path, Request(paths=("a.py", "p"))).written) == ["a.py", "p/b.py", "p/q/c.py"]
    assert _text(tmp_path) == {**before, "pp.py": b"new"}


def test_rolling_back_twice_says_nothing_to_do(tmp_path: Path) -> None:
    run = _applied(tmp_path, {"a.py": b"a"}, after={"a.py": b"A"})
    assert rollback(tmp_path, Request(run=run)).written == ("a.py",)
    for request in (Request(run=run), ALL, Request(paths=("a.py",))):
        again = rollback(tmp_path, request)
        assert (again.written, again.refused, again.note, again.run) == ((), (), "nothing to do", "")


def test_without_any_run_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert rollback(tmp_path, ALL).note == "nothing to do"
    assert list(tmp_path.iterdir()) == []


def test_a_rollback_is_recorded_as_a_run(tmp_path: Path) -> None:
    run = _applied(tmp_path, {"a.py": b"a"}, after={"a.py": b"A"})
    back = rollback(tmp_path, ALL)
    assert [summary.run for summary in list_runs(tmp_path)] == [run, back.run]
    assert [record.path for record in show_run(tmp_path, back.run).files] == ["a.py"]
    with pytest.raises(UsageError, match="itself a rollback"):
        rollback(tmp_path, Request(run=back.run))


def test_mode_is_restored(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a"})
    (tmp_path / "a.py").chmod(0o750)
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"A"}))
    (tmp_path / "a.py").chmod(0o644)
    rollback(tmp_path, ALL)
    assert snapshot(tmp_path) == {"a.py": (b"a", 0o750)}


def test_everything_goes_back_through_several_runs(tmp_path: Path) -> None:
    first = _applied(tmp_path, {"a.py": b"1", "b.py": b"b"}, after={"a.py": b"2", "b.py": b"B"})
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"3"}))
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"1"}))
    refused = rollback(tmp_path, Request(paths=("a.py", "b.py"), run=first))
    assert refused.written == ("b.py",)
    assert "changed it later" in refused.refused[0].reason
    assert rollback(tmp_path, Request(paths=("a.py",))).written == ("a.py",)
    assert _text(tmp_path)["a.py"] == b"3"
    assert rollback(tmp_path, ALL).written == ("a.py",)
    assert _text(tmp_path) == {"a.py": b"1", "b.py": b"b"}
    assert rollback(tmp_path, ALL).note == "nothing to do"


def test_a_run_below_later_ones_is_refused_as_a_whole(tmp_path: Path) -> None:
    before = {f"{name}.py": name.encode() for name in "abcdefgh"}
    first = _applied(tmp_path, before, after={path: text.upper() for path, text in before.items()})
    second = apply_plan(tmp_path, planned(tmp_path, {path: b"2" for path in before if path != "h.py"})).run
    third = apply_plan(tmp_path, planned(tmp_path, {"a.py": b"3"})).run
    standing = snapshot(tmp_path)
    with pytest.raises(UsageError, match=f"{third}, {second}.*7 files.*: a.py, b.py, c.py, d.py, e.py, ") as raised:
        rollback(tmp_path, Request(run=first))
    assert "Roll those back first" in raised.value.hint
    assert snapshot(tmp_path) == standing
    assert [summary.run for summary in list_runs(tmp_path)] == [first, second, third]
    for run in (third, second, first):
        assert rollback(tmp_path, Request(run=run)).complete
    assert _text(tmp_path) == before


def test_a_phase_below_a_later_run_is_refused_as_a_whole(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a", "b.py": b"b", "c.py": b"c"})
    changes = (
        FileChange("a.py", b"a", b"A", (), ("one",)),
        FileChange("b.py", b"b", b"B", (), ("one",)),
        FileChange("c.py", b"c", b"C", (), ("two",)),
    )
    apply_plan(tmp_path, plan_of(*changes, phases=("one", "two")))
    later = apply_plan(tmp_path, planned(tmp_path, {"a.py": b"2"})).run
    with pytest.raises(UsageError, match=f"{later}.*1 file .*: a.py\n"):
        rollback(tmp_path, Request(phase="one"))
    assert _text(tmp_path) == {"a.py": b"2", "b.py": b"B", "c.py": b"C"}
    assert rollback(tmp_path, Request(phase="two")).written == ("c.py",)


@pytest.mark.parametrize("mode", [Mode.MERGE, Mode.FORCE])
def test_who_insists_gets_back_what_no_later_run_changed(tmp_path: Path, mode: Mode) -> None:
    first = _applied(tmp_path, {"a.py": b"1", "b.py": b"b"}, after={"a.py": b"2", "b.py": b"B"})
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"3"}))
    result = rollback(tmp_path, Request(run=first, mode=mode))
    assert (result.written, [refused.path for refused in result.refused]) == (("b.py",), ["a.py"])
    assert _text(tmp_path) == {"a.py": b"3", "b.py": b"b"}


def test_everything_is_no_change_where_runs_undid_each_other(tmp_path: Path) -> None:
    _applied(tmp_path, {"a.py": b"1"}, after={"a.py": b"2"})
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"1"}))
    result = rollback(tmp_path, ALL)
    assert (result.written, result.unchanged, result.refused) == ((), ("a.py",), ())


def test_an_edit_between_two_runs_ends_the_way_back_there(tmp_path: Path) -> None:
    _applied(tmp_path, {"a.py": b"1"}, after={"a.py": b"2"})
    (tmp_path / "a.py").write_bytes(b"edited")
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"3"}))
    result = rollback(tmp_path, ALL)
    assert _text(tmp_path) == {"a.py": b"edited"}
    assert result.written == ("a.py",)
    assert "edited after run" in result.refused[0].reason


def test_a_file_edited_afterwards_is_refused(tmp_path: Path) -> None:
    _applied(tmp_path, {"a.py": b"a", "b.py": b"b"}, after={"a.py": b"A", "b.py": b"B"})
    (tmp_path / "a.py").write_bytes(b"edited")
    result = rollback(tmp_path, ALL)
    assert result.written == ("b.py",)
    assert result.refused[0].path == "a.py"
    assert "edited after run" in result.refused[0].reason
    assert _text(tmp_path) == {"a.py": b"edited", "b.py": b"b"}


def test_a_file_deleted_afterwards_is_not_made_again(tmp_path: Path) -> None:
    _applied(tmp_path, {"a.py": b"a"}, after={"a.py": b"A"})
    (tmp_path / "a.py").unlink()
    for mode in Mode:
        assert rollback(tmp_path, Request(everything=True, mode=mode)).refused[0].reason == "it is gone"
    assert _text(tmp_path) == {}


LINES = b"".join(b"line %d\r\n" % number for number in range(9))


def test_merge_takes_only_the_edits_of_the_run_out(tmp_path: Path) -> None:
    after = LINES.replace(b"line 1\r\n", b"run\r\n")
    _applied(tmp_path, {"a.py": LINES, "b.py": LINES}, after={"a.py": after, "b.py": after})
    (tmp_path / "a.py").write_bytes(after.replace(b"line 7\r\n", b"mine\r\n"))
    (tmp_path / "b.py").write_bytes(after.replace(b"run\r\n", b"run and me\r\n"))
    result = rollback(tmp_path, Request(everything=True, mode=Mode.MERGE))
    assert result.written == ("a.py",)
    assert result.refused[0].path == "b.py"
    assert "in the lines" in result.refused[0].reason
    assert (tmp_path / "a.py").read_bytes() == LINES.replace(b"line 7\r\n", b"mine\r\n")
    assert (tmp_path / "b.py").read_bytes() == after.replace(b"run\r\n", b"run and me\r\n")
    assert rollback(tmp_path, Request(paths=("a.py",), mode=Mode.MERGE)).note == "nothing to do"


def test_merge_refuses_binary_and_does_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _applied(tmp_path, {"a.py": b"a\0\n"}, after={"a.py": b"b\0\n"})
    (tmp_path / "a.py").write_bytes(b"b\0\nc")
    assert rollback(tmp_path, Request(everything=True, mode=Mode.MERGE)).refused[0].path == "a.py"
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = rollback(tmp_path, Request(everything=True, mode=Mode.MERGE)).refused[0]
    assert "git cannot be run" in refused.reason
    assert _text(tmp_path) == {"a.py": b"b\0\nc"}


def test_force_keeps_the_edited_text_beside_it(tmp_path: Path) -> None:
    fill(tmp_path, {"p/a.py": b"a", "p/a.py.recanon-edited": b"older"})
    (tmp_path / "p/a.py").chmod(0o700)
    apply_plan(tmp_path, planned(tmp_path, {"p/a.py": b"A"}))
    (tmp_path / "p/a.py").write_bytes(b"edited")
    result = rollback(tmp_path, Request(everything=True, mode=Mode.FORCE))
    assert (result.written, result.kept) == (("p/a.py",), ("p/a.py.recanon-edited-2",))
    assert snapshot(tmp_path) == {
        "p/a.py": (b"a", 0o700),
        "p/a.py.recanon-edited": (b"older", 0o644),
        "p/a.py.recanon-edited-2": (b"edited", 0o700),
    }


def test_a_plain_word_for_the_mode_does(tmp_path: Path) -> None:
    _applied(tmp_path, {"a.py": b"a"}, after={"a.py": b"A"})
    (tmp_path / "a.py").write_bytes(b"edited")
    assert rollback(tmp_path, Request(everything=True, mode=Mode("refuse"))).written == ()
    assert rollback(tmp_path, Request(everything=True, mode="refuse")).written == ()  # type: ignore[arg-type]  # as typed


def test_force_keeps_nothing_where_nothing_was_edited(tmp_path: Path) -> None:
    _applied(tmp_path, {"a.py": b"a"}, after={"a.py": b"A"})
    assert rollback(tmp_path, Request(everything=True, mode=Mode.FORCE)).kept == ()
    assert _text(tmp_path) == {"a.py": b"a"}


def test_a_phase_takes_only_the_files_that_are_its_own(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a", "b.py": b"b", "c.py": b"c"})
    changes = (
        FileChange("a.py", b"a", b"A", (), ("one",)),
        FileChange("b.py", b"b", b"B", (), ("one", "two")),
        FileChange("c.py", b"c", b"C", (), ("two",)),
    )
    run = apply_plan(tmp_path, plan_of(*changes, phases=("one", "two"))).run
    result = rollback(tmp_path, Request(phase="one"))
    assert result.written == ("a.py",)
    assert result.refused[0].path == "b.py"
    assert "phase two" in result.refused[0].reason
    assert _text(tmp_path) == {"a.py": b"a", "b.py": b"B", "c.py": b"C"}
    assert rollback(tmp_path, Request(run=run, phase="two")).written == ("c.py",)
    assert rollback(tmp_path, Request(run="last")).written == ("b.py",)
    assert _text(tmp_path) == {"a.py": b"a", "b.py": b"b", "c.py": b"c"}


@pytest.mark.parametrize("damage", ["flip", "delete", "truncate", "link"])
def test_a_damaged_text_refuses_its_file_alone(tmp_path: Path, damage: str) -> None:
    run = _applied(tmp_path, {"a.py": b"aaaa", "b.py": b"bbbb"}, after={"a.py": b"A", "b.py": b"B"})
    records = {record.path: record for record in show_run(tmp_path, run).files}
    blob = tmp_path / ".recanon/blobs" / records["a.py"].before
    if damage == "flip":
        blob.write_bytes(b"aaab")
    elif damage == "truncate":
        blob.write_bytes(b"aa")
    else:
        blob.unlink()
    if damage == "link":
        blob.symlink_to(tmp_path / "b.py")
    result = rollback(tmp_path, ALL)
    assert result.written == ("b.py",)
    assert [refused.path for refused in result.refused] == ["a.py"]
    assert _text(tmp_path) == {"a.py": b"A", "b.py": b"bbbb"}


def test_a_damaged_text_is_kept_anew_by_the_next_run(tmp_path: Path) -> None:
    run = _applied(tmp_path, {"a.py": b"a"}, after={"a.py": b"A"})
    (tmp_path / ".recanon/blobs" / show_run(tmp_path, run).files[0].before).write_bytes(b"damaged")
    fill(tmp_path, {"b.py": b"a"})
    apply_plan(tmp_path, planned(tmp_path, {"b.py": b"B"}))
    assert rollback(tmp_path, ALL).complete
    assert _text(tmp_path) == {"a.py": b"a", "b.py": b"a"}


def test_a_wrong_request_is_named(tmp_path: Path) -> None:
    _applied(tmp_path, {"a.py": b"a"}, after={"a.py": b"A"})
    with pytest.raises(UsageError, match="Say what"):
        rollback(tmp_path, Request())
    with pytest.raises(UsageError, match="neither"):
        rollback(tmp_path, Request(everything=True, run="last"))
    with pytest.raises(UsageError, match="no run 1999"):
        rollback(tmp_path, Request(run="1999"))
    with pytest.raises(UsageError, match="phase nine"):
        rollback(tmp_path, Request(phase="nine"))
    assert "no run has changed it" in rollback(tmp_path, Request(paths=("zzz.py",))).refused[0].reason


def test_a_text_put_back_by_hand_counts_as_rolled_back(tmp_path: Path) -> None:
    _applied(tmp_path, {"a.py": b"a"}, after={"a.py": b"A"})
    (tmp_path / "a.py").write_bytes(b"a")
    result = rollback(tmp_path, ALL)
    assert (result.unchanged, result.refused) == (("a.py",), ())
    assert rollback(tmp_path, ALL).unchanged == ()
