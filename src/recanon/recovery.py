"""Interrupted runs: put in order, and then finished or taken back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from recanon.disk import FileSystem
from recanon.journal.finish import finish_run
from recanon.journal.recover import recover_all
from recanon.journal.result import Progress, Recovered, Refused, RunResult
from recanon.journal.rows import FileRow, FileState, RunKind, RunRow, RunState, new_run_id
from recanon.journal.state import has_state, open_state, read_journal
from recanon.journal.store import Store
from recanon.rollback import Request, rollback


@dataclass(frozen=True, slots=True)
class Half:
    """An interrupted run that can be finished.

    Args:
        run: its id.
        kind: apply or rollback.
        pack: id of the pack, or what was asked of the rollback.
        written: its files that hold their new text.
        missing: its files that are as they were before it.
    """

    run: str
    kind: RunKind
    pack: str
    written: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What was found when runs were put in order.

    Args:
        recovered: the runs that had to be.
        halves: the runs that can be finished or taken back now.
    """

    recovered: tuple[Recovered, ...] = ()
    halves: tuple[Half, ...] = ()


def interrupted(root: Path) -> tuple[str, ...]:
    """Return the ids of runs that wait to be finished or taken back, or are still at work; nothing is touched.

    Raises:
        JournalError: the journal cannot be used.
    """
    with read_journal(root) as store:
        if store is None:
            return ()
        waiting = {row.run for row in store.pending()}
        return tuple(run.id for run in store.runs() if run.state is RunState.OPEN or run.id in waiting)


def put_in_order(root: Path, *, files: FileSystem | None = None) -> Order:
    """Find out which files interrupted runs have written, and take their temporary files away.

    It may be stopped at any point, and done again.

    Args:
        root: the tree's root.
        files: the operations on files; another object is for tests.

    Raises:
        JournalError: another run works on this tree, or its state cannot be used.
    """
    if not has_state(root):
        return Order()
    with open_state(root, files or FileSystem(), run=new_run_id()) as state:
        recovered = recover_all(state)
        return Order(recovered, tuple(_half(state.store, run, rows) for run, rows in _pending(state.store)))


def finish(root: Path, *, progress: Progress | None = None, files: FileSystem | None = None) -> tuple[RunResult, ...]:
    """Finish all interrupted runs, the oldest first. It may be stopped at any point, and done again.

    Args:
        root: the tree's root.
        progress: told of each file once it is decided.
        files: the operations on files; another object is for tests.

    Returns:
        What each run came to; files that are not as the run found them are refused.

    Raises:
        JournalError: another run works on this tree, or its state cannot be used.
        RunStoppedError: the disk failed; the run is interrupted again.
    """
    if not has_state(root):
        return ()
    with open_state(root, files or FileSystem(), run=new_run_id()) as state:
        recover_all(state)
        return tuple(finish_run(state, run, rows, progress=progress) for run, rows in _pending(state.store))


def take_back(
    root: Path, *, progress: Progress | None = None, files: FileSystem | None = None
) -> tuple[RunResult, ...]:
    """Give back what interrupted runs have written, the latest first. It may be stopped at any point, and done again.

    An interrupted rollback is not taken back: it says so, and stays to be finished.

    Args:
        root: the tree's root.
        progress: told of each file once it is decided.
        files: the operations on files; another object is for tests.

    Returns:
        What each rollback came to.

    Raises:
        JournalError: another run works on this tree, or its state cannot be used.
        UsageError: later runs have written files of an interrupted one.
        RunStoppedError: the disk failed; what was not given back can be later.
    """
    results = []
    for half in reversed(put_in_order(root, files=files).halves):
        if half.kind is RunKind.ROLLBACK:
            results.append(RunResult("", refused=tuple(map(_stays, half.missing))))
            continue
        results.append(rollback(root, Request(run=half.run), progress=progress, files=files))
        if results[-1].complete:
            with open_state(root, files or FileSystem(), run=new_run_id()) as state:
                state.store.give_up([half.run])
    return tuple(results)


def _stays(path: str) -> Refused:
    return Refused(path, "an interrupted rollback had not given it back", "Finish that rollback (`--finish`).")


def _pending(store: Store) -> list[tuple[RunRow, list[FileRow]]]:
    runs = {run.id: run for run in store.runs()}
    return [(runs[name], list(rows)) for name, rows in groupby(store.pending(), key=lambda row: row.run)]


def _half(store: Store, run: RunRow, rows: list[FileRow]) -> Half:
    written = tuple(row.path for row in store.files(run.id) if row.state is FileState.DONE)
    return Half(run.id, run.kind, run.pack, written, tuple(row.path for row in rows))
