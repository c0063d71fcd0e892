"""A report as JSON, schema `recanon/report/1`: keys are added under this schema, never renamed."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from recanon.audit import Share
from recanon.history import SCHEMA
from recanon.outcome import Verdict
from recanon.report.guarded import guarded_value
from recanon.report.model import FileEntry, Place, Report, Step
from recanon.runs import RunSummary


def report_json(report: Report) -> str:
    """Return a report as a JSON text that ends with a newline; pure ASCII.

    Args:
        report: what to write down.
    """
    audit, plan = report.audit, report.audit.plan
    value = {
        "schema": SCHEMA,
        "made": report.made,
        "tree": {"name": report.name, "files": plan.files, "candidates": plan.candidates},
        "provenance": asdict(report.provenance) if report.provenance else None,
        "pack": plan.pack,
        "options": dict(sorted(plan.options.items())),
        "mentions": {"all": plan.account.mentions, **{str(v): plan.account.verdicts.get(v, 0) for v in Verdict}},
        "compliance": {
            "places": share_value(audit.compliance.places),
            "files": share_value(audit.compliance.files),
            "folders": {share.name: share_value(share) for share in audit.compliance.folders},
            "kept": audit.compliance.kept,
        },
        "history": [{"made": moment.when, **share_value(moment.share)} for moment in report.history],
        "phases": [_step(step) for step in report.steps],
        "yardsticks": {measured.id: dict(measured.now) for measured in audit.yardsticks},
        "published": {measured.id: dict(measured.published) for measured in audit.yardsticks},
        "imports": [asdict(flow) for flow in report.graph.flows],
        "runs": [_run(run) for run in report.runs],
        "guard": guarded_value(report.guarded) if report.guarded else None,
        "rules": [asdict(rule) for rule in report.rules],
        "files": [_file(entry) for entry in report.files],
        "skipped": [asdict(skip) for skip in plan.skipped],
        "reverted": [asdict(back) for back in plan.reverted],
    }
    return json.dumps(value, indent=1) + "\n"


def share_value(share: Share) -> dict[str, Any]:
    """Return a share as JSON has it."""
    return {"percent": share.percent, "canonical": share.canonical, "old": share.old}


def _step(step: Step) -> dict[str, Any]:
    return {**asdict(step), "after": share_value(step.after), "open": step.open, "done": step.done}


def _run(run: RunSummary) -> dict[str, Any]:
    return {
        "run": run.run,
        "kind": str(run.kind),
        "standing": str(run.standing),
        "phases": list(run.phases),
        "started": run.started,
        "finished": run.finished,
        "files": {str(state): count for state, count in sorted(run.files.items())},
    }


def _file(entry: FileEntry) -> dict[str, Any]:
    return {
        "path": entry.path,
        "risks": [asdict(risk) for risk in entry.risks],
        "findings": [_place(place) for place in entry.places],
        "diff": list(entry.hunks),
    }


def _place(place: Place) -> dict[str, Any]:
    finding = place.finding
    return {
        "line": finding.line,
        "column": finding.column,
        "name": finding.word,
        "kind": finding.kind,
        "verdict": str(finding.verdict),
        "level": place.level,
        "rule": place.rule,
        "mention": place.is_mention,
        "detectors": list(place.detectors),
        "fingerprint": place.fingerprint,
        "phase": finding.phase,
        "reason": finding.reason,
        "hint": finding.hint,
        "symbol": finding.origin,
        "chain": list(finding.chain),
        "notes": list(finding.notes),
        "applied": finding.applied,
        "diff": place.hunk,
    }
