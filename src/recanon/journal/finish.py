"""Finish an interrupted run from the journal alone: it holds all files of the run, and their texts are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recanon.disk import RefusedError
from recanon.journal.job import Change
from recanon.journal.result import Progress, Refused, RunResult
from recanon.journal.rows import FileRow, FileState, RunKind, RunRow
from recanon.journal.state import State
from recanon.journal.write import Writer

_HINT = "Take the text from version control, or take the run back."


def finish_run(state: State, run: RunRow, rows: Sequence[FileRow], *, progress: Progress | None = None) -> RunResult:
    """Write the files that an interrupted run had not come to, as a part of that run.

    A file that is not as the run found it is refused, and the rest goes on.

    Args:
        state: the tree and its journal.
        run: the run, which is in order (`recover`).
        rows: its files that are still to be written.
        progress: told of each file once it is decided.

    Raises:
        RunStoppedError: the disk failed; the run is interrupted again.
    """
    changes = {}
    foreign = [row for row in state.store.files(run.id) if row.state is FileState.FOREIGN]
    refused = [Refused(row.path, row.reason, row.hint) for row in foreign]
    for row in rows:
        try:
            changes[row.seq] = _change(state, run, row)
        except RefusedError as refusal:
            refused.append(Refused(row.path, refusal.message, refusal.hint))
    writer = Writer(state, run, progress=progress, early=refused)
    writer.resume(changes)
    return replace(writer.result(()), run=run.id)


def _change(state: State, run: RunRow, row: FileRow) -> Change:
    if row.fault:
        raise RefusedError(row.fault, _HINT)
    after = state.blobs.get(row.after) if row.after else None
    change = Change(row.path, row.before, after, row.phases, like=row.model)
    return change if run.kind is RunKind.APPLY else _back(state, row, change)


def _back(state: State, row: FileRow, change: Change) -> Change:
    """Return the change of a rollback: its mode is in the records that it undoes.

    The text that it replaces is kept beside the file unless it is the one that the run had written: that is what a
    rollback by force would have done, and no other rollback goes straight back over an edited text.
    """
    undone = state.store.undone_by(row.run, row.seq)
    if not undone or any(record.fault for record in undone):
        raise RefusedError("what it shall be given back from is not in the journal", _HINT)
    forced = bool(row.before) and row.before != undone[0].after and row.after == undone[-1].before
    return replace(change, mode=undone[-1].mode, keep=forced)
