"""Run a pure function over chunks of files, in this process or in several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Job = Callable[[Sequence[Item]], Result]

_SMALL = 600
_CHUNK = 250


def run(job: Job[Item, Result], items: Sequence[Item], jobs: int) -> Iterator[tuple[Sequence[Item], Result | None]]:
    """Run a job over chunks of items.

    Args:
        job: a picklable function of a chunk.
        items: what to work on.
        jobs: processes; 0 means one a processor. Few items are worked on in this process.

    Yields:
        Each chunk with its result, in no particular order; None for a single item that killed its process.
    """
    processes = jobs or os.cpu_count() or 1
    chunks = [items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK)]
    if processes == 1 or len(items) < _SMALL:
        for chunk in chunks:
            yield chunk, job(chunk)
        return
    yield from _in_processes(job, chunks, min(processes, len(chunks)))


def _in_processes(
    job: Job[Item, Result], chunks: Sequence[Sequence[Item]], processes: int
) -> Iterator[tuple[Sequence[Item], Result | None]]:
    lost: list[Sequence[Item]] = []
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(job, chunk): chunk for chunk in chunks}
        for future in as_completed(waiting):
            try:
                yield waiting[future], future.result()
            except BrokenProcessPool:
                lost.append(waiting[future])
    for chunk in lost:
        for item in chunk:
            yield [item], _alone(job, item)


def _alone(job: Job[Item, Result], item: Item) -> Result | None:
    """Run one item in a process of its own, which may die."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(job, [item]).result()
        except BrokenProcessPool:
            return None
