"""Which files of a plan stand in the tree: always those of one run, which can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from recanon.apply import apply_plan
from recanon.errors import RecanonError
from recanon.journal.result import Refused, RunResult
from recanon.journal.rows import RunKind
from recanon.plan import FileChange, Plan
from recanon.rollback import Mode, Request, rollback
from recanon.runs import list_runs

FileStep = Callable[[int, int, str], None]


class NotTakenBackError(RecanonError):
    """Files could not be given back, because somebody has edited them since; `refused` names them."""

    def __init__(self, run: str, refused: tuple[Refused, ...]) -> None:
        names = ", ".join(f"{file.path} ({file.reason})" for file in refused)
        super().__init__(
            f"Run {run} could not be taken back whole: {names}",
            f"Look at these files; `recanon rollback TREE --run {run}` takes them back then.",
        )
        self.refused = refused


class Stand:
    """Brings files of a plan into the tree and out of it.

    At each moment at most one run stands, and `rollback --run last` takes it back, also when this process is killed.

    Args:
        root: the tree.
        plan: all files.
        step: told of each file that is written.
    """

    def __init__(self, root: Path, plan: Plan, step: FileStep | None = None) -> None:
        self.root = root
        self._plan = plan
        self._step = step
        self.first: RunResult | None = None
        self.run = ""
        self.changes: tuple[FileChange, ...] = ()

    def bring(self, wanted: tuple[FileChange, ...]) -> None:
        """Make exactly these changes stand; all else as it was before.

        Args:
            wanted: changes of the plan, or of a part of it.

        Raises:
            NotTakenBackError: a file was edited since.
        """
        if wanted == self.changes:
            return
        stands = {(change.path, change.new) for change in self.changes}
        if wanted and all((change.path, change.new) in stands for change in wanted):
            kept = {change.path for change in wanted}
            self._give_back(tuple(change.path for change in self.changes if change.path not in kept))
            self.changes = wanted
            return
        self.take_back()
        if wanted:
            self._apply(wanted)

    def take_back(self) -> None:
        """Take the run back that stands, if any; later edits by others are kept.

        Raises:
            NotTakenBackError: a file was edited since, where the run has edited it too.
        """
        if self.run:
            run, self.run, self.changes = self.run, "", ()  # what cannot be given back now could not a second time
            self._roll_back(run, ())

    def _apply(self, wanted: tuple[FileChange, ...]) -> None:
        result = None
        known = self._applied()
        try:
            result = apply_plan(self.root, replace(self._plan, changes=wanted), progress=self._step)
        finally:
            if result is None:  # stopped on the way: what it has written is to be taken back too
                self.run = next((run for run in self._applied() if run not in known), "")
        self.first = self.first or result
        written = frozenset(result.written)
        self.run, self.changes = result.run, tuple(change for change in wanted if change.path in written)

    def _applied(self) -> tuple[str, ...]:
        return tuple(run.run for run in list_runs(self.root) if run.kind is RunKind.APPLY)

    def _give_back(self, paths: tuple[str, ...]) -> None:
        if paths:
            self._roll_back(self.run, paths)

    def _roll_back(self, run: str, paths: tuple[str, ...]) -> None:
        first = self.first.run if self.first else run
        request = Request(paths, run=run, mode=Mode.MERGE, trial=first)
        result = rollback(self.root, request, progress=self._step)
        if result.refused:
            raise NotTakenBackError(run, result.refused)


@contextmanager
def standing(stand: Stand) -> Iterator[Stand]:
    """Take back what stands when the block is left by an error or an interruption.

    Args:
        stand: the files.
    """
    done = False
    try:
        yield stand
        done = True
    finally:
        if not done:
            stand.take_back()
