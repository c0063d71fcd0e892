"""Run a pure function over chunks of files, in this process or in several."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from types import TracebackType
from typing import TypeVar

from recanon.executor.child import die_with_parent

Item = TypeVar("Item")
Result = TypeVar("Result")
Job = Callable[[Sequence[Item]], Result]

# Starting processes takes as long as reading about this many files.
_SMALL = 100
_SAFE_PATH = "PYTHONSAFEPATH"


@contextmanager
def without_collector() -> Iterator[None]:
    """Pause the collector of cycles: what is read here has none, and looking for them costs a sixth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Workers:
    """Processes that work on chunks of items; they are started when there is enough to do, and kept.

    Args:
        jobs: processes; 0 means one a processor, 1 means none besides this one.
        yielding: whether other work goes first: its processes take what processors have to spare.
    """

    def __init__(self, jobs: int, *, yielding: bool = False) -> None:
        self.prepare = partial(_begin, yielding)
        self.processes = jobs or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def run(
        self, job: Job[Item, Result], items: Sequence[Item], chunk: int
    ) -> Iterator[tuple[Sequence[Item], Result | None]]:
        """Run a job over chunks of items; processes begin at once, and go on while the caller does other things.

        Args:
            job: a picklable function of a chunk.
            items: what to work on.
            chunk: items in a chunk.

        Returns:
            Each chunk with its result, in no particular order; None for a single item that killed its process.
        """
        chunks = [items[at : at + chunk] for at in range(0, len(items), chunk)]
        if self.processes == 1 or len(items) < _SMALL:
            return ((part, job(part)) for part in chunks)
        with _apart():
            if self._pool is None:
                self._pool = ProcessPoolExecutor(self.processes, get_context("spawn"), initializer=self.prepare)
            return self._done(job, {self._pool.submit(job, part): part for part in chunks})

    def _done(
        self, job: Job[Item, Result], waiting: Mapping[Future[Result], Sequence[Item]]
    ) -> Iterator[tuple[Sequence[Item], Result | None]]:
        lost: list[Sequence[Item]] = []
        for future in as_completed(waiting):
            try:
                yield waiting[future], future.result()
            except BrokenProcessPool:
                lost.append(waiting[future])
        if lost:
            self._pool = None
        for part in lost:
            for item in part:
                yield [item], _alone(job, item)


def _begin(yielding: bool) -> None:
    die_with_parent()
    gc.disable()
    if yielding:
        os.nice(10)


def _alone(job: Job[Item, Result], item: Item) -> Result | None:
    """Run one item in a process of its own, which may die."""
    with _apart():
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=die_with_parent)
        future = pool.submit(job, [item])
    with pool:
        try:
            return future.result()
        except BrokenProcessPool:
            return None


@contextmanager
def _apart() -> Iterator[None]:
    """Keep from processes that are started meanwhile what is not theirs: the current folder, and Ctrl-C.

    multiprocessing starts them by `python -c`, which looks for modules in the current folder first: a repository that
    is only looked at would get its `pickle.py` run. The variable does what `-P` does for a command line that is not
    ours. A terminal sends Ctrl-C to all processes, and it is for this one to end the others.
    """
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
