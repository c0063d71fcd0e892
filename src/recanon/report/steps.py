"""How far each phase has come, and how far the tree would be behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from recanon.audit import Audit, Compliance
from recanon.migration import Phase
from recanon.outcome import Finding, Verdict
from recanon.phases import PhasedPlan
from recanon.report.model import Step


def make_steps(
    phases: Sequence[Phase], audit: Audit, phased: PhasedPlan, after: Sequence[Compliance]
) -> Iterator[Step]:
    """Yield the phases in their order.

    Args:
        phases: of the pack.
        audit: of the tree as it is; says what is left in each phase today.
        phased: the plans one over the other; say what each phase writes.
        after: how far the tree has come behind each of these plans.
    """
    planned = {ran.phases: (len(ran.changes), behind) for ran, behind in zip(phased.phases, after, strict=True)}
    state = audit.compliance
    for phase in phases:
        files, state = planned.get((phase.id,), (0, state))
        found = [finding for finding in audit.plan.findings if finding.phase == phase.id]
        yield _step(phase, found, files, state)


def _step(phase: Phase, found: Iterable[Finding], files: int, behind: Compliance) -> Step:
    verdicts = Counter(finding.verdict for finding in found)
    held = sum(finding.verdict is Verdict.LEFT and finding.codemod in phase.codemods for finding in found)
    return Step(
        phase.id,
        phase.title,
        safe=verdicts[Verdict.SAFE],
        review=verdicts[Verdict.REVIEW],
        manual=verdicts[Verdict.MANUAL],
        held=held,
        files=files,
        after=behind.places,
    )
