"""A file that is not what the plan says is refused and named; the others are written."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.file_systems import Meanwhile, WithoutExchange, die, in_child
from faults.trees import fill, plan_of, planned, snapshot
from recanon.apply import apply_plan
from recanon.disk import RefusedError
from recanon.errors import UsageError
from recanon.journal.recover import recover
from recanon.plan import ChangeKind, FileChange
from recanon.rollback import Request, rollback


def _edit(file: Path) -> None:
    file.write_bytes(b"somebody else's")


def _vanish(file: Path) -> None:
    file.unlink()


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _link(file: Path) -> None:
    file.rename(file.with_name("real.py"))
    file.symlink_to("real.py")


def _link_outside(file: Path) -> None:
    outside = file.parent.parent / "outside"
    shutil.move(file, outside)
    file.symlink_to(outside)


def _linked_folder(file: Path) -> None:
    outside = file.parent.parent.parent / "outside"
    shutil.move(file.parent, outside)
    file.parent.symlink_to(outside)


def _hard_link(file: Path) -> None:
    os.link(file, file.with_name("second"))


def _read_only(file: Path) -> None:
    file.chmod(0o444)


def _socket(file: Path) -> None:
    file.unlink()
    here = Path.cwd()
    os.chdir(file.parent)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind(file.name)
    finally:
        os.chdir(here)


CASES: list[tuple[Callable[[Path], None], str]] = [
    (_edit, "not the one that was planned upon"),
    (_vanish, "gone"),
    (_folder, "folder"),
    (_fifo, "no regular file"),
    (_socket, "no regular file"),
    (_link, "symbolic link"),
    (_link_outside, "symbolic link"),
    (_linked_folder, "symbolic link"),
    (_hard_link, "2 names"),
    (_read_only, "read-only"),
]


@pytest.mark.parametrize(("happen", "reason"), CASES, ids=[happen.__name__[1:] for happen, _ in CASES])
def test_what_became_of_a_file_since_the_plan(tmp_path: Path, happen: Callable[[Path], None], reason: str) -> None:
    root = fill(tmp_path / "root", {"sub/a.py": b"a", "z.py": b"z"})
    plan = planned(root, {"sub/a.py": b"A", "z.py": b"Z"})
    happen(root / "sub/a.py")
    start = snapshot(tmp_path)
    result = apply_plan(root, plan)
    assert result.written == ("z.py",)
    assert [path for path, _, _ in result.refused] == ["sub/a.py"]
    assert reason in result.refused[0].reason
    assert not result.complete
    changed = {
        path for path, value in snapshot(tmp_path).items() if start.get(path) != value and ".recanon" not in path
    }
    assert changed == {"root/z.py"}


@pytest.mark.parametrize("files", [Meanwhile, WithoutExchange], ids=["exchange", "no exchange"])
def test_an_edit_in_the_last_instant_is_not_lost(tmp_path: Path, files: type[Meanwhile | WithoutExchange]) -> None:
    fill(tmp_path, {"a.py": b"a", "b.py": b"b"})
    plan = planned(tmp_path, {"a.py": b"A", "b.py": b"B"})

    def save_anew() -> None:
        (tmp_path / "new").write_bytes(b"newer")
        (tmp_path / "new").replace(tmp_path / "a.py")

    if files is Meanwhile:
        result = apply_plan(tmp_path, plan, files=Meanwhile(before=save_anew))
    else:
        late = WithoutExchange()
        exchange = late.exchange

        def racing(folder: int, name: str, *, other: str) -> bool:
            if other == "a.py":
                save_anew()
            return exchange(folder, name, other=other)

        late.exchange = racing  # type: ignore[method-assign]  # the race is this test's whole point
        result = apply_plan(tmp_path, plan, files=late)
    assert result.written == ("b.py",)
    assert "changed while" in result.refused[0].reason
    assert {path: text for path, (text, _) in snapshot(tmp_path).items()} == {"a.py": b"newer", "b.py": b"B"}


def _become_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "inside").write_bytes(b"i")


def _become_link(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere")


@pytest.mark.parametrize("happen", [_become_folder, _become_link, _fifo])
def test_a_thing_that_takes_the_place_in_the_last_instant_stands(
    tmp_path: Path, happen: Callable[[Path], None]
) -> None:
    fill(tmp_path, {"a.py": b"a"})
    plan = planned(tmp_path, {"a.py": b"A"})
    result = apply_plan(tmp_path, plan, files=Meanwhile(before=lambda: happen(tmp_path / "a.py")))
    assert [path for path, _, _ in result.refused] == ["a.py"]
    assert not (tmp_path / "a.py").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"a.py", ".recanon"}


def test_a_file_deleted_in_the_last_instant_is_not_made_again(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a"})
    plan = planned(tmp_path, {"a.py": b"A"})
    result = apply_plan(tmp_path, plan, files=Meanwhile(before=(tmp_path / "a.py").unlink))
    assert [path for path, _, _ in result.refused] == ["a.py"]
    assert {path.name for path in tmp_path.iterdir()} == {".recanon"}


def test_an_editor_that_holds_the_file_open_loses_nothing(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"aaaa"})
    plan = planned(tmp_path, {"a.py": b"A"})
    with (tmp_path / "a.py").open("r+b", buffering=0) as editor:

        def type_on(_number: int, _total: int, _path: str) -> None:
            editor.write(b"typed")

        result = apply_plan(tmp_path, plan, progress=type_on)
    assert (tmp_path / "a.py").read_bytes().startswith(b"typed")
    assert [path for path, _, _ in result.refused] == ["a.py"]


def test_of_two_texts_written_while_the_first_is_given_back_none_is_lost(tmp_path: Path) -> None:
    class Busy(Meanwhile):
        """Somebody writes right before the exchange, and once more before the exchange back."""

        def exchange(self, folder: int, name: str, *, other: str) -> bool:
            write_anew()
            return super().exchange(folder, name, other=other)

    texts = [b"first", b"second"]

    def write_anew() -> None:
        if texts:
            fill(tmp_path, {"fresh": texts.pop(0)})
            (tmp_path / "fresh").rename(tmp_path / "a.py")

    fill(tmp_path, {"a.py": b"a"})
    result = apply_plan(tmp_path, planned(tmp_path, {"a.py": b"A"}), files=Busy())
    assert [path for path, _, _ in result.refused] == ["a.py"]
    assert {path: text for path, (text, _) in snapshot(tmp_path).items()} == {
        "a.py": b"second", "a.py.recanon-edited": b"first",
    }  # fmt: skip


def test_what_lies_in_a_folder_that_was_out_of_reach_is_taken_away_at_the_next_start(tmp_path: Path) -> None:
    class Away(Meanwhile):
        """Somebody moves the folder away when its file shall be put in its place."""

        def exchange(self, folder: int, name: str, *, other: str) -> bool:
            if (tmp_path / "p").exists():
                (tmp_path / "p").rename(tmp_path / "away")
            raise RefusedError("out of reach")

    start = snapshot(fill(tmp_path, {"p/a.py": b"a"}))
    result = apply_plan(tmp_path, planned(tmp_path, {"p/a.py": b"A"}), files=Away())
    assert [path for path, _, _ in result.refused] == ["p/a.py"]
    (tmp_path / "away").rename(tmp_path / "p")
    recover(tmp_path)
    assert snapshot(tmp_path) == start


def test_a_file_whose_folder_goes_out_of_reach_when_it_is_written_is_not_said_to_stand(tmp_path: Path) -> None:
    def move_away() -> None:
        (tmp_path / "p").rename(tmp_path / "away")

    start = snapshot(fill(tmp_path, {"p/a.py": b"a", "b.py": b"b"}))
    plan = planned(tmp_path, {"p/a.py": b"A", "b.py": b"B"})
    result = apply_plan(tmp_path, plan, files=Meanwhile(after=move_away))
    (tmp_path / "away").rename(tmp_path / "p")
    assert (tmp_path / "p/a.py").read_bytes() == b"A"
    assert (result.written, result.refused, result.unknown) == (("b.py",), (), ("p/a.py",))
    assert not result.complete
    assert rollback(tmp_path, Request(everything=True)).complete
    assert snapshot(tmp_path) == start


def test_a_crash_before_a_newer_text_was_given_back_does_not_lose_it(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a", "b.py": b"b"})
    plan = planned(tmp_path, {"a.py": b"A", "b.py": b"B"})

    def save_anew() -> None:
        (tmp_path / "a.py").write_bytes(b"newer")

    assert in_child(lambda: apply_plan(tmp_path, plan, files=Meanwhile(save_anew, die))) == 9
    assert (tmp_path / "a.py").read_bytes() == b"A"
    result = apply_plan(tmp_path, plan)
    assert {path: text for path, (text, _) in snapshot(tmp_path).items()} == {"a.py": b"newer", "b.py": b"B"}
    assert [path for path, _, _ in result.refused] == ["a.py"]


HOSTILE = [
    "../x", "/etc/x", "a/../../x", "a/./x", "a//x", "", ".", "..", "a/", ".git/hooks/x", "sub/.git/config", ".GIT/x",
    ".g\u200cit/x", ".recanon/journal.sqlite3", "a\0b",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE, ids=ascii)
def test_a_hostile_path_in_a_plan_is_refused(tmp_path: Path, path: str) -> None:
    root = fill(tmp_path / "root", {"z.py": b"z", ".git/hooks/x": b"", "sub/.git/config": b"", "a/x": b""})
    fill(tmp_path, {"x": b""})
    plan = plan_of(FileChange(path, b"", b"evil"), FileChange("z.py", b"z", b"Z"))
    result = apply_plan(root, plan)
    assert result.written == ("z.py",)
    assert [refused.path for refused in result.refused] == [path]
    assert all(text != b"evil" for text, _ in snapshot(tmp_path).values())


def test_a_path_that_no_file_can_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ud800"):
        apply_plan(tmp_path, plan_of(FileChange("\ud800.py", b"", b"evil")))


@pytest.mark.parametrize("created", [["Shop/new.py"], ["shop/CORE.py"], ["x.py", "X.py"], ["shop/caf\u00e9.py"]])
def test_a_file_is_not_created_beside_one_that_some_disks_take_for_it(tmp_path: Path, created: list[str]) -> None:
    root = fill(tmp_path, {"shop/core.py": b"c", "shop/cafe\u0301.py": b"e", "e.py": b"e"})
    start = snapshot(root)
    changes = [FileChange(path, b"", b"new", kind=ChangeKind.CREATE) for path in created]
    with pytest.raises(UsageError, match="differ in case or Unicode form alone"):
        apply_plan(root, plan_of(FileChange("e.py", b"e", b"E"), *changes))
    assert snapshot(root) == start
    assert not (root / ".recanon").exists()


def test_a_file_is_created_in_the_place_of_one_that_goes(tmp_path: Path) -> None:
    root = fill(tmp_path, {"Core.py": b"c"})
    moved = FileChange("core.py", b"", b"c", kind=ChangeKind.CREATE, like="Core.py")
    assert apply_plan(root, plan_of(moved, FileChange("Core.py", b"c", b"", kind=ChangeKind.DELETE))).complete
    assert set(snapshot(root)) == {"core.py"}


def test_two_files_that_differ_in_case_alone_are_edited(tmp_path: Path) -> None:
    root = fill(tmp_path, {"a.py": b"1", "A.py": b"2"})
    assert apply_plan(root, planned(root, {"a.py": b"3", "A.py": b"4"})).complete
