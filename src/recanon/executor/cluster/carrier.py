"""Carry chunks of work to a dask cluster and bring back what came of them, whatever happens to the cluster meanwhile.

Nothing lives in the cluster alone: all that is sent is here, so that what a lost worker or a lost scheduler took along
is sent again.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from distributed import Client, Future, KilledWorker, wait

from recanon.errors import UsageError
from recanon.executor.cage import Lost
from recanon.executor.cluster.parcel import Packed, Parcel, Unreadable
from recanon.executor.cluster.room import Order, Program, Reply, RoomError, serve, this_program
from recanon.overlay import Overlay
from recanon.safe_text import safe_text
from recanon.settings import Bounds

_PULSE = 0.2  # seconds between two looks at whether the scheduler is there
_MOST = 500  # items of a chunk, unless more of them are hardly worth a process
_AHEAD = 2  # chunks on their way for each thread of the cluster, so that none waits for the next
_TRIES = 3  # of an item that its workers did not survive
_LOSSES = 20  # of a chunk with workers or schedulers that went away
_CONNECT = 5.0  # seconds for a scheduler to answer


_LOST = (OSError, TimeoutError, CancelledError, RuntimeError)  # what dask raises where its other end is gone
_GONE = ("cancelled", "lost")


class ClusterError(UsageError):
    """The cluster cannot be used; nothing was written."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Items that go together.

    Args:
        numbers: of the items.
        files: the files whose texts go along.
        tries: how often it was sent and did not come back.
    """

    numbers: tuple[int, ...]
    files: frozenset[str]
    tries: int = 0


@dataclass(frozen=True)
class Errand:
    """What is to be done.

    Args:
        packed: the work.
        items: what to work on. One that is the path of a file of the tree goes with its text.
        chunk: how many items go together at least.
        bounds: what an item may take.
        program: the one that gives the orders.
    """

    packed: Packed
    items: Sequence[Any]
    chunk: int
    bounds: Bounds
    program: Program = field(default_factory=this_program)

    def chunks(self, threads: int) -> Iterator[Chunk]:
        """Yield the chunks: few, because each needs a room, but enough for all to work until the end.

        Args:
            threads: how many chunks the cluster works on at the same time.
        """
        files = {path for tree in self.packed.trees for path in tree.files}
        size = max(self.chunk, min(_MOST, -(-len(self.items) // (_AHEAD * threads))))
        for start in range(0, len(self.items), size):
            numbers = tuple(range(start, min(start + size, len(self.items))))
            own = (self.items[number] for number in numbers)
            yield Chunk(numbers, frozenset(item for item in own if isinstance(item, str) and item in files))

    def order(self, chunk: Chunk) -> Order:
        """Return a chunk with all that it needs."""
        items = tuple((number, self.items[number]) for number in chunk.numbers)
        return Order(self.program, items, {path: self._text(path) for path in sorted(chunk.files)}, self.bounds)

    def _text(self, path: str) -> bytes | Unreadable:
        """Return the text of a file of the disk; what is planned for it travels with the work."""
        tree: Overlay = self.packed.trees[0]
        try:
            return replace(tree, planned={}).read(path)
        except OSError as exc:
            return Unreadable(exc.errno or 0, exc.strerror or str(exc))


@dataclass(frozen=True)
class Connect:
    """How a scheduler is reached.

    Args:
        address: such as `tls://host:8786`.
        patience: seconds that a lost scheduler, or the first worker, is waited for.
        say: told what is waited for.
    """

    address: str
    patience: float
    say: Callable[[str], None]

    def client(self) -> Client:
        """Return a connected client.

        Raises:
            ClusterError: no scheduler answered in time.
        """
        until, told = time.monotonic() + self.patience, False
        while True:
            try:
                return Client(self.address, timeout=_CONNECT)
            except TypeError as exc:  # what dask raises where it has no certificates
                raise ClusterError(
                    f"{self.address} cannot be spoken with: {safe_text(str(exc))}",
                    "Name your certificates under distributed.comm.tls in the configuration of dask.",
                ) from exc
            except (OSError, TimeoutError, ValueError, RuntimeError) as exc:
                reason = safe_text(str(exc)) or type(exc).__name__
            if time.monotonic() > until:
                raise ClusterError(
                    f"no dask scheduler answers at {self.address}: {reason}",
                    "Start it, or leave out --executor to work on this machine.",
                )
            if not told:
                self.say(f"waiting for the scheduler at {self.address}")
                told = True
            time.sleep(_PULSE)


@dataclass
class Carrier:
    """Carries one errand.

    Args:
        connect: how the scheduler is reached.
        errand: what is to be done.
    """

    connect: Connect
    errand: Errand
    waiting: deque[Chunk] = field(default_factory=deque)
    flying: dict[Future[Reply], Chunk] = field(default_factory=dict)
    parcel: Future[Parcel] | None = None
    threads: int = 0

    def results(self) -> Iterator[tuple[int, bytes | Lost]]:
        """Yield the number of each item with its packed result, or why there is none; in no particular order.

        Raises:
            RecanonError: the work on an item raised it, or the cluster cannot be used.
        """
        self._join()
        self.waiting.extend(self.errand.chunks(self.threads))
        try:
            while self.waiting or self.flying:
                try:
                    self._send()
                    landed = self._landed()
                except _LOST:
                    self._rejoin()
                    continue
                for future in landed:
                    yield from self._settle(future, self.flying.pop(future))
        finally:
            self._leave()

    def _join(self) -> None:
        """Connect, and wait until there is somebody to do the work; begin again where the scheduler goes meanwhile."""
        until, told = time.monotonic() + self.connect.patience, False
        self.client, self.parcel, self.threads = self.connect.client(), None, 0
        while not self.threads:
            try:
                self.threads = sum(self.client.nthreads().values())
            except _LOST:
                self._leave()
                self.client = self.connect.client()
            if self.threads:
                return
            if time.monotonic() > until:
                raise ClusterError(
                    f"the scheduler at {self.connect.address} has no workers",
                    "Start some, each in an environment with the same recanon, or leave out --executor.",
                )
            if not told:
                self.connect.say(f"waiting for workers of {self.connect.address}")
                told = True
            time.sleep(_PULSE)

    def _rejoin(self) -> None:
        """Come back after the scheduler was lost: what was on its way is sent again."""
        self.waiting.extend(self.flying.values())
        self.flying.clear()
        self._leave()
        self._join()

    def _leave(self) -> None:
        with suppress(*_LOST):
            self.client.close(timeout=_CONNECT)

    def _send(self) -> None:
        while self.waiting and len(self.flying) < _AHEAD * self.threads:
            if self.parcel is None or self.parcel.status in _GONE:
                self.parcel = self.client.scatter(self.errand.packed.parcel, broadcast=True, hash=False)
            chunk = self.waiting[0]
            future = self.client.submit(serve, self.parcel, self.errand.order(chunk), pure=False)
            self.flying[future] = self.waiting.popleft()

    def _landed(self) -> list[Future[Reply]]:
        """Wait for chunks that came back."""
        with suppress(TimeoutError):
            wait(list(self.flying), timeout=_PULSE, return_when="FIRST_COMPLETED")
        if self.client.status != "running":
            raise OSError("the scheduler is lost")
        return [future for future in self.flying if future.done() or future.status in _GONE]

    def _settle(self, future: Future[Reply], chunk: Chunk) -> Iterator[tuple[int, bytes | Lost]]:
        if future.status == "finished":
            try:
                reply = future.result(timeout=_CONNECT)
            except _LOST:  # its result went with the worker
                self._again(chunk)
            else:
                yield from self._take(reply, chunk)
        elif future.status == "error" and not isinstance(error := future.exception(), _LOST):
            yield from self._failed(error, chunk)
        else:
            self._again(chunk)

    def _again(self, chunk: Chunk) -> None:
        """Send a chunk again that the cluster has lost.

        Raises:
            ClusterError: it has lost it too often.
        """
        if chunk.tries >= _LOSSES:
            raise ClusterError(
                f"the cluster at {self.connect.address} has lost the same work {_LOSSES} times",
                "See in the logs of its workers why they end, or leave out --executor.",
            )
        self.waiting.append(replace(chunk, tries=chunk.tries + 1))

    def _take(self, reply: Reply, chunk: Chunk) -> Iterator[tuple[int, bytes | Lost]]:
        if reply.printed:
            sys.stderr.write(reply.printed)
        if reply.raised is not None:
            raise reply.raised
        yield from reply.done
        if reply.asked:
            self.waiting.appendleft(Chunk(tuple(sorted(reply.asked)), chunk.files.union(*reply.asked.values())))

    def _failed(self, error: BaseException, chunk: Chunk) -> Iterator[tuple[int, bytes | Lost]]:
        """Send a chunk again in halves that its workers did not survive, until the item stands alone."""
        if not isinstance(error, KilledWorker | RoomError | MemoryError):
            raise ClusterError(
                f"the workers of {self.connect.address} cannot do this work: {type(error).__name__}: {error}",
                "Each needs an environment with the same recanon, Python and libraries.",
            )
        if len(chunk.numbers) > 1:
            half = len(chunk.numbers) // 2
            for numbers in (chunk.numbers[:half], chunk.numbers[half:]):
                self.waiting.append(Chunk(numbers, chunk.files))
        elif chunk.tries + 1 < _TRIES:
            self.waiting.append(replace(chunk, tries=chunk.tries + 1))
        else:
            yield chunk.numbers[0], Lost(f"its workers did not survive it: {error}")
