"""Applying a plan, and giving all back, keeps bytes, modes and names."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from faults.file_systems import ShortWriting, WithoutExchange
from faults.trees import fill, plan_of, planned, snapshot
from recanon.apply import apply_plan
from recanon.errors import UsageError
from recanon.plan import FileChange
from recanon.rollback import Request, rollback

TEXTS = {
    "crlf.py": b"a = 1\r\nb = 2\r\n",
    "bom.py": b"\xef\xbb\xbfa = 1\n",
    "no_newline.py": b"a = 1",
    "empty.py": b"",
    "nul.py": b"a\0b\xff\xfe",
    "with space/a b.py": b"x\n",
    "-rf": b"dash\n",
    "line\nbreak.py": b"newline in the name\n",
    "deep/er/and/deeper/x.py": b"deep\n",
    "'quote\".py": b"quote\n",
    "n" * 255: b"longest name\n",
    os.fsdecode(b"caf\xe9.py"): b"not UTF-8 in the name\n",
}


def test_round_trip_gives_every_byte_and_mode_back(tmp_path: Path) -> None:
    fill(tmp_path, TEXTS)
    (tmp_path / "crlf.py").chmod(0o755)
    (tmp_path / "bom.py").chmod(0o640)
    (tmp_path / "nul.py").chmod(0o2770)
    start = snapshot(tmp_path)
    after = {path: text + b"# new\n" for path, text in TEXTS.items()}
    result = apply_plan(tmp_path, planned(tmp_path, after))
    assert sorted(result.written) == sorted(TEXTS)
    assert result.complete
    assert snapshot(tmp_path) == {path: (after[path], start[path][1]) for path in start}
    back = rollback(tmp_path, Request(everything=True))
    assert sorted(back.written) == sorted(TEXTS)
    assert snapshot(tmp_path) == start


@pytest.mark.parametrize("files", [ShortWriting(), WithoutExchange()], ids=["short writes", "no exchange"])
def test_round_trip_on_a_poorer_system(tmp_path: Path, files: ShortWriting | WithoutExchange) -> None:
    fill(tmp_path, TEXTS)
    start = snapshot(tmp_path)
    after = {path: b"new " + text for path, text in TEXTS.items()}
    assert apply_plan(tmp_path, planned(tmp_path, after), files=files).complete
    assert {path: text for path, (text, _) in snapshot(tmp_path).items()} == after
    assert rollback(tmp_path, Request(everything=True), files=files).complete
    assert snapshot(tmp_path) == start


def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a"})
    try:
        os.setxattr(tmp_path / "a.py", "user.note", b"keep")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"b"}))
    assert os.getxattr(tmp_path / "a.py", "user.note") == b"keep"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_owner_is_kept(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a"})
    os.chown(tmp_path / "a.py", 1234, 2345)
    (tmp_path / "a.py").chmod(0o6755)
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"b"}))
    info = (tmp_path / "a.py").stat()
    assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (1234, 2345, 0o6755)


def test_python_never_takes_old_bytecode_for_fresh(tmp_path: Path) -> None:
    fill(tmp_path, {"m.py": b"print(1)\n"})
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run() -> str:
        return subprocess.check_output([sys.executable, "-c", "import m"], cwd=tmp_path, env=clean, text=True).strip()

    seen = [run()]
    assert (tmp_path / "__pycache__").is_dir()
    apply_plan(tmp_path, planned(tmp_path, {"m.py": b"print(2)\n"}))
    seen.append(run())
    rollback(tmp_path, Request(everything=True))
    seen.append(run())
    assert seen == ["1", "2", "1"]


def test_untouched_files_keep_time_and_inode(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a", "other.py": b"o"})
    info = (tmp_path / "other.py").stat()
    apply_plan(tmp_path, planned(tmp_path, {"a.py": b"b"}))
    now = (tmp_path / "other.py").stat()
    assert (now.st_ino, now.st_mtime_ns, now.st_ctime_ns) == (info.st_ino, info.st_mtime_ns, info.st_ctime_ns)


def test_applying_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a", "b.py": b"b"})
    plan = planned(tmp_path, {"a.py": b"A", "b.py": b"B"})
    apply_plan(tmp_path, plan)
    again = apply_plan(tmp_path, plan)
    assert (again.run, again.written, again.unchanged) == ("", (), ("a.py", "b.py"))
    assert again.note == "nothing to do"
    assert again.complete


def test_an_empty_plan_makes_no_state(tmp_path: Path) -> None:
    assert apply_plan(tmp_path, plan_of()).note == "nothing to do"
    assert list(tmp_path.iterdir()) == []


def test_progress_tells_of_each_file(tmp_path: Path) -> None:
    texts = {f"{number}.py": b"a" for number in range(600)}
    fill(tmp_path, texts)
    told: list[tuple[int, int, str]] = []
    plan = planned(tmp_path, dict.fromkeys(texts, b"b"))
    result = apply_plan(tmp_path, plan, progress=lambda *step: told.append(step))
    assert len(result.written) == 600
    assert [number for number, _, _ in told] == list(range(1, 601))
    assert {path for _, total, path in told if total == 600} == set(texts)


def test_a_plan_that_names_a_file_twice_is_wrong(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a"})
    with pytest.raises(UsageError, match=r"a\.py"):
        apply_plan(tmp_path, plan_of(FileChange("a.py", b"a", b"b"), FileChange("a.py", b"a", b"c")))


def test_an_interrupt_from_the_keyboard_leaves_a_clean_end(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": b"a", "b.py": b"b", "c.py": b"c"})
    start = snapshot(tmp_path)

    def interrupt(number: int, _total: int, _path: str) -> None:
        if number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply_plan(tmp_path, planned(tmp_path, {"a.py": b"A", "b.py": b"B", "c.py": b"C"}), progress=interrupt)
    texts = {path: text for path, (text, _) in snapshot(tmp_path).items()}
    assert texts == {"a.py": b"A", "b.py": b"B", "c.py": b"c"}
    assert sorted(rollback(tmp_path, Request(everything=True)).written) == ["a.py", "b.py"]
    assert snapshot(tmp_path) == start
