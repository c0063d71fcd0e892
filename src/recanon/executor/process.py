"""Run a command: bounded in time and output, and nothing of it survives."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recanon.errors import RecanonError

_WARDEN = Path(__file__).with_name("warden.py")
_PIECE = 1 << 20
_LAST = 12.0  # seconds past the time limit until the warden itself is given up
_LINGER = 1.0  # seconds for the rest of the output, where a stranger holds the pipe
EXCERPT = 32_768  # bytes kept at either end of an output


class CommandError(RecanonError):
    """A command could not be run to an end at all."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Args:
        code: its exit code; negative: ended by that signal.
        seconds: how long it ran.
        late: whether it was ended at the time limit.
        killed: how many processes it left behind; they were killed.
        left: how many of them withstood.
        head: the beginning of its output, standard error included.
        tail: the end of it, where it is longer than the beginning.
        size: bytes of output, all together.
    """

    code: int
    seconds: float
    late: bool
    killed: int
    left: int
    head: bytes
    tail: bytes
    size: int

    @property
    def whole(self) -> bool:
        """Whether the kept output is all of it."""
        return self.size == len(self.head) + len(self.tail)

    @property
    def text(self) -> str:
        """The kept output; where something is missing, a line says how much."""
        missing = self.size - len(self.head) - len(self.tail)
        gap = f"\n[... {missing:,} bytes ...]\n".encode() if missing else b""
        return (self.head + gap + self.tail).decode("utf-8", "replace")


class Excerpt:
    """The two ends of a stream of bytes, however long it is.

    Args:
        keep: bytes kept at either end.
    """

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.head = b""
        self.tail = b""
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Take a piece in."""
        self.size += len(piece)
        room = self.keep - len(self.head)
        self.head += piece[:room]
        self.tail = (self.tail + piece[room:])[-self.keep :]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how commands run.

    Args:
        root: their working folder.
        scratch: a folder of their own outside of it, which goes away afterwards.
        seconds: the time limit.
        trusted: whether they may use the bytecode that is there: no text of theirs was written a moment ago.
    """

    root: Path
    scratch: Path
    seconds: float
    trusted: bool = False


def run_command(command: Sequence[str], place: Place, *, keep: int = EXCERPT) -> Ended:
    """Run a command under a warden and wait for its end.

    Args:
        command: its words.
        place: where and how.
        keep: bytes of output kept at either end.

    Raises:
        CommandError: it could not be started, or its warden was killed.
    """
    reading, writing = os.pipe()
    line = [sys.executable, "-I", "-S", str(_WARDEN), str(writing), str(place.seconds)]
    line += [str(os.getpid()), str(place.scratch), *command]
    with os.fdopen(reading, "rb") as report:
        warden = subprocess.Popen(
            line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=[writing],
            cwd=place.root,
            env=os.environ if place.trusted else environment(os.environ, place.scratch),
            start_new_session=True,
        )
        try:
            os.close(writing)
            output, ended = _drained(warden, report.fileno(), keep, until=time.monotonic() + place.seconds + _LAST)
        finally:
            _end(warden)
    if not ended:
        raise CommandError(f"{' '.join(command)} could not be run: {_last_line(output)}", "Try it by hand.")
    return Ended(**_figures(ended), head=output.head, tail=output.tail, size=output.size)


def environment(given: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """Return the environment of a command: bytecode and temporary files go to its own folder.

    Python takes a `.pyc` for fresh when size and second agree, so those in the tree may speak of the text before. With
    a cache of its own a command neither reads nor writes them.

    Args:
        given: the environment of recanon.
        scratch: the command's own folder.
    """
    kept = {name: value for name, value in given.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(scratch / "pycache"), "TMPDIR": str(scratch / "tmp")}


def _drained(warden: subprocess.Popen[bytes], report: int, keep: int, *, until: float) -> tuple[Excerpt, bytes]:
    """Read the output to its end, and what the warden reports."""
    output, ended = Excerpt(keep), b""
    assert warden.stdout is not None
    with selectors.DefaultSelector() as waiting:
        for source in (warden.stdout.fileno(), report):
            waiting.register(source, selectors.EVENT_READ)
        while waiting.get_map() and (rest := until - time.monotonic()) > 0:
            for key, _ in waiting.select(rest):
                piece = os.read(key.fd, _PIECE)
                if key.fd != report:
                    output.add(piece)
                elif piece:
                    ended += piece
                else:  # the warden is done: all output is in the pipe by now
                    until = min(until, time.monotonic() + _LINGER)
                if not piece:
                    waiting.unregister(key.fd)
    return output, ended


def _end(warden: subprocess.Popen[bytes]) -> None:
    """See the warden out; where it still works, it ends its command first."""
    assert warden.stdout is not None
    warden.stdout.close()
    if warden.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            warden.wait(0.2)
            return
        warden.terminate()
    try:
        warden.wait(_LAST)
    except subprocess.TimeoutExpired:
        warden.kill()
        warden.wait()


def _figures(report: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report)
    return found


def _last_line(output: Excerpt) -> str:
    lines = (output.head + output.tail).decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it was killed"
