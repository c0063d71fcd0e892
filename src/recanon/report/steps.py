"""How far each phase has come, and how far the tree would be behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from recanon.audit import compliance_of
from recanon.migration import Phase
from recanon.outcome import Finding, Verdict
from recanon.phases import PhasedPlan
from recanon.plan import Plan
from recanon.report.model import Step


def make_steps(phases: Sequence[Phase], plan: Plan, phased: PhasedPlan) -> Iterator[Step]:
    """Yield the phases in their order.

    Args:
        phases: of the pack.
        plan: of the tree as it is; says what is left in each phase today.
        phased: the plans one over the other; say what each phase writes, and how the tree stands behind it.
    """
    later = [*phased.phases[1:], phased.rest]
    planned = {ran.phases: (len(ran.changes), behind) for ran, behind in zip(phased.phases, later, strict=True)}
    state = next(iter(phased.phases), phased.rest)
    for phase in phases:
        files, state = planned.get((phase.id,), (0, state))
        found = [finding for finding in plan.findings if finding.phase == phase.id]
        yield _step(phase, found, files, state)


def _step(phase: Phase, found: Iterable[Finding], files: int, behind: Plan) -> Step:
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
        after=compliance_of(behind.findings).places,
    )
