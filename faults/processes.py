"""Other processes beside a run: one of another user, one that does something again and again."""

from __future__ import annotations

import json
import os
import pickle
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

NOBODY = 65534


def as_nobody(work: Callable[[], Any]) -> Any:
    """Do something in a forked process of a user whom modes bind; return what it came to.

    Args:
        work: returns something that can be pickled.

    Raises:
        RuntimeError: the work raised something.
    """

    def bound() -> Any:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return work()

    return beside(bound)[0]


def beside(*works: Callable[[], Any]) -> list[Any]:
    """Do things at a time, each in a forked process; return what they came to.

    Args:
        works: each returns something that can be pickled.

    Raises:
        RuntimeError: one of them raised something.
    """
    started = [_fork(work) for work in works]
    found = []
    for child, reading in started:
        with os.fdopen(reading, "rb") as stream:
            raw = stream.read()
        os.waitpid(child, 0)
        well, value = pickle.loads(raw) if raw else (False, "the process died")
        if not well:
            raise RuntimeError(value)
        found.append(value)
    return found


def _fork(work: Callable[[], Any]) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException), os.fdopen(writing, "wb") as stream:
            stream.write(_answer(work))
        os._exit(0)
    os.close(writing)
    return child, reading


def _answer(work: Callable[[], Any]) -> bytes:
    try:
        return pickle.dumps((True, work()))
    except BaseException:  # noqa: BLE001 - whatever it is, the process that asked shall know
        return pickle.dumps((False, traceback.format_exc()))


@dataclass
class Hammer:
    """What a hammering process has done, known once it has stopped.

    Args:
        done: by key, what it did last.
    """

    done: dict[str, int] = field(default_factory=dict)


@contextmanager
def hammering(blow: Callable[[int], str]) -> Iterator[Hammer]:
    """Let a forked process do something again and again during the block; it ends between two blows.

    Args:
        blow: does it; told how many times it was done; returns the key under which that number is kept.
    """
    hammer = Hammer()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _hammer(blow, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        stream.read(1)  # it has begun
        try:
            yield hammer
        finally:
            os.kill(child, signal.SIGTERM)
            hammer.done = json.loads(stream.read() or b"{}")
            os.waitpid(child, 0)


def _hammer(blow: Callable[[int], str], pipe: int) -> None:
    stopped: list[int] = []
    with suppress(BaseException):
        signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))
        os.write(pipe, b"!")
        done: dict[str, int] = {}
        number = 0
        while not stopped:
            done[blow(number)] = number
            number += 1
        os.write(pipe, json.dumps(done).encode())
    os._exit(0)
