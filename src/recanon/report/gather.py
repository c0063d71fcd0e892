"""Put a report together: from an audit, the plans of its phases, the risk of each file and what the journal tells."""

from __future__ import annotations

import inspect
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from recanon.audit import Audit, Compliance
from recanon.codemod import Codemod
from recanon.guard.baseline import Baseline
from recanon.guard.look import look_of
from recanon.guard.ratchet import Scope, compare, entry_of
from recanon.history import Moment
from recanon.import_graph import ImportGraph
from recanon.outcome import Finding
from recanon.pack import Pack
from recanon.phases import PhasedPlan
from recanon.provenance import Provenance
from recanon.report.entries import Risks, file_entries, further_findings, rule_of
from recanon.report.model import Guarded, Report, Rule
from recanon.report.steps import make_steps
from recanon.runs import RunSummary


@dataclass(frozen=True, slots=True)
class Around:
    """What a report tells besides the audit.

    Args:
        phased: the plans of the phases, one over the other.
        after: how far the tree has come behind each of them.
        risks: of files, by phase and path.
        graph: who imports the old and the canonical modules.
        runs: of the journal.
        history: earlier compliance.
        provenance: the commit.
        guarded: how the tree stands to a baseline.
    """

    phased: PhasedPlan
    after: Sequence[Compliance]
    risks: Risks = field(default_factory=dict)
    graph: ImportGraph = field(default_factory=ImportGraph)
    runs: tuple[RunSummary, ...] = ()
    history: tuple[Moment, ...] = ()
    provenance: Provenance | None = None
    guarded: Guarded | None = None


def make_guarded(audit: Audit, baseline: Baseline, name: str, is_there: Scope) -> Guarded:
    """Compare the places of an audit's plan with a baseline, as a guard does.

    Args:
        audit: of the whole tree.
        baseline: the known places.
        name: of the baseline's file.
        is_there: whether a file is in the tree.
    """
    look = look_of(audit.plan, audit.ground.migration, audit.ground.program.overlay)
    known = tuple(place for place in look.places if entry_of(place) in baseline.entries)
    return Guarded(name, compare(look, baseline, is_there, lambda _: True), known)


def make_report(root: Path, pack: Pack, audit: Audit, around: Around, made: datetime | None = None) -> Report:
    """Put a report together.

    Args:
        root: the tree.
        pack: the pack of the audit.
        audit: of the tree.
        around: what else there is to tell.
        made: the time that the report bears; now, if it is not given.
    """
    return Report(
        name=root.name,
        title=pack.info.title,
        made=(made or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        audit=audit,
        rules=(*_rules(audit.plan.findings, pack.codemods), *_detector_rules(audit)),
        files=tuple(file_entries(root, audit, around.risks)),
        steps=tuple(make_steps(pack.migration.phases, audit, around.phased, around.after)),
        graph=around.graph,
        runs=around.runs,
        history=around.history,
        provenance=around.provenance,
        guarded=around.guarded,
    )


def _rules(findings: Iterable[Finding], codemods: Mapping[str, Codemod]) -> Iterable[Rule]:
    gathered: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        gathered[rule_of(finding)].append(finding)
    for name in sorted(gathered):
        codemod = codemods.get(name)
        if codemod is not None:
            yield Rule(name, codemod.title, _documentation(codemod) or codemod.title)
        else:
            yield _unnamed(name, gathered[name])


def _detector_rules(audit: Audit) -> Iterable[Rule]:
    """Yield the rules of the detectors that found more than mentions."""
    found = {finding.detector for finding in further_findings(audit)}
    for detected in audit.detected:
        if detected.id in found:
            title = detected.definition.partition(". ")[0].rstrip(".")
            yield Rule(detected.id, title, f"{detected.definition} {detected.advice}")


def _unnamed(name: str, findings: Sequence[Finding]) -> Rule:
    """Make the rule of findings that no codemod answered for; it says only what all of them share."""
    groups, reasons, hints = ({getattr(found, part) for found in findings} for part in ("group", "reason", "hint"))
    title = groups.pop() if len(groups) == 1 else ""
    title = title or name.replace("-", " ")
    shared = [title, *(text for texts in (reasons, hints) if len(texts) == 1 for text in texts if text)]
    return Rule(name, title, " ".join(f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in shared))


def _documentation(codemod: Codemod) -> str:
    """Return the module docstring of a codemod, which says what it does and why."""
    return inspect.cleandoc(sys.modules[type(codemod).__module__].__doc__ or "")
