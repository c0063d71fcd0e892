"""What the journal tells about earlier runs: plain values for reports, read without touching anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from recanon.disk import RefusedError
from recanon.errors import UsageError
from recanon.journal.rows import FileRow, FileState, RunKind, RunRow, RunState, kind_of
from recanon.journal.state import read_journal, read_texts
from recanon.plan import ChangeKind

LAST = "last"
TRIAL = "first try"  # option of a rollback that ends a try between gates: the first run of the gated apply


class RunStanding(StrEnum):
    """Where a run stands today."""

    UNFINISHED = "unfinished"
    INTERRUPTED = "interrupted"
    APPLIED = "applied"
    PARTLY = "partly applied"
    REFUSED = "refused"
    PARTLY_BACK = "partly rolled back"
    BACK = "rolled back"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a run.

    Args:
        path: relative to the root; from the journal, so not to be trusted as it is.
        state: how far it came.
        before: SHA-256 of the text before; "" where the file was not there.
        after: SHA-256 of the text after; "" where it shall not be there.
        mode: its permission bits before.
        phases: phases that its edits belong to.
        reason: why it was refused, or what was found after an interruption.
        hint: what the user can do.
    """

    path: str
    state: FileState
    before: str
    after: str
    mode: int
    phases: tuple[str, ...]
    reason: str = ""
    hint: str = ""

    @property
    def kind(self) -> ChangeKind:
        """Whether the run edits, creates or deletes it."""
        return kind_of(self.before, self.after)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run in the list.

    Args:
        run: its id.
        kind: apply or rollback.
        standing: where it stands today.
        pack: id of the pack; for a rollback, what was asked.
        options: the pack's options.
        phases: the phases of the run.
        started: UTC time in ISO 8601.
        finished: the same, or "".
        files: how many files are in each state.
    """

    run: str
    kind: RunKind
    standing: RunStanding
    pack: str
    options: tuple[tuple[str, str], ...]
    phases: tuple[str, ...]
    started: str
    finished: str
    files: dict[FileState, int]

    @property
    def trial(self) -> str:
        """Of the rollback that ends a try between gates: the first run of the gated apply; else ""."""
        return dict(self.options).get(TRIAL, "") if self.kind is RunKind.ROLLBACK else ""


@dataclass(frozen=True, slots=True)
class RunDetail:
    """A run with its files.

    Args:
        summary: the run.
        plan: digest of its plan, or "".
        files: its files in the order of the plan.
    """

    summary: RunSummary
    plan: str
    files: tuple[FileRecord, ...]


def list_runs(root: Path) -> tuple[RunSummary, ...]:
    """Return all runs on a tree, the oldest first.

    Raises:
        JournalError: the journal is damaged, newer, or not the user's own.
    """
    with read_journal(root) as store:
        if store is None:
            return ()
        return tuple(_summary(run, store.files(run.id)) for run in store.runs())


def show_run(root: Path, run_id: str) -> RunDetail:
    """Return one run with its files.

    Args:
        root: the tree's root.
        run_id: the run's id, the beginning of it, or `last`.

    Raises:
        UsageError: no run, or more than one, has an id that begins so.
        JournalError: as for `list_runs`.
    """
    with read_journal(root) as store:
        run = find_run(() if store is None else store.runs(), run_id)
        rows = store.files(run.id) if store else ()
    records = tuple(
        FileRecord(row.path, row.state, row.before, row.after, row.mode, row.phases, row.fault or row.reason, row.hint)
        for row in rows
    )
    return RunDetail(_summary(run, rows), run.plan, records)


def find_run(runs: Sequence[RunRow], run_id: str) -> RunRow:
    """Return the run whose id begins so; `last` is the last run that applied something.

    Raises:
        UsageError: there is none, or more than one.
    """
    if run_id == LAST:
        found = [run for run in runs if run.kind is RunKind.APPLY][-1:]
    else:
        found = [run for run in runs if run_id and run.id.startswith(run_id)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} runs have an id that begins with {run_id}: {_ids(found)}", "Give more of it.")
    if not runs:
        raise UsageError(f"There is no run {run_id}: nothing was ever applied to this tree")
    raise UsageError(f"There is no run {run_id}", f"The nearest is {_nearest(runs, run_id)}.")


def applied_digests(root: Path) -> dict[str, dict[str, set[str]]]:
    """Return what runs have made of each text: by path and digest before, the digests after.

    Rollbacks are left out: they lead back.

    Raises:
        JournalError: as for `list_runs`.
    """
    found: dict[str, dict[str, set[str]]] = {}
    with read_journal(root) as store:
        for run in store.runs() if store is not None else ():
            for row in store.files(run.id) if store is not None and run.kind is RunKind.APPLY else ():
                if row.state in {FileState.DONE, FileState.UNDONE} and not row.fault:
                    found.setdefault(row.path, {}).setdefault(row.before, set()).add(row.after)
    return found


def written_digests(root: Path) -> dict[str, set[str]]:
    """Return by path the digests of all texts that applies have written, or were about to when they were killed.

    Raises:
        JournalError: as for `list_runs`.
    """
    found: dict[str, set[str]] = {}
    with read_journal(root) as store:
        for run in store.runs() if store is not None else ():
            for row in store.files(run.id) if store is not None and run.kind is RunKind.APPLY else ():
                if row.after and not row.fault and row.state not in {FileState.REFUSED, FileState.UNWRITTEN}:
                    found.setdefault(row.path, set()).add(row.after)
    return found


def kept_texts(root: Path, digests: Mapping[str, str]) -> dict[str, bytes]:
    """Return texts that runs have kept.

    Args:
        root: the tree's root.
        digests: by path.

    Returns:
        The texts by path; one that is not kept, or is damaged, is not among them.
    """
    found: dict[str, bytes] = {}
    with read_texts(root) as texts:
        for path, name in digests.items() if texts is not None else ():
            with suppress(RefusedError):
                found[path] = texts.get(name) if texts is not None else b""
    return found


def _summary(run: RunRow, rows: Sequence[FileRow]) -> RunSummary:
    counts = dict(Counter(row.state for row in rows))
    standing = _standing(run, counts)
    return RunSummary(run.id, run.kind, standing, run.pack, run.options, run.phases, run.started, run.finished, counts)


def _standing(run: RunRow, counts: dict[FileState, int]) -> RunStanding:
    if run.state is RunState.OPEN:
        return RunStanding.UNFINISHED
    written, back = counts.get(FileState.DONE, 0), counts.get(FileState.UNDONE, 0)
    if back:
        return RunStanding.PARTLY_BACK if written else RunStanding.BACK
    if run.state is RunState.INTERRUPTED:
        return RunStanding.INTERRUPTED
    if run.kind is RunKind.ROLLBACK:
        return RunStanding.ROLLBACK
    if counts.get(FileState.REFUSED):
        return RunStanding.PARTLY if written else RunStanding.REFUSED
    return RunStanding.APPLIED


def _nearest(runs: Sequence[RunRow], run_id: str) -> str:
    import difflib  # only after a wrong word

    names = [run.id for run in runs]
    return next(iter(difflib.get_close_matches(run_id, names, n=1, cutoff=0.0)), names[-1])


def _ids(runs: Sequence[RunRow]) -> str:
    return ", ".join(run.id for run in runs)
