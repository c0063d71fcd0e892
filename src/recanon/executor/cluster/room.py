"""A room in which a chunk of work is done, on a machine of the cluster: `python -P -m recanon.executor.cluster`.

A dask worker opens one for each chunk. It reads a parcel and an order from its standard input and answers on its
standard output. Each item of the chunk is caged as on any other machine, so that the dask worker itself cannot be
taken along by what is worked on, and nothing of it is left when the chunk is done.
"""

from __future__ import annotations

import gc
import os
import pickle
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from recanon import __version__
from recanon.cache import source_digest
from recanon.errors import RecanonError, UsageError
from recanon.executor.cage import Cage, Lost
from recanon.executor.cluster.parcel import NotHereError, Parcel, Shelf, Unreadable
from recanon.executor.forked import DONE, Task
from recanon.settings import Bounds

_SAME = "Install the same version of recanon, under the same Python, here and for all workers."
_GRACE = 60.0  # seconds for a room to begin and to end, besides what its items may take


@dataclass(frozen=True, slots=True)
class Program:
    """The program that does the work: only the same one gives the same answers.

    Args:
        recanon: its version.
        code: digest of its code.
        python: the version of Python, without the last part, which changes no syntax.
        libcst: the version of LibCST.
    """

    recanon: str
    code: str
    python: str
    libcst: str

    def __str__(self) -> str:
        return f"recanon {self.recanon} ({self.code[:8]}), Python {self.python}, LibCST {self.libcst}"


def this_program() -> Program:
    """Return the program that runs here."""
    python = ".".join(platform.python_version_tuple()[:2])
    return Program(__version__, source_digest(), python, version("libcst"))


@dataclass(frozen=True, slots=True)
class Order:
    """A chunk of work.

    Args:
        program: the program that gave the order.
        items: number and item of each.
        texts: texts of the tree by path.
        bounds: what an item may take.
    """

    program: Program
    items: tuple[tuple[int, Any], ...]
    texts: dict[str, bytes | Unreadable]
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a chunk.

    Args:
        done: number and packed result of the items that came to an end, or why they came to none.
        asked: the other items by number, each with the texts that it asks for.
        raised: what ends the whole run.
        printed: what was printed meanwhile.
    """

    done: tuple[tuple[int, bytes | Lost], ...] = ()
    asked: dict[int, tuple[str, ...]] = field(default_factory=dict)
    raised: RecanonError | None = None
    printed: str = ""


class OtherProgramError(UsageError):
    """The cluster runs another program than this one."""


class RoomError(Exception):
    """A room came to nothing, with all that is in it."""


def serve(parcel: Parcel, order: Order) -> Reply:
    """Do a chunk of work in a room of its own: what a dask worker runs.

    Args:
        parcel: the work.
        order: the chunk.

    Raises:
        RoomError: the room did not come to an answer.
    """
    if (here := this_program()) != order.program:
        told = f"a worker of the cluster runs {here}, and this is {order.program}"
        return Reply(raised=OtherProgramError(told, _SAME))
    seconds = _GRACE + 2 * order.bounds.seconds * len(order.items)
    with tempfile.TemporaryDirectory(prefix="recanon-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", __package__],
                input=pickle.dumps((parcel, order), pickle.HIGHEST_PROTOCOL),
                capture_output=True,
                cwd=folder,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as exc:
            raise RoomError(f"a chunk was not done in {seconds:g} seconds") from exc
    if done.returncode or not done.stdout:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise RoomError(f"a room ended with {done.returncode}: {' '.join(last)}")
    reply: Reply = pickle.loads(done.stdout)
    return Reply(reply.done, reply.asked, reply.raised, done.stderr.decode("utf-8", "replace"))


@dataclass(frozen=True)
class _Attempt:
    """Works on an item as far as the texts that are here reach.

    Args:
        task: the work.
        shelf: the texts.
    """

    task: Task
    shelf: Shelf

    def __call__(self, item: tuple[int, Any]) -> bytes | tuple[str, ...]:
        """Return the packed result, or the texts that are asked for."""
        self.shelf.asked.clear()
        try:
            packed = self.task.packed((DONE, self.task.work(item[1])))
        except NotHereError:
            packed = b""
        return tuple(sorted(self.shelf.asked)) or packed


def work_off(parcel: Parcel, order: Order, folder: Path) -> Reply:
    """Work on all items of a chunk.

    Args:
        parcel: the work.
        order: the chunk.
        folder: an empty one.
    """
    shelf = Shelf(order.texts)
    work, shared = parcel.open(shelf, folder)
    attempt = _Attempt(Task(work, (), shared), shelf)
    done: list[tuple[int, bytes | Lost]] = []
    asked: dict[int, tuple[str, ...]] = {}
    try:
        for number, result in _caged(attempt, order):
            if isinstance(result, tuple):
                asked[number] = result
            else:
                done.append((number, result))
    except RecanonError as exc:
        return Reply(raised=exc)
    return Reply(tuple(done), asked)


def _caged(attempt: Callable[[tuple[int, Any]], Any], order: Order) -> list[tuple[int, Any]]:
    task = Task(attempt, order.items, memory=order.bounds.memory)
    cage = Cage(task, order.bounds, jobs=1, chunk=len(order.items), most=len(order.items))
    return [(order.items[place][0], result) for place, result in cage.run()]


def main() -> None:
    """Read parcel and order, and answer. What is printed meanwhile goes to standard error."""
    answers = os.dup(1)
    os.dup2(2, 1)
    gc.disable()
    parcel, order = pickle.load(sys.stdin.buffer)
    reply = work_off(parcel, order, Path.cwd())
    with os.fdopen(answers, "wb") as file:
        pickle.dump(reply, file, pickle.HIGHEST_PROTOCOL)
