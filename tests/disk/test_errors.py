"""Operations fail: no file is torn, the run stops, and says what was written.

Here some of the operations are tried; `make faults` tries them all (A4).
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from faults.file_systems import Counting, Failing
from faults.trees import MIXED, fill, mixed, planned, sampled, snapshot
from recanon.apply import apply_plan
from recanon.errors import JournalError
from recanon.journal.result import RunStoppedError
from recanon.rollback import Request, rollback

ALL = Request(everything=True)
BEFORE = {"a.py": b"a = 1\n", "p/b.py": b"b", "p/c.py": b"c"}
AFTER = {path: text + b"# new\n" for path, text in BEFORE.items()}


def _stop(root: Path, files: Failing, *, back: bool) -> RunStoppedError | None:
    """Do the run; return its error where files were concerned, None where it did not come to them."""
    try:
        if back:
            rollback(root, ALL, files=files)
        else:
            apply_plan(root, planned(root, AFTER), files=files)
    except RunStoppedError as stopped:
        return stopped
    except JournalError:
        return None
    raise AssertionError(f"operation {files.at} failed, and the run said nothing")


@pytest.mark.parametrize("stays", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("back", [False, True], ids=["apply", "rollback"])
def test_an_error_at_any_operation(tmp_path: Path, number: int, stays: bool, back: bool) -> None:
    counting = Counting()
    fill(tmp_path / "0", BEFORE)
    apply_plan(tmp_path / "0", planned(tmp_path / "0", AFTER), files=Counting() if back else counting)
    if back:
        rollback(tmp_path / "0", ALL, files=counting)
    for point in sampled(counting.count):
        root = fill(tmp_path / str(point), BEFORE)
        if back:
            apply_plan(root, planned(root, AFTER))
        start, wanted = (AFTER, BEFORE) if back else (BEFORE, AFTER)
        stopped = _stop(root, Failing(point, number, stays=stays), back=back)
        texts = {path: text for path, (text, _) in snapshot(root).items() if not path.endswith(".tmp")}
        assert texts.keys() == BEFORE.keys()
        assert all(texts[path] in (start[path], wanted[path]) for path in texts), point
        if stopped is None:
            assert texts == start, point
        elif not stays:
            written = {path for path in texts if texts[path] == wanted[path]}
            assert set(stopped.result.written) == written, point
            assert set(stopped.result.unwritten) == BEFORE.keys() - written, point
            assert all(path in stopped.message for path in BEFORE)
            assert not list(root.rglob("*.tmp"))
        assert rollback(root, ALL).complete, point
        assert {path: text for path, (text, _) in snapshot(root).items()} == BEFORE, point


@pytest.mark.parametrize("stays", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("back", [False, True], ids=["apply", "rollback"])
def test_an_error_at_any_operation_of_a_run_that_creates_and_deletes(
    tmp_path: Path, number: int, stays: bool, back: bool
) -> None:
    begin, counting = snapshot(mixed(tmp_path / "0")), Counting()
    apply_plan(tmp_path / "0", MIXED, files=Counting() if back else counting)
    end = snapshot(tmp_path / "0")
    if back:
        rollback(tmp_path / "0", ALL, files=counting)
    for point in sampled(counting.count):
        root = mixed(tmp_path / str(point))
        if back:
            apply_plan(root, MIXED)
        start, wanted = (end, begin) if back else (begin, end)
        files, told = Failing(point, number, stays=stays), True
        with suppress(RunStoppedError, JournalError):
            told = not (rollback(root, ALL, files=files) if back else apply_plan(root, MIXED, files=files)).complete
        found = {path: value for path, value in snapshot(root).items() if not path.endswith(".tmp")}
        assert all(found.get(path) in (start.get(path), wanted.get(path)) for path in start | wanted | found), point
        assert told or found == wanted, point
        assert rollback(root, ALL).complete, point
        assert snapshot(root) == begin, point


def test_files_that_a_broken_disk_does_not_let_be_read_are_not_said_to_stand(tmp_path: Path) -> None:
    class Gone(Counting):
        """The disk breaks for good once the first file is in its place."""

        def step(self, operation: str, name: str) -> None:
            self.count += operation == "exchange"
            if self.count > 1:
                raise OSError(errno.EIO, "broken")

    fill(tmp_path, BEFORE)
    with pytest.raises(RunStoppedError, match=r"Not to be read, so written or not \(3\): a.py") as stopped:
        apply_plan(tmp_path, planned(tmp_path, AFTER), files=Gone())
    result = stopped.value.result
    assert (tmp_path / "a.py").read_bytes() == AFTER["a.py"]
    assert (result.written, result.unwritten) == ((), ())
    assert set(result.unknown) == BEFORE.keys()
    assert not result.complete


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written_refuses_its_files_alone(tmp_path: Path, number: int) -> None:
    class Closed(Counting):
        def create(self, folder: int, name: str) -> int:
            if "-1-new" in name:
                raise OSError(number, "no")
            return super().create(folder, name)

    fill(tmp_path, BEFORE)
    result = apply_plan(tmp_path, planned(tmp_path, AFTER), files=Closed())
    assert result.written == ("a.py", "p/c.py")
    assert [path for path, _, _ in result.refused] == ["p/b.py"]
    assert rollback(tmp_path, ALL).complete
    assert {path: text for path, (text, _) in snapshot(tmp_path).items()} == BEFORE


@pytest.mark.skipif(os.geteuid() == 0, reason="modes do not bind root")
def test_a_closed_folder_refuses_its_files_alone(tmp_path: Path) -> None:
    fill(tmp_path, BEFORE)
    (tmp_path / "p").chmod(0o555)
    try:
        result = apply_plan(tmp_path, planned(tmp_path, AFTER))
    finally:
        (tmp_path / "p").chmod(0o755)
    assert result.written == ("a.py",)
    assert {path for path, _, _ in result.refused} == {"p/b.py", "p/c.py"}


def test_a_disk_that_gives_other_bytes_back_is_found_out(tmp_path: Path) -> None:
    class Lying(Counting):
        def write(self, fd: int, data: memoryview) -> int:
            return super().write(fd, memoryview(bytes(len(data)))) if bytes(data) == b"A" else super().write(fd, data)

    fill(tmp_path, {"a.py": b"a"})
    with pytest.raises((RunStoppedError, JournalError), match="other bytes came back"):
        apply_plan(tmp_path, planned(tmp_path, {"a.py": b"A"}), files=Lying())
    assert (tmp_path / "a.py").read_bytes() == b"a"
