"""The durable way to write many files, for apply and rollback alike.

Per batch: texts before and after into the store, and the intent into the journal, both on the disk; then new files
beside the targets; then each target exchanged in one step, and what came out looked at; then the folders on the disk;
then the journal says done. A crash between any two steps leaves every file old or new, and the journal knows which two
texts these are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass

from recanon.disk import Content, RefusedError
from recanon.errors import RecanonError
from recanon.journal.recover import recover_run, sync_folders
from recanon.journal.result import NOTHING, Progress, Recovered, Refused, RunResult, RunStoppedError
from recanon.journal.rows import FileRow, FileState, RunRow, RunState
from recanon.journal.state import State
from recanon.journal.store import Key, Settled
from recanon.journal.swap import Place, place_of
from recanon.source import digest

BATCH = 256  # as many barriers as batches, not as files; and not all texts of a run in memory twice


@dataclass(frozen=True, slots=True)
class Change:
    """A file to be written.

    Args:
        path: relative to the root.
        expected: digest of the text that must stand there.
        after: the bytes that shall stand there.
        phases: phases that the edits belong to.
        mode: permission bits that shall stand there; None keeps them.
        undoes: records of earlier runs that this one undoes.
        keep: whether the text that stands there is kept beside it.
    """

    path: str
    expected: str
    after: bytes
    phases: tuple[str, ...] = ()
    mode: int | None = None
    undoes: tuple[Key, ...] = ()
    keep: bool = False


@dataclass(frozen=True, slots=True)
class _Job:
    seq: int
    change: Change
    before: Content
    after: str

    @property
    def mode(self) -> int:
        """The permission bits that the new file shall have."""
        # A journal may ask for any permission, but not for setuid where there was none.
        wanted = self.before.mode if self.change.mode is None else self.change.mode
        return wanted & (0o777 | self.before.mode)


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
        self._files = state.tree.files
        self._row = run
        self._run = run.id
        self._begun = False
        self._progress = progress
        self._changes: tuple[Change, ...] = ()
        self._decided = 0
        self.written: list[str] = []
        self.unchanged: list[str] = []
        self.kept: list[str] = []
        self.refused: dict[int, Refused] = {}

    def write(self, changes: Sequence[Change]) -> None:
        """Write the files in batches; those that cannot be written are refused, and the rest goes on.

        Raises:
            RunStoppedError: the disk failed. Every file holds its old or its new text, and the run is closed.
        """
        self._changes = tuple(changes)
        with self._stopping():
            numbered = list(enumerate(changes))
            for start in range(0, len(changes), BATCH):
                self._batch(numbered[start : start + BATCH])
            if self._begun:
                self._state.store.settle(self._run, (), close=RunState.DONE)

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
        )

    def _batch(self, numbered: Sequence[tuple[int, Change]]) -> None:
        jobs = self._intend(numbered)
        early = set(self.refused)
        done = self._each(self._each(self._each(jobs, self._stage), self._publish), self._finish)
        sync_folders(self._state.tree, [job.change.path for job in jobs])
        late = [self.refused[job.seq] for job in jobs if job.seq in self.refused.keys() - early]
        seqs = {job.change.path: job.seq for job in jobs}
        self._state.store.settle(
            self._run,
            [Settled(job.seq, FileState.DONE) for job in done]
            + [Settled(seqs[file.path], FileState.REFUSED, file.reason, file.hint) for file in late],
        )
        self.written += (job.change.path for job in done)

    def _intend(self, numbered: Sequence[tuple[int, Change]]) -> list[_Job]:
        """Look at the files; keep their texts and record the intent before any of them is touched."""
        jobs = [job for seq, change in numbered if (job := self._look(seq, change))]
        refused = [self._refused_row(seq, change) for seq, change in numbered if seq in self.refused]
        if not jobs and not refused:
            return []
        if not self._begun:
            self._state.store.begin(self._row)
            self._begun = True
        for job in jobs:
            self._state.blobs.put(job.before.data, self._run)
            self._state.blobs.put(job.change.after, self._run)
        self._state.blobs.sync()
        rows = [*map(self._intent_row, jobs), *refused]
        self._state.store.intend(rows, [(self._run, job.seq, *key) for job in jobs for key in job.change.undoes])
        return jobs

    def _look(self, seq: int, change: Change) -> _Job | None:
        after = digest(change.after)
        try:
            before = self._state.tree.look(change.path)
            if before.digest == change.expected:
                return _Job(seq, change, before, after)
            if before.digest != after:
                raise RefusedError("its text is not the one that was planned upon", "Plan again.")
        except RefusedError as refusal:
            self._refuse(seq, change.path, why=refusal)
        else:
            self.unchanged.append(change.path)
            self._tell(change.path)
        return None

    def _stage(self, job: _Job) -> None:
        """Make the new file beside its target, complete and on the disk."""
        with self._place(job) as place:
            if job.change.keep:
                self.kept.append(job.change.path.removesuffix(place.name) + place.keep_beside(job.before))
                self._files.fsync(place.folder)
            self._files.put(place.folder, place.temp, data=job.change.after, like=job.before, mode=job.mode)

    def _publish(self, job: _Job) -> None:
        """Put the new file in the target's place in one step, and give a stranger's text back that came out of it."""
        with self._place(job) as place:
            if place.exchange():
                place.confirm(job.before.digest, job.after)
            else:
                self._replace(job, place)
        self._tell(job.change.path)

    def _replace(self, job: _Job, place: Place) -> None:
        # Without an exchange, what comes out cannot be looked at: look as late as can be.
        now = self._state.tree.look(job.change.path)
        if _identity(now) != _identity(job.before) or now.digest != job.before.digest:
            raise RefusedError("it changed while it was being written", "Plan again.")
        self._files.replace(place.folder, place.temp, target=place.name)

    def _finish(self, job: _Job) -> None:
        """Take the old file away, unless somebody has written into it meanwhile."""
        with self._place(job) as place:
            place.confirm(job.before.digest, job.after)
            place.drop()

    def _place(self, job: _Job) -> AbstractContextManager[Place]:
        return place_of(self._state.tree, job.change.path, run=self._run, seq=job.seq)

    def _each(self, jobs: Sequence[_Job], step: Callable[[_Job], None]) -> list[_Job]:
        """Do a step for each file; return those that went well."""
        well = []
        for job in jobs:
            try:
                step(job)
                well.append(job)
            except RefusedError as refusal:
                with suppress(RefusedError), self._place(job) as place:
                    place.drop()
                self._refuse(job.seq, job.change.path, why=refusal)
        return well

    def _refuse(self, seq: int, path: str, *, why: RefusedError) -> None:
        self.refused[seq] = Refused(path, why.message, why.hint)
        self._tell(path)

    def _tell(self, path: str) -> None:
        self._decided += 1
        if self._progress:
            self._progress(min(self._decided, len(self._changes)), len(self._changes), path)

    def _intent_row(self, job: _Job) -> FileRow:
        change = job.change
        return FileRow(self._run, job.seq, change.path, job.before.digest, job.after, job.before.mode, change.phases)

    def _refused_row(self, seq: int, change: Change) -> FileRow:
        _, reason, hint = self.refused[seq]
        texts = (change.expected, digest(change.after))
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
            recover_run(self._state, self._run)

    def _account(self) -> RunResult:
        """Ask the tree itself what is written: after a failure it alone knows."""
        known = {*self.unchanged, *(file.path for file in self.refused.values())}
        rest = [change for change in self._changes if change.path not in known]
        written = {change.path for change in rest if change.path in self.written or self._stands(change)}
        return RunResult(
            self._run,
            tuple(change.path for change in rest if change.path in written),
            (*self._early, *self.refused.values()),
            tuple(self.unchanged),
            tuple(change.path for change in rest if change.path not in written),
            tuple(self.kept),
        )

    def _stands(self, change: Change) -> bool:
        with suppress(OSError, RecanonError):
            return self._state.tree.look(change.path).data == change.after
        return False


def _identity(content: Content) -> tuple[int, int, int, int]:
    info = content.info
    return info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns
