"""An audit: where a tree stands on its way to the one canonical way. It neither prints nor writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from recanon.compliance import Compliance, Share, compliance_of
from recanon.detectors import DETECTORS, Detector, Ground
from recanon.detectors.places import further_places
from recanon.detectors.reading import Reading, read_tree
from recanon.discover import discover, excluded_by
from recanon.errors import UsageError
from recanon.executor.local import beside, without_collector
from recanon.measures import Beside, Measured, measure, read_texts
from recanon.outcome import Finding, Skipped, is_old
from recanon.overlay import Overlay
from recanon.owners import read_owners
from recanon.pack import Pack, nearest
from recanon.plan import Plan
from recanon.propose.context import Contexts
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Progress
from recanon.session import make_plan
from recanon.settings import Settings
from recanon.state import Prior


@dataclass(frozen=True, slots=True)
class Detected:
    """What one detector found.

    Args:
        id: the detector.
        definition: what it looks for.
        advice: what to do about it.
        findings: in order of file and line.
    """

    id: str
    definition: str
    advice: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found.

    Args:
        plan: the plan that a migration of the tree would follow; its account holds every mention.
        compliance: how far the tree has come.
        detected: what the detectors found, in their order.
        yardsticks: the owners' own figures; empty where only some detectors were asked for.
        skipped: files that could not be looked into, those of the plan among them.
        ground: what the detectors looked at.
    """

    plan: Plan
    compliance: Compliance
    detected: tuple[Detected, ...]
    yardsticks: tuple[Measured, ...]
    skipped: tuple[Skipped, ...]
    ground: Ground = field(repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, by detector."""
        return tuple(finding for detected in self.detected for finding in detected.findings)


def make_audit(
    root: Path,
    pack: Pack,
    settings: Settings,
    progress: Progress | None = None,
    *,
    detectors: Sequence[str] = (),
) -> Audit:
    """Audit a tree; nothing is written.

    Args:
        root: the tree.
        pack: the pack that says what is old and what is canonical.
        settings: how to read the tree.
        progress: called with a stage, how much of it is done and how much there is.
        detectors: ids of the detectors to run; empty means all, and the yardsticks besides.

    Raises:
        UsageError: the tree is no folder or holds no Python file, or a detector is unknown.
        PackError: a yardstick of the pack fails.
    """
    chosen = choose(detectors)
    found = discover(root)
    overlay, modules = Overlay(root, found.files), ModuleMap.of(found.files)
    # Planning leaves a processor idle for half of its time: what the detectors look at is read beside it.
    with without_collector(), beside(partial(read_tree, overlay, modules, pack.migration, settings)) as finish:
        plan = make_plan(root, pack.without_guests, settings, progress, prior=Prior(found))
        reading = finish()
        program = Program(overlay, modules, reading.facts, outside=pack.migration.outside)
        ground = _ground(program, reading, pack, settings, plan)
        detected = tuple(_detect(detector, ground) for detector in chosen)
        wanted = {} if detectors else pack.yardsticks
        texts = read_texts(root, found.files if wanted else ())
        yardsticks = measure(texts, wanted, ground, {item.id: item.findings for item in detected})
        compliance = compliance_of(
            plan.findings,
            further_places(ground),
            owners=read_owners(root),
            phase=Contexts.of(pack.migration).phase if pack.migration.phases else None,
        )
    known = {skip.path for skip in plan.skipped}
    skipped = (*plan.skipped, *(skip for skip in reading.unread if skip.path not in known))
    return Audit(plan, compliance, detected, yardsticks, skipped, ground)


def choose(names: Sequence[str]) -> tuple[Detector, ...]:
    """Return the detectors of these ids, in their own order; all where none is named.

    Raises:
        UsageError: one is unknown.
    """
    known = {detector.id for detector in DETECTORS}
    for name in names:
        if name not in known:
            raise UsageError(f"there is no detector {name}", nearest(name, known))
    return tuple(detector for detector in DETECTORS if not names or detector.id in names)


def _ground(program: Program, reading: Reading, pack: Pack, settings: Settings, plan: Plan) -> Ground:
    excluded = excluded_by((*pack.migration.exclude, *settings.exclude))
    facts = {path: facts for path, facts in reading.facts.items() if not excluded.match_file(path)}
    return Ground(pack.migration, program, facts, reading.structures, plan.findings)


def _detect(detector: Detector, ground: Ground) -> Detected:
    order = sorted(detector.find(ground), key=lambda finding: (finding.path, finding.line, finding.column))
    return Detected(detector.id, detector.definition, detector.advice, tuple(order))


__all__ = [
    "Audit",
    "Beside",
    "Compliance",
    "Detected",
    "Measured",
    "Share",
    "choose",
    "compliance_of",
    "is_old",
    "make_audit",
    "measure",
]
