"""The keeping of the journal: whether everything can still be given back, and what nobody needs any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from recanon.disk import FileSystem, RefusedError
from recanon.journal.blobs import Blobs
from recanon.journal.recover import recover_all
from recanon.journal.result import Refused
from recanon.journal.rows import FileRow, new_run_id
from recanon.journal.state import has_state, open_state, read_journal, read_texts

_LOST = "Take it from version control; a rollback refuses this file and gives the others back."

Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Health:
    """What a check of the journal found.

    Args:
        files: records of files that can be given back, or that an interrupted run has still to write.
        texts: kept texts that they need, each read and hashed.
        size: bytes of these texts.
        damaged: files whose way back is broken, each with what is wrong.
        spare: kept texts that nobody needs.
    """

    files: int = 0
    texts: int = 0
    size: int = 0
    damaged: tuple[Refused, ...] = ()
    spare: int = 0


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was taken away.

    Args:
        texts: how many texts.
        size: their bytes.
        kept: how many texts are still needed.
        strange: names in the store that recanon never gave, which were left alone.
    """

    texts: int = 0
    size: int = 0
    kept: int = 0
    strange: tuple[str, ...] = ()


def verify_journal(root: Path, tick: Tick | None = None) -> Health:
    """Read every text by which a file can be given back, and compare it with its digest; nothing is touched.

    Args:
        root: the tree's root.
        tick: told how many texts are read, and how many there are.

    Raises:
        JournalError: the journal itself is damaged, newer, or not the user's own.
    """
    with read_journal(root) as store, read_texts(root) as texts:
        if store is None or texts is None:
            return Health()
        needed = sorted(store.needed())
        faults: dict[str, RefusedError] = {}
        size = 0
        for number, name in enumerate(needed):
            if tick is not None:
                tick(number, len(needed))
            try:
                size += len(texts.get(name))
            except RefusedError as refusal:
                faults[name] = refusal
        rows = [*store.written(), *store.pending()]
        damaged = tuple(found for row in rows if (found := _damage(row, faults)))
        spare = texts.content()[0].keys() - needed
        return Health(len(rows), len(needed), size, damaged, len(spare))


def drop_unneeded(root: Path, *, dry: bool = False, files: FileSystem | None = None) -> Dropped:
    """Take away the kept texts of runs that were rolled back, and what a crash left half written.

    Interrupted runs are put in order first. It may be stopped at any point, and done again.

    Args:
        root: the tree's root.
        dry: whether only to say what would go.
        files: the operations on files; another object is for tests.

    Raises:
        JournalError: another run works on this tree, or its state cannot be used. Nothing was taken away.
    """
    if not has_state(root):
        return Dropped()
    with open_state(root, files or FileSystem(), run=new_run_id()) as state:
        if not dry:
            recover_all(state)
        needed = state.store.needed()
        texts, strange = state.blobs.content()
        going = {name: size for name, size in texts.items() if name not in needed}
        if not dry:
            _drop(state.blobs, going)
        return Dropped(len(going), sum(going.values()), len(texts) - len(going), strange)


def _drop(blobs: Blobs, names: Iterable[str]) -> None:
    for name in names:
        with suppress(FileNotFoundError):
            blobs.drop(name)
    blobs.sync()


def _damage(row: FileRow, faults: dict[str, RefusedError]) -> Refused | None:
    if row.fault:
        return Refused(row.path, row.fault, _LOST)
    wrong = next((faults[name] for name in (row.before, row.after) if name in faults), None)
    return None if wrong is None else Refused(row.path, wrong.message, _LOST)
