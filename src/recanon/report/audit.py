"""What a report says about an audit: as sections for a person, and as JSON of the schema `recanon/audit/1`."""

from __future__ import annotations

import json
from typing import Any

from recanon.audit import Audit, Compliance, Measured, Share
from recanon.outcome import Verdict
from recanon.report.content import Group, Row, Section, plan_sections

SCHEMA = "recanon/audit/1"


def audit_sections(audit: Audit) -> list[Section]:
    """Return what an audit found: compliance, the owners' yardsticks, and the places for review and by hand.

    Args:
        audit: the audit to speak of.
    """
    yardsticks = Section(
        "yardsticks",
        "the owners' own figures, by their own definitions, from the text alone",
        tuple(_yardstick(measured) for measured in audit.yardsticks),
    )
    lists = [s for s in plan_sections(audit.plan) if s.title in {str(Verdict.REVIEW), str(Verdict.MANUAL), "skipped"}]
    return [_compliance(audit.compliance), *([yardsticks] if audit.yardsticks else []), *lists]


def audit_json(audit: Audit) -> str:
    """Return an audit as a JSON text that ends with a newline; keys are added under this schema, never renamed."""
    account = audit.plan.account
    value = {
        "schema": SCHEMA,
        "pack": audit.plan.pack,
        "options": dict(sorted(audit.plan.options.items())),
        "tree": {"files": audit.plan.files, "candidates": audit.plan.candidates},
        "mentions": {
            "all": account.mentions,
            **{str(verdict): account.verdicts.get(verdict, 0) for verdict in Verdict},
        },
        "compliance": {
            "places": _share(audit.compliance.places),
            "files": _share(audit.compliance.files),
            "folders": {share.name: _share(share) for share in audit.compliance.folders},
            "kept": audit.compliance.kept,
        },
        "findings": [
            {
                "file": finding.path,
                "line": finding.line,
                "column": finding.column,
                "name": finding.word,
                "kind": finding.kind,
                "symbol": finding.origin,
                "chain": list(finding.chain),
                "verdict": str(finding.verdict),
                "reason": finding.reason,
                "hint": finding.hint,
            }
            for finding in audit.findings
        ],
        "yardsticks": {measured.id: dict(measured.now) for measured in audit.yardsticks},
        "published": {measured.id: dict(measured.published) for measured in audit.yardsticks},
    }
    return json.dumps(value, indent=1) + "\n"


def _share(share: Share) -> dict[str, Any]:
    return {"percent": share.percent, "canonical": share.canonical, "old": share.old}


def _compliance(compliance: Compliance) -> Section:
    rows = [
        Row("places", _words(compliance.places)),
        Row("files", _words(compliance.files)),
    ]
    lead = (
        f"{compliance.places.percent} % of the places that use a manager use the canonical way; "
        f"{compliance.kept} more stay on purpose"
    )
    folders = tuple(Row(share.name, _words(share)) for share in compliance.folders)
    return Section("compliance", lead, (Group(tuple(rows)), Group(folders, "by folder")))


def _words(share: Share) -> str:
    return f"{share.percent} % ({share.canonical} canonical of {share.canonical + share.old})"


def _yardstick(measured: Measured) -> Group:
    rows = tuple(
        Row(name, f"{now}" + (f" (published {measured.published[name]})" if name in measured.published else ""))
        for name, now in measured.now.items()
    )
    return Group(rows, measured.title, reason=measured.blind)
