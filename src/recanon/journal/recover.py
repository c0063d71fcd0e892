"""Put an interrupted run in order: find out from the tree itself which of its files were written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from recanon.disk import FileSystem, GoneError, RefusedError
from recanon.journal.folders import clear_folders, forget_bytecode
from recanon.journal.result import Recovered, Refused
from recanon.journal.rows import FileRow, FileState, RunKind, RunRow, RunState, new_run_id
from recanon.journal.state import State, has_state, open_state
from recanon.journal.store import Settled
from recanon.journal.swap import Place, place_of
from recanon.journal.tree import Tree

_EDITED = "it holds neither the text before the run nor the one after it"
_CHANGED = "it changed while it was being written"
_HINT = "It is left as it is. A rollback with merge takes the run's edits out of it."


def recover(root: Path, files: FileSystem | None = None) -> tuple[Recovered, ...]:
    """Put interrupted runs in order, where there are any. Apply and rollback do this by themselves at their start.

    Args:
        root: the tree's root.
        files: the operations on files.

    Returns:
        What was found, per run.

    Raises:
        JournalError: the state cannot be used, or a run is still at work.
    """
    if not has_state(root):
        return ()
    with open_state(root, files or FileSystem(), run=new_run_id()) as state:
        return recover_all(state)


def recover_all(state: State) -> tuple[Recovered, ...]:
    """Put all runs in order that are still open; the lock is held, so none of them is alive."""
    return tuple(recover_run(state, run) for run in state.store.runs() if run.state is RunState.OPEN)


def recover_run(state: State, run: RunRow) -> Recovered:
    """Put one run in order. It may be stopped at any point, and done again."""
    rows = [row for row in state.store.files(run.id) if row.state is FileState.INTENT]
    sync_folders(state.tree, [row.path for row in rows])  # the new names, before the old files go
    settled = {row: _settle(state, row) for row in rows}
    gone = [row.path for row, end in settled.items() if not row.after and end.state is FileState.DONE]
    unmade = [row.path for row, end in settled.items() if not row.before and end.state is not FileState.DONE]
    leave_no_trace(state, run, gone=gone, unmade=unmade)
    sync_folders(state.tree, [row.path for row in rows])
    ends = {end.state for end in settled.values()} | {row.state for row in state.store.files(run.id)}
    half = ends & {FileState.UNWRITTEN, FileState.FOREIGN}
    state.store.settle(run.id, list(settled.values()), close=RunState.INTERRUPTED if half else RunState.DONE)
    after = state.store.files(run.id)
    return Recovered(
        run.id,
        tuple(row.path for row in after if row.state is FileState.DONE),
        tuple(row.path for row in after if row.state is FileState.UNWRITTEN),
        tuple(Refused(row.path, *end[2:]) for row, end in settled.items() if end.state is FileState.FOREIGN),
    )


def leave_no_trace(state: State, run: RunRow, *, gone: Sequence[str], unmade: Sequence[str]) -> None:
    """Take away what is left of files that are not there any more: their bytecode, and folders that hold nothing.

    Args:
        state: the tree and its journal.
        run: an apply takes away any plain folder; a rollback only those that the runs have made which it undoes.
        gone: files that the run has deleted.
        unmade: files that it would have created, and has not.
    """
    if not gone and not unmade:
        return
    for path in gone:
        forget_bytecode(state.tree, path)
    own = state.store.folders(run.id)
    clear_folders(state.tree, gone, only=None if run.kind is RunKind.APPLY else own)
    clear_folders(state.tree, unmade, only=own)


def sync_folders(tree: Tree, paths: Iterable[str]) -> None:
    """Wait until the names in the folders of these files are on the disk."""
    for path in {path.rpartition("/")[0]: path for path in paths}.values():
        with suppress(RefusedError), tree.folder(path) as (folder, _):  # a folder that is gone holds no name of ours
            tree.files.fsync(folder)


def _settle(state: State, row: FileRow) -> Settled:
    if row.fault:
        return Settled(row.seq, FileState.FOREIGN, row.fault)
    try:
        with place_of(state.tree, row.path, run=row.run, seq=row.seq) as place:
            given_back = _sweep(state, row, place=place)
            stands = place.fingerprint(place.name)
    except GoneError as gone:
        if row.before and row.after:
            return Settled(row.seq, FileState.FOREIGN, gone.message, gone.hint)
        given_back, stands = False, ""  # its folder was not made yet, or went with it
    except RefusedError as refusal:
        return Settled(row.seq, FileState.FOREIGN, refusal.message, refusal.hint)
    if given_back:
        return Settled(row.seq, FileState.REFUSED, _CHANGED)
    if stands == row.after:
        return Settled(row.seq, FileState.DONE)
    if stands == row.before:
        return Settled(row.seq, FileState.UNWRITTEN)
    return Settled(row.seq, FileState.FOREIGN, _EDITED, _HINT)


def _sweep(state: State, row: FileRow, *, place: Place) -> bool:
    """Take the temporary files away; return whether a stranger's text lay in one and went back to its place first."""
    lies, given_back = place.fingerprint(place.temp), False
    if lies not in ("", row.before, row.after) and not _is_begun(state, row, place=place):
        given_back = place.fingerprint(place.name) == row.after
        if given_back:
            with suppress(RefusedError):  # which says only that it was given back
                place.confirm(row.before, row.after)
        else:
            place.keep_beside(place.files.read(place.folder, place.temp))
    place.drop()
    return given_back


def _is_begun(state: State, row: FileRow, *, place: Place) -> bool:
    """Return whether the temporary file is the text after, as far as it was written."""
    try:
        return state.blobs.get(row.after).startswith(place.files.read(place.folder, place.temp).data)
    except RefusedError:
        return False
