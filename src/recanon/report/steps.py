"""How far each phase has come, and how far the tree would be behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from recanon.audit import Audit, Share, is_old
from recanon.migration import Phase
from recanon.outcome import Finding, Verdict
from recanon.plan import Plan
from recanon.report.entries import Owners, phase_of
from recanon.report.model import Step


def make_steps(phases: Sequence[Phase], audit: Audit, plans: Sequence[Plan]) -> tuple[Step, ...]:
    """Return the phases in their order.

    Args:
        phases: of the pack.
        audit: of the tree as it is; its places are the denominator throughout.
        plans: one for each phase, each over the text of those before it; none: the audit's plan stands for all.
    """
    return tuple(_steps(phases, audit, plans))


def owners_of(phases: Sequence[Phase]) -> dict[str, str]:
    """Return the phase of each codemod that belongs to one."""
    return {codemod: phase.id for phase in phases for codemod in phase.codemods}


def _steps(phases: Sequence[Phase], audit: Audit, plans: Sequence[Plan]) -> Iterator[Step]:
    owners = owners_of(phases)
    share = audit.compliance.places
    for phase in phases:
        plan = next((plan for plan in plans if plan.phases == (phase.id,)), audit.plan)
        found = [finding for finding in plan.findings if phase_of(finding, owners) == phase.id]
        moved = sum(finding.applied and is_old(finding) for finding in found)
        share = Share("", share.canonical + moved, max(share.old - moved, 0))
        yield _step(phase, found, _files(plan, phase.id, owners), share)


def _step(phase: Phase, found: Sequence[Finding], files: int, after: Share) -> Step:
    verdicts = Counter(finding.verdict for finding in found)
    return Step(
        phase.id,
        phase.title,
        safe=verdicts[Verdict.SAFE],
        review=verdicts[Verdict.REVIEW],
        manual=verdicts[Verdict.MANUAL],
        held=verdicts[Verdict.LEFT] if phase.codemods else 0,
        files=files,
        after=after,
    )


def _files(plan: Plan, phase: str, owners: Owners) -> int:
    """Count the files that a phase writes; where one plan stands for all, a file may belong to several."""
    return sum(
        phase in {owners.get(edit.codemod, own) for edit in change.edits for own in change.phases}
        for change in plan.changes
    )
