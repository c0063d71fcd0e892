"""Hand items one by one to worker processes that may crash, hang, print, or eat memory; each costs its item alone."""

from __future__ import annotations

import os
import selectors
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from types import TracebackType

from recanon.errors import UsageError
from recanon.executor.worker import Limits, Reply, Service, Worker


class ServiceError(UsageError):
    """What the workers shall serve cannot be made."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an item.

    Args:
        reply: what the service answered; None where it failed.
        reason: why it failed.
        output: what was printed meanwhile, cut in the middle where it is long.
        seconds: how long it took.
        lost: whether the process did not survive it.
    """

    reply: bytes | None
    reason: str = ""
    output: str = ""
    seconds: float = 0.0
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """An item on its way: its number, and whether it is tried a second time, in a process of its own."""

    number: int
    item: bytes
    alone: bool = False


class Supervisor:
    """Run a service in several processes.

    An item that kills its process, or is not done in time, is tried once more when the others are done, in a process
    that has done nothing else.

    Args:
        service: what the processes serve.
        limits: what an item may take.
        jobs: how many processes; 0 means one a processor.
    """

    def __init__(self, service: Service, limits: Limits, jobs: int = 0) -> None:
        self.service = service
        self.limits = limits
        self.jobs = jobs or os.cpu_count() or 1
        self.workers: list[Worker[Errand]] = []

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers:
            worker.end()
        self.workers.clear()

    def run(self, items: Iterable[bytes]) -> Iterator[tuple[int, Answer]]:
        """Serve items, as they come.

        Args:
            items: what to serve; none may be empty. They are asked for one by one, when a process is free.

        Returns:
            The number of each item, from 0, with its answer; in no particular order.

        Raises:
            ServiceError: the service cannot be made.
        """
        first = (Errand(number, item) for number, item in enumerate(items))
        again: deque[Errand] = deque()
        while self._hand_out(first, again):
            for worker in self._moved():
                errand, answer = self._settled(worker)
                if errand is None or answer is None:
                    continue
                if answer.lost and not errand.alone:
                    again.append(replace(errand, alone=True))
                else:
                    yield errand.number, answer

    def _hand_out(self, first: Iterator[Errand], again: deque[Errand]) -> bool:
        """Give each free process something to do; return whether any has."""
        for worker in [worker for worker in self.workers if worker.free]:
            errand = next(first, None)
            if errand is None:
                break
            worker.give(errand, errand.item)
        while len(self.workers) < self.jobs and (errand := next(first, None)):
            self._start(errand)
        while again and not all(worker.busy for worker in self.workers):
            self._leave(next(worker for worker in self.workers if not worker.busy))
        while again and len(self.workers) < self.jobs:
            self._start(again.popleft())
        return any(worker.busy for worker in self.workers)

    def _start(self, errand: Errand) -> None:
        worker: Worker[Errand] = Worker(self.service, self.limits)
        self.workers.append(worker)
        worker.give(errand, errand.item)

    def _leave(self, worker: Worker[Errand]) -> None:
        worker.end()
        self.workers.remove(worker)

    def _moved(self) -> list[Worker[Errand]]:
        """Wait until something happens; return the processes that have something to say, or are late."""
        busy = [worker for worker in self.workers if worker.busy]
        said = any(worker.settled for worker in busy)
        until = 0.0 if said else min(worker.deadline for worker in busy)
        with selectors.DefaultSelector() as waiting:
            for worker in busy:
                worker.register(waiting)
            for key, _ in waiting.select(max(0.0, until - time.monotonic())):
                key.data(key.fd)
        return [worker for worker in busy if worker.settled or worker.deadline <= time.monotonic()]

    def _settled(self, worker: Worker[Errand]) -> tuple[Errand | None, Answer | None]:
        """Take what a process has to say; one that is gone, late or out of memory is done away with."""
        reply = worker.take()
        if reply is Reply.READY:
            return None, None
        errand, seconds = worker.errand, worker.seconds
        output = worker.output()
        if isinstance(reply, bytes):
            worker.done()
            if errand is not None and errand.alone:
                self._leave(worker)
            return errand, Answer(reply, output=output, seconds=seconds)
        failure = worker.failure() if reply is Reply.GONE else worker.raised
        if not worker.ready:
            self._leave(worker)
            raise ServiceError(failure.reason + _said(output), failure.hint)
        lost = reply is Reply.GONE or failure.lost
        if lost or (errand is not None and errand.alone):
            self._leave(worker)
        else:
            worker.done()
        return errand, Answer(None, failure.reason, output, seconds, lost)


def _said(output: str) -> str:
    return f"\n{output.strip()}" if output.strip() else ""
