"""File systems that fail, die, lie or are interfered with at operation number n, and processes that die there."""

from __future__ import annotations

import os
import signal
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from recanon.disk import FileSystem

KILLED = 9


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


class Meddling(Counting):
    """Somebody else does something right before operation n."""

    def __init__(self, at: int, act: Callable[[], None]) -> None:
        super().__init__()
        self.at = at
        self.act = act

    def step(self, operation: str, name: str) -> None:
        super().step(operation, name)
        if self.count == self.at:
            self.act()


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


def _forked() -> int:
    with warnings.catch_warnings():
        # The threads of a test runner hold no lock that the child would wait for.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def die() -> NoReturn:
    """End the process at once, as a kill does."""
    os._exit(KILLED)


def in_child(work: Callable[[], object]) -> int:
    """Do the work in a forked process; return its exit code: 0 done, 9 killed, 1 an exception."""
    child = _forked()
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
    child = _forked()
    if child == 0:
        with suppress(BaseException):
            work()
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
