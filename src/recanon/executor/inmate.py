"""One forked worker, as its parent sees it: what it is given, what it answers, what it prints, when it is late."""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

from recanon.executor.forked import RANGE, SIZE, Cell, Ends, Task, forked
from recanon.executor.process import Excerpt

_PIECE = 1 << 20
_KEEP = 2_048  # bytes of what a worker prints that are kept at either end to say why it died
_PATIENCE = 1.0  # seconds until a process that closed its pipe is asked no more how it ended


class Inmate:
    """A forked worker with its pipes.

    Args:
        task: what it does.
        foreign: descriptors of this process that it must not hold open.
    """

    def __init__(self, task: Task, foreign: Iterable[int]) -> None:
        self.chunk = range(0)
        self.ended = False
        self.cell = Cell()
        self._heard = time.monotonic()
        self._silent = False
        self._incoming = bytearray()
        self._printed = Excerpt(_KEEP)
        requests, self.requests = os.pipe()
        self.replies, replies = os.pipe()
        self.prints, prints = os.pipe()
        try:
            self.pid = forked(task, self.cell, Ends(requests, replies, prints), (*foreign, *self.descriptors))
        finally:
            for number in (requests, replies, prints):
                os.close(number)
        for number in (self.replies, self.prints):
            os.set_blocking(number, False)

    @property
    def descriptors(self) -> tuple[int, int, int]:
        """Our ends of its pipes."""
        return self.requests, self.replies, self.prints

    @property
    def busy(self) -> bool:
        """Whether it has something to do."""
        return bool(self.chunk)

    def give(self, chunk: range) -> None:
        """Give it items to work on."""
        self.chunk = chunk
        self._heard = time.monotonic()
        with suppress(BrokenPipeError):  # it is dead, which shows when it is waited for
            os.write(self.requests, RANGE.pack(chunk.start, chunk.stop))

    def deadline(self, seconds: float) -> float:
        """Return when the item that it is at is late; between two items, when it has been silent for too long."""
        return (self.cell.begun if self.cell.number in self.chunk else self._heard) + seconds

    def register(self, waiting: selectors.BaseSelector) -> None:
        """Wait for what it says."""
        waiting.register(self.replies, selectors.EVENT_READ, self)
        if not self._silent:
            waiting.register(self.prints, selectors.EVENT_READ, self)

    def hear(self) -> None:
        """Take in a piece of what it has said and printed."""
        self._heard = time.monotonic()
        if (piece := _read(self.prints)) is not None:
            self._printed.add(piece)
            self._silent = not piece
        self._listen()

    def is_dead(self) -> bool:
        """Return whether the process is gone, although something that it started may hold its pipes open."""
        if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
            return False
        self.hear()
        while self._listen():  # what it said last
            pass
        self.ended = True
        return True

    def _listen(self) -> bool:
        piece = _read(self.replies)
        self._incoming += piece or b""
        self.ended = self.ended or piece == b""
        return bool(piece)

    def answers(self) -> list[bytes] | None:
        """Return the answers for its items, in their order, once they are there."""
        whole = bytes(self._incoming)
        if len(whole) < SIZE.size or len(whole) < SIZE.size + _size(whole, 0):
            return None
        found = list(_parts(whole))
        if len(found) != len(self.chunk):  # something else was written into the pipe
            self.ended = True
            return None
        self._incoming.clear()
        self.chunk = range(0)
        return found

    def printed(self) -> str:
        """Return what it printed since it was asked last, cut in the middle where it is long."""
        found, self._printed = self._printed, Excerpt(_KEEP)
        return (found.head + found.tail).decode("utf-8", "replace")

    def end(self) -> os.waitid_result | None:
        """End the process with all of its group, let go of it, and return how it ended."""
        status = self._status() if self.ended else None
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        with suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)  # it may not have come as far as to have a group
        os.waitpid(self.pid, 0)
        for number in self.descriptors:
            os.close(number)
        self.cell.close()
        return status

    def _status(self) -> os.waitid_result | None:
        """Return how it ended on its own. Its number still stands for its group."""
        until = time.monotonic() + _PATIENCE
        while (seen := os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)) is None:
            if time.monotonic() > until:
                return None
            time.sleep(0.005)
        return seen


def _read(number: int) -> bytes | None:
    """Return what can be read at once; nothing at the end, None where there is nothing yet."""
    with suppress(BlockingIOError):
        return os.read(number, _PIECE)
    return None


def _size(data: bytes | bytearray, at: int) -> int:
    found: int = SIZE.unpack_from(data, at)[0]
    return found


def _parts(whole: bytes) -> Iterator[bytes]:
    at = SIZE.size
    while at + SIZE.size <= len(whole):
        start, at = at + SIZE.size, at + SIZE.size + _size(whole, at)
        yield whole[start:at]
