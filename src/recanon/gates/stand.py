"""Which files of a plan stand in the tree: always those of one run, which can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from recanon.apply import apply_plan
from recanon.errors import RecanonError
from recanon.journal.result import Refused, RunResult
from recanon.plan import Plan
from recanon.rollback import Mode, Request, rollback

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
        self._root = root
        self._plan = plan
        self._step = step
        self.first: RunResult | None = None
        self.run = ""
        self.files: frozenset[str] = frozenset()

    def bring(self, wanted: frozenset[str]) -> None:
        """Make exactly these files stand as the plan has them; the others as they were before.

        Raises:
            NotTakenBackError: a file was edited since.
        """
        if self.run and wanted < self.files and wanted:
            self._give_back(self.files - wanted)
        elif wanted != self.files:
            self.take_back()
            if wanted:
                self._apply(wanted)

    def take_back(self) -> None:
        """Take the run back that stands, if any; later edits by others are kept.

        Raises:
            NotTakenBackError: a file was edited since, where the run has edited it too.
        """
        if self.run:
            self._give_back(frozenset())

    def _apply(self, wanted: frozenset[str]) -> None:
        changes = tuple(change for change in self._plan.changes if change.path in wanted)
        result = apply_plan(self._root, replace(self._plan, changes=changes), progress=self._step)
        self.first = self.first or result
        self.run, self.files = result.run, frozenset(result.written)

    def _give_back(self, files: frozenset[str]) -> None:
        run, all_files = self.run, not files
        if all_files:
            self.run = ""  # also when some of them cannot be given back: the second time could not either
        request = Request(tuple(sorted(files)), run=run, mode=Mode.MERGE)
        result = rollback(self._root, request, progress=self._step)
        self.files = frozenset() if all_files else self.files - files
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
