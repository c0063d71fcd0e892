"""Workers of a dask cluster. What only this machine can do, and what is not worth the way, is done here."""

from __future__ import annotations

import gc
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypeVar, cast

from recanon.errors import RecanonError
from recanon.executor.cage import Lost
from recanon.executor.cluster.carrier import Carrier, Connect, Errand
from recanon.executor.cluster.parcel import pack
from recanon.executor.forked import Task
from recanon.executor.local import Workers
from recanon.settings import Bounds, Cluster

Item = TypeVar("Item")
Result = TypeVar("Result")

_UNBOUND = Bounds(float("inf"), 0)
_STAY = "Leave out --executor to work on this machine."
_ANSWERS = 10  # results that the courier hands over at once


class ClusterWorkers(Workers):
    """Do work on items in a dask cluster, each caged there as on this machine.

    Args:
        cluster: where its scheduler is.
        jobs: processes of this machine; 0 means one a processor.
        bounds: what an item may take; None works in this process.
    """

    def __init__(self, cluster: Cluster, jobs: int = 0, bounds: Bounds | None = None) -> None:
        super().__init__(jobs, bounds)
        self.cluster = cluster
        self._near = Workers(jobs, bounds)

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._near.__exit__(kind, value, trace)

    @property
    def near(self) -> Workers:
        """The workers of this machine."""
        return self._near

    def run(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        chunk: int,
        *,
        shared: Sequence[object] = (),
        most: int = 0,
    ) -> Iterator[tuple[Item, Result | Lost]]:
        """Do some work on items, as `Workers.run`, but in the cluster where they are more than one chunk.

        The work must be one that can be pickled. It begins when the first result is asked for.

        Raises:
            RecanonError: the work on an item raised it, or the cluster cannot be used.
        """
        least = self.cluster.chunk or chunk
        if len(items) <= least or self.bounds is None:
            yield from self._near.run(work, items, chunk, shared=shared, most=most)
            return
        task = Task(work, items, shared)
        standard_error = os.dup(2)
        try:
            courier = _Courier(task, self.cluster, least, self.bounds, standard_error)
            with Workers(1, _UNBOUND) as alone:
                for _, found in alone.run(courier.next, range(len(items)), _ANSWERS):
                    if isinstance(found, Lost):
                        raise RecanonError(f"the way to the cluster came to nothing: {found.reason}", _STAY)
                    number, result = found
                    done = result if isinstance(result, Lost) else cast(Result, task.unpacked(result)[1])
                    yield items[number], done
        finally:
            os.close(standard_error)


@dataclass
class _Courier:
    """Carries the work to the cluster, in a forked process: a client of dask has threads, which do not survive a fork.

    Args:
        task: the work, its items, and what results refer to.
        cluster: where it goes.
        chunk: how many items go together at least.
        bounds: what an item may take.
        standard_error: descriptor of this process on which the user reads what is waited for.
    """

    task: Task
    cluster: Cluster
    chunk: int
    bounds: Bounds
    standard_error: int
    handed: int = 0
    results: Iterator[tuple[int, bytes | Lost]] | None = field(default=None, repr=False)

    def next(self, step: int) -> tuple[int, bytes | Lost]:
        """Return the next result that comes back: its number and itself.

        Args:
            step: how many were handed over before.

        Raises:
            RecanonError: a process before this one had begun, and took along what had come back.
        """
        if step != self.handed:
            raise RecanonError("the process that speaks with the cluster was ended", "Run it again.")
        if self.results is None:
            self.results = self._begin()
        self.handed += 1
        return next(self.results)

    def _begin(self) -> Iterator[tuple[int, bytes | Lost]]:
        gc.enable()  # a client of dask leaves cycles
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        warnings.simplefilter("ignore")
        connect = Connect(self.cluster.address, self.cluster.patience, self._say)
        errand = Errand(pack(self.task.work, self.task.shared), self.task.items, self.chunk, self.bounds)
        return Carrier(connect, errand).results()

    def _say(self, text: str) -> None:
        os.write(self.standard_error, f"{text}\n".encode("utf-8", "backslashreplace"))
