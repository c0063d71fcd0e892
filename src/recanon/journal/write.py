"""The durable way to write many files, for apply and rollback alike.

First all texts before and after into the store, and the run with all of its files into the journal, both on the disk.
Then per batch: new files beside the targets, on the disk; then each target exchanged in one step, and what came out
looked at; then the folders on the disk; then the old files go; then the folders again; then the journal says done. A
crash between any two steps leaves every file
old or new, and the journal knows which two texts these are; from it the run can be finished or taken back. (How each
step is done for a file that is edited, created or deleted: `job`.)

Files are created first and deleted last, the latter in batches of their own: what a moved file becomes stands before
the file goes, and where it does not, the file stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby

from recanon.disk import RefusedError
from recanon.errors import RecanonError
from recanon.journal.job import Change, Job, discard, finish, look, publish, settle, stage
from recanon.journal.recover import leave_no_trace, recover_run, sync_folders
from recanon.journal.result import NOTHING, Progress, Recovered, Refused, RunResult, RunStoppedError
from recanon.journal.rows import FileRow, FileState, RunRow, RunState
from recanon.journal.state import State
from recanon.journal.store import Settled, Undoing
from recanon.journal.swap import GivenBackError
from recanon.plan import ChangeKind
from recanon.source import digest_of

BATCH = 256  # as many barriers as batches, not as files; and not all texts of a run in memory twice


class Writer:
    """Writes the files of one run, and keeps the account.

    Args:
        state: the tree and its journal.
        run: the run, which the journal learns of with its first file.
        progress: told of each file once it is decided.
        early: files that were refused before it came to writing.
    """

    def __init__(
        self, state: State, run: RunRow, *, progress: Progress | None = None, early: Sequence[Refused] = ()
    ) -> None:
        self._state = state
        self._early = early
        self._row = run
        self._run = run.id
        self._begun = False
        self._progress = progress
        self._changes: Mapping[int, Change] = {}
        self._decided: set[int] = set()
        self.written: list[str] = []
        self.unchanged: list[str] = []
        self.kept: list[str] = []
        self.refused: dict[int, Refused] = {}
        self.unknown: list[str] = []
        self._left: set[int] = set()  # files whose folder was out of reach when it came to their temporary files

    def write(self, changes: Sequence[Change]) -> None:
        """Write the files in batches; those that cannot be written are refused, and the rest goes on.

        Raises:
            RunStoppedError: the disk failed. Every file holds its old or its new text, and the run is closed.
        """
        self._changes = dict(enumerate(sorted(changes, key=lambda change: change.order)))
        with self._stopping():
            self._write(self._intend())

    def resume(self, changes: Mapping[int, Change]) -> None:
        """Write files, by their numbers, that the interrupted run had not come to.

        Raises:
            RunStoppedError: as for `write`.
        """
        self._changes = dict(sorted(changes.items()))
        with self._stopping():
            self._state.store.reopen(self._run, self._changes)
            self._begun = True
            self._write(list(self._changes))

    def _write(self, numbers: Sequence[int]) -> None:
        for batch in self._batches(numbers):
            self._batch(batch)
        if self._begun and not self._left:
            self._state.store.settle(self._run, (), close=RunState.DONE)

    def _batches(self, numbers: Sequence[int]) -> Iterator[Sequence[int]]:
        """Yield the numbers in batches; files that are deleted are in batches of their own, after all others."""
        for _, alike in groupby(numbers, key=lambda seq: self._changes[seq].after is None):
            rest = list(alike)
            yield from (rest[start : start + BATCH] for start in range(0, len(rest), BATCH))

    def result(self, recovered: tuple[Recovered, ...]) -> RunResult:
        """Return the account of a run that came to its end."""
        return RunResult(
            self._run if self._begun else "",
            tuple(self.written),
            (*self._early, *self.refused.values()),
            tuple(self.unchanged),
            kept=tuple(self.kept),
            recovered=recovered,
            note="" if self._begun or self._early else NOTHING,
            created=self._done_of(ChangeKind.CREATE),
            deleted=self._done_of(ChangeKind.DELETE),
            unknown=tuple(self.unknown),
        )

    def _done_of(self, kind: ChangeKind) -> tuple[str, ...]:
        written = set(self.written)
        return tuple(change.path for change in self._changes.values() if change.kind is kind and change.path in written)

    def _intend(self) -> list[int]:
        """Look at all files; keep their texts and record the run before any of them is touched."""
        rows: list[FileRow] = []
        undoes: list[Undoing] = []
        folders: list[str] = []
        for seq, change in self._changes.items():
            job = self._look(seq, change)
            if job:
                self._keep(job)
                rows.append(job.row(self._run))
                undoes += ((seq, *key) for key in change.undoes)
                folders += job.folders
            elif seq in self.refused:
                rows.append(self._refused_row(seq, change))
        if rows:
            self._state.blobs.sync()
            self._state.store.begin(self._row, rows, undoes, folders)
            self._begun = True
        return [row.seq for row in rows if row.state is FileState.INTENT]

    def _keep(self, job: Job) -> None:
        for text in (None if job.before is None else job.before.data, job.change.after):
            if text is not None:
                self._state.blobs.put(text)

    def _batch(self, numbers: Sequence[int]) -> None:
        jobs = [job for seq in numbers if (job := self._look(seq, self._changes[seq]))]
        done = jobs
        for step in (self._stage, self._settle, self._publish):
            done = self._each(done, step)
        # Before the old files go: a file system without a journal may lose the new name, and keep the old one.
        sync_folders(self._state.tree, [job.path for job in done])
        done = [job for job in self._each(done, self._finish) if job.seq not in self._left]
        late = [seq for seq in numbers if seq in self.refused]
        gone = [job.path for job in done if not job.after]
        unmade = [self._changes[seq].path for seq in late if not self._changes[seq].expected]
        leave_no_trace(self._state, self._row, gone=gone, unmade=unmade)
        sync_folders(self._state.tree, [self._changes[seq].path for seq in numbers])
        self._state.store.settle(
            self._run,
            [
                Settled(seq, FileState.REFUSED, *self.refused[seq][1:])
                if seq in self.refused
                else Settled(seq, FileState.DONE)
                for seq in numbers
                if seq not in self._left
            ],
        )
        self.written += (job.path for job in done)

    def _look(self, seq: int, change: Change) -> Job | None:
        try:
            self._check_place_taken(change)
            job = look(self._state.tree, seq, change)
        except RefusedError as refusal:
            self._refuse(seq, change.path, why=refusal)
            return None
        if job is None:
            self.unchanged.append(change.path)
            self._tell(seq)
        return job

    def _check_place_taken(self, change: Change) -> None:
        """Refuse to delete a file where the one that takes its place does not stand."""
        heirs = [self._changes[seq] for seq in self.refused if change.after is None]
        heir = next((heir.path for heir in heirs if heir.like == change.path), "")
        if heir:
            raise RefusedError(f"{heir}, which takes its place, was refused", "See to that one, and plan again.")

    def _stage(self, job: Job) -> None:
        kept = stage(self._state.tree, self._run, job)
        if kept:
            self.kept.append(kept)

    def _settle(self, job: Job) -> None:
        settle(self._state.tree, self._run, job)

    def _publish(self, job: Job) -> None:
        publish(self._state.tree, self._run, job)
        self._tell(job.seq)

    def _finish(self, job: Job) -> None:
        """Take the old file away; where its folder is out of reach by now, the next start finds out how it stands."""
        try:
            finish(self._state.tree, self._run, job)
        except GivenBackError:
            raise
        except RefusedError:
            self._left.add(job.seq)
            self.unknown.append(job.path)

    def _each(self, jobs: Sequence[Job], step: Callable[[Job], None]) -> list[Job]:
        """Do a step for each file; return those that went well."""
        well = []
        for job in jobs:
            try:
                step(job)
                well.append(job)
            except RefusedError as refusal:
                self._discard(job)
                self._refuse(job.seq, job.path, why=refusal)
        return well

    def _discard(self, job: Job) -> None:
        """Take the temporary files of a refused change away; where its folder is out of reach, the next start does."""
        try:
            discard(self._state.tree, self._run, job)
        except RefusedError:
            self._left.add(job.seq)

    def _refuse(self, seq: int, path: str, *, why: RefusedError) -> None:
        self.refused[seq] = Refused(path, why.message, why.hint)
        self._tell(seq)

    def _tell(self, seq: int) -> None:
        self._decided.add(seq)
        if self._progress:
            self._progress(len(self._decided), len(self._changes), self._changes[seq].path)

    def _refused_row(self, seq: int, change: Change) -> FileRow:
        _, reason, hint = self.refused[seq]
        texts = (change.expected, digest_of(change.after))
        return FileRow(self._run, seq, change.path, *texts, 0, change.phases, FileState.REFUSED, reason, hint)

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        """Put the run in order when it is stopped, as far as the disk lets us; the next start does the rest."""
        try:
            yield
        except (OSError, sqlite3.Error) as exc:
            self._tidy()
            cause = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
            raise RunStoppedError(cause, self._account()) from exc
        except KeyboardInterrupt:
            self._tidy()
            raise

    def _tidy(self) -> None:
        with suppress(OSError, sqlite3.Error, RecanonError):
            recover_run(self._state, self._row)

    def _account(self) -> RunResult:
        """Ask the tree itself what is written: after a failure it alone knows."""
        known = {*self.unchanged, *(file.path for file in self.refused.values())}
        rest = [change for change in self._changes.values() if change.path not in known]
        stands = {change.path: change.path in self.written or self._stands(change) for change in rest}
        return RunResult(
            self._run if self._begun else "",
            tuple(path for path, well in stands.items() if well),
            (*self._early, *self.refused.values()),
            tuple(self.unchanged),
            tuple(path for path, well in stands.items() if well is False),
            tuple(self.kept),
            unknown=tuple(path for path, well in stands.items() if well is None),
        )

    def _stands(self, change: Change) -> bool | None:
        """Return whether the file is as it shall be; None where the disk does not let it be read."""
        try:
            found = self._state.tree.find(change.path)
        except RecanonError:
            return False
        except OSError:
            return None
        return (None if found is None else found.data) == change.after
