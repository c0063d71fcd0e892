"""Hand items to forked workers that may crash, hang, print, or eat memory; each costs its item alone.

The operating system kills what does not end in time: code in C that holds the interpreter can be stopped in no other
way. A worker that dies takes nothing along but what it had not handed over yet, which is done again without the item
that it died of. That one is tried once more when the others are done, in a process that has done nothing else.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from recanon.executor.forked import DONE, RAISED, SPENT, Answer, Task
from recanon.executor.inmate import Inmate
from recanon.outcome import Reverted
from recanon.safe_text import safe_text
from recanon.settings import Bounds

_PULSE = 0.5  # seconds between two looks at whether a silent worker is alive
_OF_RUST = "memory allocation of "  # what Rust's standard library prints when there is none left, before it aborts


@dataclass(frozen=True, slots=True)
class Lost:
    """In the place of a result: why the work on an item came to nothing.

    Args:
        reason: what happened.
        hint: what a person can do.
    """

    reason: str
    hint: str = ""

    def reverted(self, path: str, step: str) -> Reverted:
        """Return what to say of a file that stands as it was because of it.

        Args:
            path: the file.
            step: what was being done.
        """
        return Reverted(path, step, f"the work came to nothing: {self.reason}", lost=True)


class Cage:
    """Forked workers on one task.

    Args:
        task: what they do.
        bounds: what an item may take.
        jobs: how many workers there are at most.
        chunk: how many items are worth a worker.
        most: how many are given to it at once at most.
    """

    def __init__(self, task: Task, bounds: Bounds, *, jobs: int, chunk: int, most: int) -> None:
        self.task = task
        self.bounds = bounds
        self.jobs = min(jobs, -(-len(task.items) // chunk))
        self._first = deque(_shares(len(task.items), most, self.jobs))
        self._again: deque[int] = deque()
        self._retried: set[int] = set()
        self._inmates: list[Inmate] = []

    def begin(self) -> None:
        """Let work begin; it goes on while the caller does other things, as far as there is room for answers."""
        while self._first and len(self._inmates) < self.jobs:
            self._fork().give(self._first.popleft())

    def run(self) -> Iterator[tuple[int, object]]:
        """Yield the number of each item with its result or `Lost`, in no particular order.

        Raises:
            RecanonError: the work on an item raised it.
        """
        try:
            while self._hand_out():
                self._wait()
                for inmate in [inmate for inmate in self._inmates if inmate.busy]:
                    yield from self._settled(inmate)
        finally:
            self.close()

    def close(self) -> None:
        """End all workers."""
        while self._inmates:
            self._leave(self._inmates[-1])

    def _hand_out(self) -> bool:
        """Give each idle worker something to do; return whether any has."""
        for inmate in [inmate for inmate in self._inmates if not inmate.busy]:
            if self._first and not inmate.ended:
                inmate.give(self._first.popleft())
            else:
                self._leave(inmate)
        self.begin()
        while self._again and len(self._inmates) < self.jobs:
            number = self._again.popleft()
            self._retried.add(number)
            self._fork().give(range(number, number + 1))
        return bool(self._inmates)

    def _fork(self) -> Inmate:
        inmate = Inmate(self.task, [number for other in self._inmates for number in other.descriptors])
        self._inmates.append(inmate)
        return inmate

    def _leave(self, inmate: Inmate) -> os.waitid_result | None:
        self._inmates.remove(inmate)
        return inmate.end()

    def _wait(self) -> None:
        """Wait until a worker says something, or an item may be late."""
        now = time.monotonic()
        until = min(inmate.deadline(self.bounds.seconds) for inmate in self._inmates)
        with selectors.DefaultSelector() as waiting:
            for inmate in self._inmates:
                inmate.register(waiting)
            heard = waiting.select(max(0.0, min(until - now, _PULSE)))
        for inmate in {key.data for key, _ in heard}:
            inmate.hear()

    def _settled(self, inmate: Inmate) -> Iterator[tuple[int, object]]:
        """Yield the results of a worker that has answered; one that is gone or late is done away with."""
        chunk, gone = inmate.chunk, inmate.ended or inmate.is_dead()
        if (answers := inmate.answers()) is not None:
            _pass_on(inmate.printed())
            if self._first and not inmate.ended:  # it works on while its answers are unpacked
                inmate.give(self._first.popleft())
            for number, body in zip(chunk, answers, strict=True):
                yield from self._result(number, self.task.unpacked(body))
        elif gone or time.monotonic() > inmate.deadline(self.bounds.seconds):
            yield from self._dead(inmate)

    def _result(self, number: int, answer: Answer) -> Iterator[tuple[int, object]]:
        kind, value = answer
        if kind == RAISED:
            raise value
        if kind == DONE:
            yield number, value
        else:
            yield from self._lost(number, self._spent() if kind == SPENT else Lost(value), final=kind != SPENT)

    def _dead(self, inmate: Inmate) -> Iterator[tuple[int, object]]:
        """Do again what a worker took along, all but the item that it was at."""
        chunk, number, late, printed = inmate.chunk, inmate.cell.number, not inmate.ended, inmate.printed()
        _pass_on(printed)
        status = self._leave(inmate)
        lost = self._late() if late else self._how(status, printed)
        if number in chunk:
            self._first.extendleft(part for part in (range(number + 1, chunk.stop), range(chunk.start, number)) if part)
            yield from self._lost(number, lost)
        else:  # it died between two items, so that each may be the one
            for each in chunk:
                yield from self._lost(each, lost)

    def _lost(self, number: int, lost: Lost, *, final: bool = False) -> Iterator[tuple[int, object]]:
        """Let an item be tried once more, or yield why nothing came of it."""
        if final or number in self._retried:
            yield number, lost
        else:
            self._again.append(number)

    def _late(self) -> Lost:
        return Lost(f"it was ended after {self.bounds.seconds:g} seconds", "Give it more time with --timeout.")

    def _spent(self) -> Lost:
        limit = f" (limit {self.bounds.memory >> 20} MB)" if self.bounds.memory else ""
        return Lost(f"it ran out of memory{limit}", "Give it more with --memory.")

    def _how(self, status: os.waitid_result | None, printed: str) -> Lost:
        """Say how a worker ended."""
        if status is None:
            return Lost("its process closed its connection")
        if status.si_code == os.CLD_EXITED:
            return Lost(f"its process ended itself with exit code {status.si_status}")
        if status.si_status == signal.SIGABRT and _OF_RUST in printed:
            return self._spent()
        with suppress(ValueError):
            return Lost(f"its process was killed by {signal.Signals(status.si_status).name}")
        return Lost(f"its process was killed by signal {status.si_status}")


def _shares(size: int, most: int, jobs: int) -> Iterator[range]:
    """Yield the items in ranges that become smaller: half of what is left for all workers, so that all end together."""
    at = 0
    while at < size:
        rest = size - at
        step = rest if jobs == 1 and rest <= most else min(most, max(1, rest // (2 * jobs)))
        yield range(at, at + step)
        at += step


def _pass_on(printed: str) -> None:
    """Show on standard error what was printed, for standard output is the user's; it may hold text of strangers."""
    if printed:
        with suppress(OSError, ValueError):
            sys.stderr.write("\n".join(map(safe_text, printed.split("\n"))))
            sys.stderr.flush()
