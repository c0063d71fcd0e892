"""Run a guest over a tree, and make a plan of what it did. Nothing is written into the tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from recanon.discover import Discovery, discover
from recanon.errors import MovedError, UsageError
from recanon.executor.local import Workers
from recanon.guests.check import Checker
from recanon.guests.command import commanded
from recanon.guests.copy import stage
from recanon.guests.planned import plan_of
from recanon.guests.result import Result, State, census
from recanon.guests.selection import Choice, candidates
from recanon.guests.spec import Guest, Kind
from recanon.guests.work import Effort, Job, Progress, worked
from recanon.overlay import Overlay
from recanon.plan import ChangeKind, Plan
from recanon.scan import silent
from recanon.watch import Touched, look, touched


@dataclass(frozen=True, slots=True)
class GuestRun:
    """What a guest would do to a tree.

    Args:
        plan: the plan.
        results: what became of each file that counts, sorted by path.
        strays: files that the guest wrote into its copy of the tree on its own; nothing of that is taken.
    """

    plan: Plan
    results: tuple[Result, ...]
    strays: tuple[str, ...] = ()

    @property
    def census(self) -> dict[State, int]:
        """How many files have which state."""
        return census(self.results)

    @property
    def failed(self) -> bool:
        """Whether the guest failed on a file."""
        return bool(self.plan.failed)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for.

    Args:
        guest: the guest.
        choice: which files it is given.
        effort: how it is run.
        review: whether what a person should look at is written too.
        edits_only: whether files that it creates or deletes are left as they are.
        doubt: why a person should look at each change; "" where the checks alone decide.
    """

    guest: Guest
    choice: Choice
    effort: Effort
    review: bool = False
    edits_only: bool = False
    doubt: str = ""


def run_guest(root: Path, order: Order, progress: Progress | None = None) -> GuestRun:
    """Run a guest over a tree.

    Args:
        root: the tree.
        order: what is asked for.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        UsageError: the tree holds no Python file, or none that counts.
        ServiceError: the guest cannot be loaded.
        MovedError: the guest wrote into the tree itself.
    """
    found = discover(root)
    files = candidates(found, order.choice)
    if not files:
        raise UsageError("no Python file of the tree fits --files", "Patterns are those of .gitignore.")
    return run_over(Overlay(root, found.files), found, files, order, progress or silent)


def run_over(tree: Overlay, found: Discovery, files: Sequence[str], order: Order, progress: Progress) -> GuestRun:
    """Run a guest over some files of a tree as it would be.

    Args:
        tree: the tree, with planned texts over it.
        found: all of its files.
        files: those that count.
        order: what is asked for.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        ServiceError: the guest cannot be loaded.
        MovedError: the guest wrote into the tree itself.
    """
    seen = look(tree.root, {})
    with stage(tree) as place:
        copied = look(place.root, {})
        results = list(_worked(Job(tree, place, order.guest, order.effort), files, order.choice, progress))
        strays = touched(copied, look(place.root, copied)) if order.guest.kind is not Kind.COMMAND else Touched()
    wrote = touched(seen, look(tree.root, seen))
    if mine := (*wrote.edited, *wrote.made):
        raise MovedError(
            f"the tree itself was changed while the guest ran: {', '.join(mine[:5])}",
            "Nothing of its results was taken. A guest works in a copy; see whether it writes to a path of its own.",
        )
    if order.edits_only:
        results = [_edited(result) for result in results]
    if order.doubt:
        results = [_doubted(result, order.doubt) for result in results]
    settled = _checked(tree, results, order, progress)
    plan = plan_of(order.guest, found, settled, review=order.review)
    return GuestRun(plan, tuple(sorted(settled, key=lambda result: result.path)), (*strays.edited, *strays.made))


def _doubted(result: Result, doubt: str) -> Result:
    return replace(result, doubts=(doubt, *result.doubts)) if result.state is State.CHANGED else result


def _edited(result: Result) -> Result:
    if result.state is not State.CHANGED or result.kind is ChangeKind.EDIT:
        return result
    reason = f"a guest in a phase cannot {result.kind} files; `recanon run` lets it"
    return replace(result, state=State.SKIPPED, reason=reason, kind=ChangeKind.EDIT)


def _worked(job: Job, files: Sequence[str], choice: Choice, progress: Progress) -> Iterator[Result]:
    if job.guest.kind is Kind.COMMAND:
        return commanded(job, files, choice, progress)
    return worked(job, files, choice, progress)


def _checked(tree: Overlay, results: Sequence[Result], order: Order, progress: Progress) -> list[Result]:
    progress("verify", 0, sum(1 for result in results if result.state is State.CHANGED))
    with Workers(order.effort.jobs, order.effort.bounds) as workers:
        return Checker(tree, workers).checked(results, review=order.review)
