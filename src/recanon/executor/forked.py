"""A forked worker: works on the items that it was forked with, and answers in pieces.

It inherits what its parent has read, so that nothing is sent to it but numbers of items, and it dies with its parent.
What it is at stands in memory that both share, so that the parent can tell which item took it along, and since when
it has been at it.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import io
import mmap
import os
import pickle
import resource
import signal
import struct
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from recanon.errors import RecanonError

_PR_SET_PDEATHSIG = 1
_BROKEN = 70  # exit code of a worker that cannot go on (sysexits.h)
_DEPTH = 5_000  # calls: long chains in a source are deep; one that is too deep takes but its worker along
_NUMBER, _BEGUN = struct.Struct("!q"), struct.Struct("!d")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGCHLD)
RANGE, SIZE = struct.Struct("!QQ"), struct.Struct("!Q")
DONE, FAILED, SPENT, RAISED = range(4)

Answer = tuple[int, Any]
"""How an item ended, and its result, why it failed, or the error that ends the run."""


class Cell:
    """Memory that a worker shares with its parent: the item that it is at, and since when."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _NUMBER.size + _BEGUN.size)
        self.clear()

    def begin(self, number: int) -> None:
        """Note that an item begins."""
        _BEGUN.pack_into(self._memory, _NUMBER.size, time.monotonic())
        _NUMBER.pack_into(self._memory, 0, number)

    def clear(self) -> None:
        """Note that no item is in work."""
        _NUMBER.pack_into(self._memory, 0, -1)

    @property
    def number(self) -> int:
        """The item in work; -1 for none."""
        found: int = _NUMBER.unpack_from(self._memory)[0]
        return found

    @property
    def begun(self) -> float:
        """When it began, by the monotonic clock of the machine."""
        found: float = _BEGUN.unpack_from(self._memory, _NUMBER.size)[0]
        return found

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()


@dataclass(frozen=True)
class Task:
    """What forked workers do.

    Args:
        work: makes the result of an item.
        items: all items.
        shared: objects that the parent holds too: a result refers to them instead of holding a copy of them.
        memory: bytes of address space of a worker besides what it is forked with, on Linux; 0 for no limit.
        nice: by how much others go first.
    """

    work: Callable[[Any], Any]
    items: Sequence[Any]
    shared: Sequence[object] = ()
    memory: int = 0
    nice: int = 0

    def packed(self, answer: Answer) -> bytes:
        """Return an answer as bytes."""
        if not self.shared:
            return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        into = io.BytesIO()
        _Pickler(into, self.shared).dump(answer)
        return into.getvalue()

    def unpacked(self, data: bytes) -> Answer:
        """Return the answer that was packed."""
        found: Answer = _Unpickler(io.BytesIO(data), self.shared).load()
        return found


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, shared: Sequence[object]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._places = {id(item): place for place, item in enumerate(shared)}

    def persistent_id(self, obj: object) -> int | None:
        return self._places.get(id(obj))


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, shared: Sequence[object]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, pid: int) -> object:
        return self._shared[pid]


@dataclass(frozen=True, slots=True)
class Ends:
    """A worker's ends of its pipes, and those of others, which it must not hold open.

    Args:
        requests: ranges of items come from here.
        replies: answers go here.
        prints: what is printed goes here.
        foreign: descriptors of the parent.
    """

    requests: int
    replies: int
    prints: int
    foreign: Sequence[int] = ()


@dataclass
class Forked:
    """The worker itself, as it runs in its own process.

    Args:
        task: what it does.
        cell: where it notes what it is at.
        ends: its pipes.
        parent: the process that forked it.
    """

    task: Task
    cell: Cell
    ends: Ends
    parent: int
    own: int = field(default_factory=os.getpid)
    folder: int = field(default_factory=lambda: os.open(".", os.O_RDONLY | os.O_DIRECTORY))

    def run(self) -> None:
        """Serve until the requests end; it never returns."""
        try:
            self._settle()
            while len(request := os.read(self.ends.requests, RANGE.size)) == RANGE.size:
                self._serve(*RANGE.unpack(request))
            os._exit(0)
        finally:
            os._exit(_BROKEN)

    def _serve(self, start: int, stop: int) -> None:
        answers = []
        for number in range(start, stop):
            self.cell.begin(number)
            body = self._answer(self.task.items[number])
            if os.getpid() != self.own:  # the item has forked, and this is the other process
                os._exit(0)
            self.cell.clear()
            answers.append(SIZE.pack(len(body)) + body)
        whole = b"".join(answers)
        _write(self.ends.replies, SIZE.pack(len(whole)) + whole)

    def _answer(self, item: object) -> bytes:
        """Return the packed result of an item, or why there is none, whatever its work does."""
        try:
            os.fchdir(self.folder)  # the item before may have gone elsewhere
            return self.task.packed((DONE, self.task.work(item)))
        except RecanonError as exc:
            return self.task.packed((RAISED, exc))
        except MemoryError:
            return self.task.packed((SPENT, ""))
        except BaseException as exc:  # noqa: BLE001 - the frontier to code of packs, and to strangers' sources
            return self.task.packed((FAILED, _told(exc)))

    def _settle(self) -> None:
        """Become a process of its own that dies with its parent, and that nobody's terminal can reach."""
        with suppress(OSError):
            os.setpgid(0, 0)
        _die_with_parent()
        if os.getppid() != self.parent:
            os._exit(0)
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        for descriptor in self.ends.foreign:
            with suppress(OSError):
                os.close(descriptor)
        self._turn_streams()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _limit_memory(self.task.memory)
        if self.task.nice:
            os.nice(self.task.nice)
        gc.disable()
        sys.setrecursionlimit(max(_DEPTH, sys.getrecursionlimit()))

    def _turn_streams(self) -> None:
        """Let what is printed go to the parent, as text of its own, and let nobody ask the terminal."""
        faulthandler.disable()
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((null, 0), (self.ends.prints, 1), (self.ends.prints, 2)):
            os.dup2(source, target)
        for number in {null, self.ends.prints} - {0, 1, 2}:
            os.close(number)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for the whole process
        sys.stdout = open(1, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115


def forked(task: Task, cell: Cell, ends: Ends, ours: Iterable[int]) -> int:
    """Fork a worker, and return its process number.

    Signals wait meanwhile: none may find the worker with the handlers of its parent.

    Args:
        task: what it does.
        cell: where it notes what it is at.
        ends: its pipes; closed here.
        ours: descriptors of this process that it must not hold open.
    """
    parent, before = os.getpid(), signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        pid = os.fork()
        if pid == 0:
            Forked(task, cell, Ends(ends.requests, ends.replies, ends.prints, tuple(ours)), parent).run()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def _write(number: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(number, rest) :]


def _told(exc: BaseException) -> str:
    """Say what was raised, and at which place in the code."""
    text = ""
    with suppress(Exception):
        text = str(exc)
    last = deque(traceback.walk_tb(exc.__traceback__), 1)
    where = "".join(f" ({os.path.basename(frame.f_code.co_filename)}:{line})" for frame, line in last)
    name = type(exc).__name__
    return f"{name}: {text}{where}" if text else f"{name}{where}"


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def _limit_memory(memory: int) -> None:
    """Limit the address space to so much more than there is; where the system does not say how much, not at all."""
    if not memory:
        return
    try:
        with open("/proc/self/statm", "rb") as file:
            pages = int(file.read().split()[0])
    except OSError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
