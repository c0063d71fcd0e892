"""What is to be said of a tree behind its phases: how far it would have come, and what is left by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from recanon.audit import Audit
from recanon.compliance import Compliance, compliance_of
from recanon.detectors import Ground
from recanon.detectors.places import further_places
from recanon.detectors.reading import read_planned
from recanon.index.facts import FileFacts
from recanon.outcome import Finding, Verdict
from recanon.pack import Pack
from recanon.phases import PhasedPlan, make_phased_plan
from recanon.session import make_plan
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
        planned = {change.path: change.after for change in ran.changes}
        ground = carried(ground, planned, behind.findings, settings)
        found.append(compliance_of(behind.findings, further_places(ground)))
    return tuple(found)


def left_by_hand(root: Path, pack: Pack, settings: Settings) -> tuple[Finding, ...]:
    """Return the places by hand of a tree as it is, without those that a phase still settles.

    Between two phases a place can wait for the second one: a patch that the first has moved to the canonical function
    does not reach code that goes through the old one any more, until the second moves that code too.

    Args:
        root: the tree.
        pack: the pack.
        settings: how to read.
    """
    pack = pack.without_guests
    rest = make_phased_plan(root, pack, settings).rest
    lasting = Counter(map(_name, filter(_is_by_hand, rest.findings)))
    found = []
    for finding in filter(_is_by_hand, make_plan(root, pack, settings).findings):
        lasting[_name(finding)] -= 1
        found += [finding] if lasting[_name(finding)] >= 0 else []
    return tuple(found)


def _is_by_hand(finding: Finding) -> bool:
    return finding.verdict is Verdict.MANUAL


def _name(finding: Finding) -> tuple[str, str, str]:
    """What names a place whose line may move."""
    return finding.path, finding.kind, finding.word


def carried(ground: Ground, planned: Mapping[str, bytes], findings: tuple[Finding, ...], settings: Settings) -> Ground:
    """Return the ground with other texts over it; only these are read again.

    Args:
        ground: on which detectors look.
        planned: bytes by path.
        findings: every mention of the tree with these texts.
        settings: limits.
    """
    before = ground.program
    written = replace(before.overlay, planned=planned)
    read = read_planned(written, before.modules, ground.migration, settings)
    program = before.over(before.overlay.over(planned), _renewed(before.indexed, planned, read))
    facts = _renewed(ground.facts, planned, read)
    sources = {path: source for path, source in ground.sources.items() if path not in planned}
    return Ground(ground.migration, program, facts, ground.structures, findings, sources)


def _renewed(
    facts: Mapping[str, FileFacts], planned: Mapping[str, bytes], read: Mapping[str, FileFacts]
) -> dict[str, FileFacts]:
    return {path: found for path, found in facts.items() if path not in planned} | dict(read)
