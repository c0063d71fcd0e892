"""The guests of a phase: they run over what its codemods leave, and what they come to is one plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from recanon.discover import Discovery
from recanon.edit import Edit, Span
from recanon.errors import UsageError
from recanon.executor.supervisor import ServiceError
from recanon.guests.planned import line_edits
from recanon.guests.run import Order, run_over
from recanon.guests.selection import Choice, candidates
from recanon.guests.spec import Guest, read_guest
from recanon.guests.work import Effort, Progress
from recanon.migration import Phase, PhaseGuest
from recanon.outcome import Skipped
from recanon.overlay import Overlay
from recanon.plan import FileChange, Plan
from recanon.settings import Settings


@dataclass(frozen=True)
class PhaseGuests:
    """Runs the guests of phases.

    Args:
        found: the files of the tree.
        folder: of the pack; files and modules of guests are looked for there first.
        exclude: glob patterns of files that are left alone.
        settings: how large a file may be, how many processes there are, and whether what is for review is taken.
        review: whether what a person should look at is taken.
        progress: called with a stage, how much of it is done and how much there is.
    """

    found: Discovery
    folder: Path
    exclude: tuple[str, ...]
    settings: Settings
    review: bool
    progress: Progress

    def run(self, phase: Phase, guest: PhaseGuest, tree: Overlay, changed: frozenset[str]) -> Plan:
        """Return what a guest makes of a tree.

        Args:
            phase: its phase.
            guest: the guest.
            tree: the tree as what ran before leaves it.
            changed: the files that the phase has changed.

        Raises:
            UsageError: the guest cannot be loaded.
            MovedError: it wrote into the tree itself.
        """
        order = self._order(phase, guest)
        files = [path for path in self._files(phase, guest) if not guest.changed or path in changed]
        try:
            done = run_over(tree, self.found, files, order, self.progress)
        except ServiceError as exc:
            raise UsageError(f"phase {phase.id} cannot run {guest.run}: {exc.message}", exc.hint) from exc
        strays = [Skipped(path, _STRAY) for path in done.strays]
        own = {result.path for result in done.results}
        skipped = [item for item in done.plan.skipped if item.path in own]
        return replace(done.plan, phases=(phase.id,), skipped=(*skipped, *strays))

    def _files(self, phase: Phase, guest: PhaseGuest) -> list[str]:
        files = candidates(self.found, Choice(phase.include))
        return candidates(Discovery(tuple(files), ()), Choice(guest.files))

    def _order(self, phase: Phase, guest: PhaseGuest) -> Order:
        limits = (self.settings.max_bytes, self.settings.max_lines)
        choice = Choice((), (*self.exclude, *guest.exclude), guest.holding, *limits)
        effort = Effort(self.settings.jobs, guest.timeout, path=(str(self.folder.absolute()),))
        named = self._named(phase, guest)
        return Order(named, choice, effort, review=self.review, edits_only=True, doubt=guest.review)

    def _named(self, phase: Phase, guest: PhaseGuest) -> Guest:
        try:
            return read_guest(guest.run, guest.arguments, self.folder)
        except UsageError as exc:
            raise UsageError(f"phase {phase.id}: {exc.message}", exc.hint) from exc


def with_guest(plan: Plan, part: Plan, before: Overlay) -> Plan:
    """Return a plan with what a guest makes of its texts.

    Args:
        plan: the plan so far.
        part: what the guest makes of the tree that the plan leaves.
        before: the tree that the plan is made for.
    """
    changes = {change.path: change for change in plan.changes}
    for change in part.changes:
        former = changes.get(change.path) or FileChange(change.path, before.read(change.path), change.before)
        changes[change.path] = _onto(former, change, part)
    kept = {path: change for path, change in changes.items() if change.before != change.after}
    return replace(plan, changes=tuple(kept[path] for path in sorted(kept)), guests=(*plan.guests, part))


def _onto(former: FileChange, change: FileChange, part: Plan) -> FileChange:
    """Return one change for two in a row; a stretch of lines that the codemods changed too stays theirs."""
    edits = line_edits(part.pack, change.path, former.before, change.after)
    named = tuple(_named(former, edit) for edit in edits)
    phases = tuple(dict.fromkeys((*former.phases, *part.phases)))
    return replace(former, after=change.after, edits=named, phases=phases)


def _named(former: FileChange, edit: Edit) -> Edit:
    theirs = [one.codemod for one in former.edits if _touch(one.span, edit.span)]
    return replace(edit, codemod=theirs[0]) if theirs else edit


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


_STRAY = "the guest wrote it into its copy of the tree on its own: nothing of it is taken"
