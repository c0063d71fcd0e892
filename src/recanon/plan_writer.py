"""Write a phased plan down as a plan file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recanon import __version__
from recanon.decisions import Place, place_of
from recanon.discover import discover
from recanon.edit import Edit
from recanon.errors import UsageError
from recanon.fingerprint import fingerprints
from recanon.importers import importers
from recanon.migration import Migration
from recanon.outcome import Finding, Verdict
from recanon.overlay import Overlay
from recanon.phases import PhasedPlan
from recanon.plan import ChangeKind, FileChange, Plan, phase_id
from recanon.plan_file import (
    SCHEMA,
    PlanFile,
    PlannedEdit,
    PlannedFile,
    PlannedPhase,
    PlannedPlace,
    PlannedRefusal,
    PlannedRisk,
)
from recanon.resolve.names import ModuleMap
from recanon.risk import Assessor, FileRisk, is_offered
from recanon.settings import Settings
from recanon.source import Source, digest


@dataclass(frozen=True, slots=True)
class Assessed:
    """The plan of a phase with what is written down beside it.

    Args:
        plan: the plan.
        risks: the risk of each file with an offer.
        proposed: the places that recanon would rewrite by itself; None where nobody decided otherwise.
    """

    plan: Plan
    risks: Mapping[str, FileRisk]
    proposed: frozenset[Place] | None = None


def assessed(
    root: Path, phased: PhasedPlan, migration: Migration, proposed: Mapping[str, frozenset[Place]] | None = None
) -> tuple[Assessed, ...]:
    """Assess the files of each phase.

    Args:
        root: the tree.
        phased: the plans of its phases.
        migration: says what is production code.
        proposed: the places that recanon would rewrite by itself, by phase, where a person decided otherwise.
    """
    files = discover(root).files
    modules = ModuleMap.of(files)
    assessor = Assessor(migration, modules, importers(Overlay(root, files), modules))
    found = []
    for plan in phased.phases:
        mine = (proposed or {}).get(phase_id(plan))
        found.append(Assessed(plan, assessor.risks(plan, frozenset(path for path, _, _ in mine or ())), mine))
    return tuple(found)


def make_plan_file(
    root: Path, phases: Sequence[Assessed], rest: Plan, *, migration: Migration, settings: Settings
) -> PlanFile:
    """Write a phased plan down.

    Args:
        root: the tree.
        phases: the phases in order.
        rest: what is left when all have run.
        migration: names the phases.
        settings: what the plan was made with.

    Raises:
        UsageError: a phase creates or deletes a file, which a plan file cannot say.
    """
    for change in (change for phase in phases for change in phase.plan.changes):
        if change.kind is not ChangeKind.EDIT:
            raise UsageError(f"a plan file cannot {change.kind} files, as the plan does with {change.path}")
    titles = {phase.id: phase.title for phase in migration.phases}
    overlay = Overlay(root, ())
    written = []
    for phase in phases:
        name = phase_id(phase.plan)
        refused = tuple(_refused(phase.plan, migration))
        written.append(PlannedPhase(name, titles.get(name, ""), tuple(_files(phase, overlay)), refused))
        overlay = overlay.over({change.path: change.after for change in phase.plan.changes})
    return PlanFile(
        schema=SCHEMA,
        recanon=__version__,
        pack=rest.pack,
        options=dict(sorted(rest.options.items())),
        exclude=settings.exclude,
        review=Verdict.REVIEW in settings.include,
        phases=tuple(written),
        rest={str(verdict): rest.account.verdicts.get(verdict, 0) for verdict in Verdict},
    )


def _refused(plan: Plan, migration: Migration) -> Iterator[PlannedRefusal]:
    """Yield what a phase that ends the old API must leave."""
    for finding in plan.findings:
        ends = finding.codemod in migration.retire.values() and finding.phase in plan.phases
        if ends and finding.verdict is Verdict.LEFT and finding.notes:
            yield PlannedRefusal(finding.path, finding.line, finding.word, finding.notes)


def _files(phase: Assessed, overlay: Overlay) -> Iterator[PlannedFile]:
    """Yield the files of a phase in the order of work."""
    changes = {change.path: change for change in phase.plan.changes}
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in phase.plan.findings:
        findings[finding.path].append(finding)
    for path, risk in sorted(phase.risks.items(), key=lambda item: (item[1].order, item[0])):
        data = overlay.read(path)
        source = Source.decode(path, data)
        places = tuple(_places(findings[path], source, phase))
        change = changes.get(path, FileChange(path, data, data))
        yield PlannedFile(
            path=path,
            before=digest(change.before),
            after=digest(change.after),
            risk=PlannedRisk(risk.level, risk.facts),
            places=places,
            planned={place.id: place.decision for place in places},
            edits=tuple(_edit(edit, source) for edit in change.edits),
        )


def _places(findings: list[Finding], source: Source, phase: Assessed) -> Iterator[PlannedPlace]:
    names = fingerprints(findings, source)
    for finding in findings:
        by_itself = place_of(finding) in phase.proposed if phase.proposed is not None else finding.applied
        if finding.applied or by_itself or is_offered(finding, phase.plan):
            yield PlannedPlace(
                id=names[finding],
                line=finding.line,
                column=finding.column,
                name=finding.word,
                kind=finding.kind,
                verdict="review" if finding.verdict is Verdict.REVIEW else "safe",
                decision="apply" if finding.applied else "leave",
                proposed="apply" if by_itself else "leave",
                codemod=finding.codemod,
                reason=finding.reason,
                hint=finding.hint,
            )


def _edit(edit: Edit, source: Source) -> PlannedEdit:
    line = source.line_of(edit.span.start)
    return PlannedEdit(line, edit.span.start, edit.span.end, edit.expected, edit.replacement, edit.codemod)
