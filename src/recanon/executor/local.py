"""Do the same work on many files, in forked processes that each file is caged in."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar, cast

from recanon.errors import RecanonError
from recanon.executor.cage import Cage, Lost
from recanon.executor.forked import Task
from recanon.settings import Bounds

Item = TypeVar("Item")
Result = TypeVar("Result")

__all__ = ["Lost", "Workers", "beside", "without_collector"]

_USUAL = Bounds()
_UNBOUND = Bounds(float("inf"), 0)
_NICE = 10


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
    """Do work on items in forked processes; one that crashes or hangs costs the item that it is at.

    Args:
        jobs: processes; 0 means one a processor.
        bounds: what an item may take; None works in this process, where nothing can be bounded.
    """

    def __init__(self, jobs: int = 0, bounds: Bounds | None = _USUAL) -> None:
        self.processes = jobs or os.cpu_count() or 1
        self.bounds = bounds
        self._cages: list[Cage] = []

    @property
    def near(self) -> Workers:
        """The workers that can read the disk of this machine."""
        return self

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._cages:
            self._cages.pop().close()

    def run(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        chunk: int,
        *,
        shared: Sequence[object] = (),
        most: int = 0,
    ) -> Iterator[tuple[Item, Result | Lost]]:
        """Do some work on items. The processes see all that this one has read so far, and hand back results alone.

        They begin at once, and go on while the caller does other things, as far as there is room for answers.

        Args:
            work: makes the result of an item, which can be pickled.
            items: what to work on.
            chunk: how many items are worth a process.
            shared: objects of this process that results refer to.
            most: how many are given to a process at once at most; none means a chunk.

        Returns:
            Each item with its result, in no particular order; `Lost` for one on which nothing came to an end.

        Raises:
            RecanonError: the work on an item raised it.
        """
        if self.bounds is None:
            return ((item, work(item)) for item in items)
        task = Task(work, items, shared, self.bounds.memory)
        cage = Cage(task, self.bounds, jobs=self.processes, chunk=chunk, most=most or chunk)
        self._cages.append(cage)
        cage.begin()
        return self._results(cage, items)

    def _results(self, cage: Cage, items: Sequence[Item]) -> Iterator[tuple[Item, Any]]:
        for number, result in cage.run():
            yield items[number], result
        self._cages.remove(cage)


@contextmanager
def beside(work: Callable[[], Result], *, nice: int = _NICE) -> Iterator[Callable[[], Result]]:
    """Begin some work in a process beside this one, to which it leaves processors that it needs itself.

    Args:
        work: makes a result that can be pickled.
        nice: by how much others go first (nice(1)).

    Returns:
        A function that waits for the result and returns it. It raises RecanonError where there is none.
    """
    cage = Cage(Task(lambda _: work(), [None], nice=nice), _UNBOUND, jobs=1, chunk=1, most=1)

    def finish() -> Result:
        [(_, found)] = cage.run()
        if isinstance(found, Lost):
            raise RecanonError(f"what was done beside it came to nothing: {found.reason}", found.hint)
        return cast(Result, found)

    cage.begin()
    try:
        yield finish
    finally:
        cage.close()
