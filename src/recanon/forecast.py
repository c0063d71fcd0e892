"""What an audit would say of a tree behind each phase. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from recanon.audit import Audit
from recanon.compliance import Compliance, compliance_of
from recanon.detectors import Ground
from recanon.detectors.places import further_places
from recanon.detectors.reading import read_planned
from recanon.index.facts import FileFacts
from recanon.phases import PhasedPlan
from recanon.plan import Plan
from recanon.settings import Settings


def compliance_after(audit: Audit, phased: PhasedPlan, settings: Settings) -> tuple[Compliance, ...]:
    """Return how far the tree would have come behind each phase.

    Args:
        audit: of the tree as it is.
        phased: the plans one over the other. The mentions behind a phase are those of the plan after it.
        settings: limits.
    """
    found = []
    ground = audit.ground
    for ran, behind in zip(phased.phases, (*phased.phases[1:], phased.rest), strict=True):
        ground = _carried(ground, ran, behind, settings)
        found.append(compliance_of(behind.findings, further_places(ground)))
    return tuple(found)


def _carried(ground: Ground, ran: Plan, behind: Plan, settings: Settings) -> Ground:
    """Return the ground as it would be when a plan has run; only the files that it writes are read again."""
    before = ground.program
    planned = {change.path: change.after for change in ran.changes}
    written = replace(before.overlay, planned=planned)
    read = read_planned(written, before.modules, ground.migration, settings)
    program = before.over(before.overlay.over(planned), _renewed(before.indexed, planned, read))
    facts = _renewed(ground.facts, planned, read)
    sources = {path: source for path, source in ground.sources.items() if path not in planned}
    return Ground(ground.migration, program, facts, ground.structures, behind.findings, sources)


def _renewed(
    facts: Mapping[str, FileFacts], planned: Mapping[str, bytes], read: Mapping[str, FileFacts]
) -> dict[str, FileFacts]:
    return {path: found for path, found in facts.items() if path not in planned} | dict(read)
