"""What the tests of the disk share: trees, plans, and file systems that fail or die at operation number n."""

from __future__ import annotations

import os
import signal
import stat
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from recanon.disk import FileSystem
from recanon.outcome import Account
from recanon.plan import ChangeKind, FileChange, Plan

KILLED = 9
Snapshot = dict[str, tuple[bytes, int]]


def plan_of(*changes: FileChange, pack: str = "pack", phases: tuple[str, ...] = ()) -> Plan:
    """Return a plan with these changes and no findings."""
    return Plan(pack, {"option": "value"}, phases, changes, (), (), (), Account(0), len(changes), len(changes))


_MIXED_TREE = {
    "edit.py": b"e\r\n",
    "old/mod.py": b"m",
    "old/sub/gone.py": b"",
    "stay/gone.py": b"g",
    "stay/note.txt": b"n",
}
MIXED = plan_of(
    FileChange("edit.py", b"e\r\n", b"E\r\n"),
    FileChange("new/deep/er/empty.py", b"", b"", kind=ChangeKind.CREATE),
    FileChange("new/mod.py", b"", b"M", kind=ChangeKind.CREATE, like="old/mod.py"),
    FileChange("old/mod.py", b"m", b"", kind=ChangeKind.DELETE),
    FileChange("old/sub/gone.py", b"", b"", kind=ChangeKind.DELETE),
    FileChange("stay/gone.py", b"g", b"", kind=ChangeKind.DELETE),
)


def mixed(root: Path) -> Path:
    """Lay out the tree of `MIXED`, a plan that edits, creates, moves and deletes."""
    fill(root, _MIXED_TREE)
    (root / "old/mod.py").chmod(0o755)
    return root


def planned(root: Path, after: Mapping[str, bytes]) -> Plan:
    """Return a plan that changes files of a tree, as they are now, to these texts."""
    return plan_of(*(FileChange(path, (root / path).read_bytes(), text) for path, text in after.items()))


def fill(root: Path, texts: Mapping[str, bytes]) -> Path:
    """Write a tree."""
    for path, text in texts.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    return root


def snapshot(root: Path) -> Snapshot:
    """Return all files of a tree but recanon's own, with their bytes and modes."""
    found: Snapshot = {}
    for folder, names, files in os.walk(root):
        if ".recanon" in names:
            names.remove(".recanon")
        for name in files:
            path = os.path.join(folder, name)
            if stat.S_ISREG(os.lstat(path).st_mode):
                data = Path(path).read_bytes()
                found[os.path.relpath(path, root)] = (data, stat.S_IMODE(os.stat(path).st_mode))
    return found


def everything(root: Path) -> set[str]:
    """Return all names in a tree, folders too, but recanon's own."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if ".recanon" not in path.parts}


class Counting(FileSystem):
    """Counts the operations."""

    def __init__(self) -> None:
        self.count = 0

    def step(self, operation: str, name: str) -> None:
        self.count += 1


class Dying(Counting):
    """The process dies at operation n; a write has got half its bytes to the file by then."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def step(self, operation: str, name: str) -> None:
        super().step(operation, name)
        if self.count == self.at and operation != "write":
            os._exit(KILLED)

    def write(self, fd: int, data: memoryview) -> int:
        count = super().write(fd, data)
        if self.count == self.at:
            os.ftruncate(fd, max(0, os.fstat(fd).st_size - count // 2))
            os._exit(KILLED)
        return count


class Failing(Counting):
    """Operation n fails with an error, and all later ones too where it is said to stay."""

    def __init__(self, at: int, error: int, *, stays: bool = False) -> None:
        super().__init__()
        self.at = at
        self.error = error
        self.stays = stays

    def step(self, operation: str, name: str) -> None:
        super().step(operation, name)
        if self.count == self.at or (self.stays and self.count > self.at):
            raise OSError(self.error, os.strerror(self.error))


class ShortWriting(FileSystem):
    """Writes one byte where it is given many."""

    def write(self, fd: int, data: memoryview) -> int:
        return super().write(fd, data[:1])


class WithoutExchange(FileSystem):
    """A system that cannot swap two names."""

    def exchange(self, folder: int, name: str, *, other: str) -> bool:
        self.step("exchange", other)
        return False


class Meanwhile(FileSystem):
    """Somebody else does something right before (or after) a file is exchanged."""

    def __init__(self, before: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None) -> None:
        self._before = before
        self._after = after

    def exchange(self, folder: int, name: str, *, other: str) -> bool:
        before, self._before = self._before, lambda: None
        after, self._after = self._after, lambda: None
        before()
        done = super().exchange(folder, name, other=other)
        after()
        return done


def die() -> NoReturn:
    """End the process at once, as a kill does."""
    os._exit(KILLED)


def in_child(work: Callable[[], object]) -> int:
    """Do the work in a forked process; return its exit code: 0 done, 9 killed, 1 an exception."""
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(BaseException):
            try:
                work()
                code = 0
            except BaseException:
                traceback.print_exc()
                raise
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_after(work: Callable[[], object], seconds: float) -> None:
    """Do the work in a forked process, and kill it after some seconds."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            work()
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
