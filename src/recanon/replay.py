"""A phase of a plan file, made anew from the tree: what is written is what the file says, or nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from recanon.decisions import Standing, Standings, chosen, differing, is_edited, standings
from recanon.errors import UsageError
from recanon.outcome import Account, Finding
from recanon.overlay import Overlay
from recanon.pack import Pack
from recanon.plan import Plan
from recanon.plan_file import PlanFile, PlannedPhase
from recanon.runs import kept_texts
from recanon.scan import Progress, silent
from recanon.session import opened
from recanon.settings import Settings


@dataclass(frozen=True, slots=True)
class Replay:
    """A phase of a plan file, ready to be applied.

    Args:
        plan: what is to be written.
        standings: where the files of the phase stand.
        held: places that were decided to be rewritten and stay, because others that they need were taken out or stand
            in files that are not as planned; each with its reason.
    """

    plan: Plan
    standings: Standings
    held: tuple[Finding, ...]

    @property
    def stale(self) -> tuple[str, ...]:
        """Files that are not as they were planned upon; they stay as they are."""
        return self.standings.paths(Standing.STALE)


def replay(
    root: Path, pack: Pack, file: PlanFile, phase: PlannedPhase, *, settings: Settings, progress: Progress | None = None
) -> Replay:
    """Make a phase of a plan file anew.

    Only places that the file says to rewrite are rewritten, in files that are as they were planned upon. Where nobody
    edited the file and no file is stale, the outcome must be the one of the file, byte for byte. Files that hold their
    planned text already are planned with the text that they had before, so that an interrupted phase is finished as it
    was begun; they are not written again.

    Args:
        root: the tree.
        pack: the pack of the file.
        file: the plan file.
        phase: one of its phases.
        settings: how to read, with the excludes of the file, that phase and the verdicts that it took.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        UsageError: the file was made for another tree, an earlier phase is not applied, or the outcome differs.
    """
    found = standings(root, file, phase)
    ready, done = found.paths(Standing.READY), found.paths(Standing.DONE)
    if not ready:
        return Replay(_nothing(file, phase), found, ())
    before = _texts_before(root, phase, done)
    wanted: list[Finding] = []

    def decide(plan: Plan, overlay: Overlay) -> list[Finding] | None:
        decided = chosen(phase, plan, (*ready, *done))
        wanted.extend([f for f in plan.findings if f.applied] if decided is None else decided)
        return decided

    with opened(root, pack, settings, progress or silent) as session:
        plan, _ = session.step(session.over(before), settings.phases, decide)
    _check_outcome(phase, plan, whole=not found.paths(Standing.STALE) and not is_edited(phase))
    written = replace(plan, changes=tuple(change for change in plan.changes if change.path in set(ready)))
    return Replay(written, found, held(wanted, plan))


def _texts_before(root: Path, phase: PlannedPhase, done: Iterable[str]) -> dict[str, bytes]:
    """Return the texts that files of the phase had which are done already: the phase is planned as a whole.

    Raises:
        UsageError: one is not kept.
    """
    digests = {file.path: file.before for file in phase.files if file.path in set(done)}
    found = kept_texts(root, digests)
    lacking = sorted(digests.keys() - found.keys())
    if lacking:
        raise UsageError(
            f"phase {phase.id} is half applied, and the text that {lacking[0]} had before is not kept in .recanon/",
            "Nothing was written. Plan again; `recanon plan --keep FILE` keeps your decisions.",
        )
    return found


def _check_outcome(phase: PlannedPhase, plan: Plan, *, whole: bool) -> None:
    """Refuse an outcome that the file does not explain: another text where nothing was decided, or another file."""
    listed = {file.path for file in phase.files}
    other = differing(phase, plan) if whole else tuple(c.path for c in plan.changes if c.path not in listed)
    if other:
        raise UsageError(
            f"phase {phase.id} would not come out as the plan says, for example in {other[0]} ({len(other)} in all): "
            "the tree has changed elsewhere, or the plan was made by another recanon or with another pack",
            "Nothing was written. Plan again; `recanon plan --keep FILE` keeps your decisions.",
        )


def held(wanted: Iterable[Finding], plan: Plan) -> tuple[Finding, ...]:
    """Return the findings of a plan for places that were to be rewritten and are not.

    Args:
        wanted: the places.
        plan: what is rewritten.
    """
    places = {(finding.path, finding.line, finding.column) for finding in wanted}
    return tuple(f for f in plan.findings if (f.path, f.line, f.column) in places and not f.applied)


def _nothing(file: PlanFile, phase: PlannedPhase) -> Plan:
    """A plan that writes nothing, for a phase of which nothing is ready."""
    return Plan(file.pack, dict(file.options), (phase.id,), (), (), (), (), Account(0), 0, 0)
