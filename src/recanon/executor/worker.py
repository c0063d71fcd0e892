"""One worker process, as its supervisor sees it: what it is given, what it answers, what it prints, when it is late."""

from __future__ import annotations

import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Generic, TypeVar

from recanon.executor.child import DONE, RAISED, READY, REFUSED
from recanon.executor.process import Excerpt

_SIZE = struct.Struct("!I")
_HEAD = 1 + _SIZE.size
_PIECE = 1 << 16
_PATIENCE = 1.0  # seconds until a process that closed its connection is asked no more how it ended
_KEEP = 8_192  # bytes of what an item prints that are kept at either end

Errand = TypeVar("Errand")


@dataclass(frozen=True, slots=True)
class Service:
    """What worker processes serve.

    Args:
        maker: `module:function`; called once in each process with `setup`, it returns a function from an item to its
            reply, both bytes. A `RecanonError` from either is told as it stands.
        setup: what the maker is given.
        folder: the working folder of the processes.
        scratch: a folder for their temporary files.
        path: folders in which they look for modules before all others. Their working folder is not among them.
    """

    maker: str
    setup: bytes
    folder: Path
    scratch: Path
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What an item may take.

    Args:
        seconds: time for an item.
        start: time for a process to begin.
        memory: bytes of address space of a process, on Linux; 0 for no limit.
    """

    seconds: float
    start: float = 120.0
    memory: int = 0


class Reply(Enum):
    """What a process says besides an answer."""

    READY = "ready"
    RAISED = "raised"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item failed; `lost` says that the process is not to be trusted any more."""

    reason: str
    hint: str = ""
    lost: bool = False


@dataclass(slots=True)
class Pipes:
    """What goes to a process and what comes from it."""

    outgoing: bytearray = field(default_factory=bytearray)
    incoming: bytearray = field(default_factory=bytearray)
    printed: Excerpt = field(default_factory=lambda: Excerpt(_KEEP))
    ended: bool = False
    silent: bool = False


class Worker(Generic[Errand]):
    """A process that serves one item at a time, in a session of its own.

    Args:
        service: what it serves.
        limits: what an item may take.
    """

    def __init__(self, service: Service, limits: Limits) -> None:
        self.limits = limits
        self.ready = False
        self.errand: Errand | None = None
        self.pipes = Pipes()
        self.raised = Failure("")
        self.begun = time.monotonic()
        self.deadline = self.begun + limits.start
        self.process, self.requests, self.replies, self.prints = _started(service)
        self._send(json.dumps(_wanted(service, limits)).encode())

    @property
    def busy(self) -> bool:
        """Whether it has something to do."""
        return self.errand is not None

    @property
    def free(self) -> bool:
        """Whether it could do something."""
        return self.ready and self.errand is None

    @property
    def seconds(self) -> float:
        """How long it has worked on its item."""
        return time.monotonic() - self.begun

    @property
    def settled(self) -> bool:
        """Whether it has answered, or will not any more."""
        return self.pipes.ended or self._body() is not None

    def give(self, errand: Errand, item: bytes) -> None:
        """Give it an item; the time begins when it is ready."""
        self.errand = errand
        self._send(item)
        if self.ready:
            self._begin()

    def done(self) -> None:
        """Note that its item is answered."""
        self.errand = None
        self.pipes.printed = Excerpt(_KEEP)

    def register(self, waiting: selectors.BaseSelector) -> None:
        """Wait for whatever can go on; the function to call with the descriptor is the key's data."""
        waiting.register(self.replies, selectors.EVENT_READ, self._hear)
        if not self.pipes.silent:
            waiting.register(self.prints, selectors.EVENT_READ, self._note)
        if self.pipes.outgoing:
            waiting.register(self.requests, selectors.EVENT_WRITE, self._push)

    def take(self) -> bytes | Reply:
        """Return its answer, or what it says instead of one."""
        body = self._body()
        if body is None:
            return Reply.GONE
        kind, size = self.pipes.incoming[:1], len(body)
        del self.pipes.incoming[: _HEAD + size]
        if kind == READY:
            self.ready = True
            self._begin()
            return Reply.READY
        if kind == DONE:
            return body
        self.raised = _failure(json.loads(body))
        return Reply.RAISED

    def output(self) -> str:
        """Return what was printed since the last item, as far as it is kept."""
        with suppress(BlockingIOError):
            while self._note(self.prints):
                pass
        printed = self.pipes.printed
        missing = printed.size - len(printed.head) - len(printed.tail)
        gap = f"\n[... {missing:,} bytes ...]\n".encode() if missing else b""
        return (printed.head + gap + printed.tail).decode("utf-8", "replace")

    def failure(self) -> Failure:
        """End it, and return how it ended."""
        if not self.pipes.ended:
            limit = self.limits.seconds if self.ready else self.limits.start
            return Failure(f"it was ended after {limit:g} seconds", "", lost=True)
        return Failure(_how(_status(self.process.pid)), "", lost=True)

    def end(self) -> None:
        """End the process with all of its group, and let go of it."""
        with suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for number in (self.requests, self.replies, self.prints):
            os.close(number)

    def _begin(self) -> None:
        self.begun = time.monotonic()
        self.deadline = self.begun + self.limits.seconds

    def _send(self, body: bytes) -> None:
        self.pipes.outgoing += _SIZE.pack(len(body)) + body

    def _body(self) -> bytes | None:
        """Return the body of the first whole message that came in, or None."""
        incoming = self.pipes.incoming
        if len(incoming) < _HEAD:
            return None
        if bytes(incoming[:1]) not in {READY, REFUSED, DONE, RAISED}:
            self.pipes.ended = True  # somebody else wrote into the pipe
            return None
        (size,) = _SIZE.unpack_from(incoming, 1)
        return bytes(incoming[_HEAD : _HEAD + size]) if len(incoming) >= _HEAD + size else None

    def _hear(self, number: int) -> None:
        piece = os.read(number, _PIECE)
        self.pipes.incoming += piece
        self.pipes.ended = self.pipes.ended or not piece

    def _note(self, number: int) -> bool:
        piece = os.read(number, _PIECE)
        self.pipes.printed.add(piece)
        self.pipes.silent = not piece
        return bool(piece)

    def _push(self, number: int) -> None:
        try:
            sent = os.write(number, memoryview(self.pipes.outgoing)[:_PIECE])
        except BrokenPipeError:
            self.pipes.outgoing.clear()
        else:
            del self.pipes.outgoing[:sent]


def _started(service: Service) -> tuple[subprocess.Popen[bytes], int, int, int]:
    """Start a process; return it, and our ends of its requests, its replies and its output."""
    requests, to_requests = os.pipe()
    from_replies, replies = os.pipe()
    from_prints, prints = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "recanon.executor.child", str(requests), str(replies)],
            stdin=subprocess.DEVNULL,
            stdout=prints,
            stderr=prints,
            pass_fds=(requests, replies),
            cwd=service.folder,
            env={**os.environ, "TMPDIR": str(service.scratch / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
    finally:
        for number in (requests, replies, prints):
            os.close(number)
    for number in (to_requests, from_replies, from_prints):
        os.set_blocking(number, False)
    return process, to_requests, from_replies, from_prints


def _status(pid: int) -> os.waitid_result | None:
    """Return how a process ended. It is not taken leave of, so that its number still stands for its group."""
    until = time.monotonic() + _PATIENCE
    while (seen := os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)) is None:
        if time.monotonic() > until:
            return None
        time.sleep(0.005)
    return seen


def _how(status: os.waitid_result | None) -> str:
    if status is None:
        return "its process closed its connection"
    if status.si_code == os.CLD_EXITED:
        return f"its process ended itself with exit code {status.si_status}"
    return f"its process was ended by signal {status.si_status} ({_signal(status.si_status)})"


def _wanted(service: Service, limits: Limits) -> dict[str, object]:
    """Return the first message: what a process serves and how."""
    return {
        "maker": service.maker,
        "setup": service.setup.hex(),
        "path": service.path,
        "memory": limits.memory,
        "bytecode": str(service.scratch / "pycache"),
    }


def _failure(told: Mapping[str, str]) -> Failure:
    if not told["kind"]:
        return Failure(told["message"], told["hint"])
    kind, message = told["kind"], told["message"]
    if kind == "SystemExit":
        return Failure(f"it called sys.exit({message})")
    text = f"{kind}: {message}" if message else kind
    return Failure(f"{text} ({told['trace']})" if told["trace"] else text, "", lost=kind == "MemoryError")


def _signal(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return "unknown"
