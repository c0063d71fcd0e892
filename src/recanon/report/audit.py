"""What a report says about an audit: as sections for a person, and as JSON of the schema `recanon/audit/1`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from recanon.audit import Audit, Beside, Compliance, Detected, Measured, Share
from recanon.detectors import DETECTORS
from recanon.detectors.deprecated import Deprecated
from recanon.outcome import Finding, Verdict
from recanon.past import Stage
from recanon.report.content import Group, Row, Section, grouped, many, plan_sections
from recanon.yardstick import Counted

SCHEMA = "recanon/audit/1"
_LISTED = (Verdict.REVIEW, Verdict.MANUAL)
_SHOWN = 3


def audit_sections(audit: Audit, past: Sequence[Stage] | None = None) -> list[Section]:
    """Return what an audit found: compliance, the owners' yardsticks, and the findings of each detector.

    Args:
        audit: the audit to speak of.
        past: how far the tree had come before each run, the oldest first; None where nobody asked.
    """
    yardsticks = Section(
        "yardsticks",
        "the owners' own figures, by their own definitions, from the text alone",
        tuple(_yardstick(measured) for measured in audit.yardsticks),
    )
    beside = Section(
        "yardsticks by resolution",
        "what of that which they count is real, and why",
        tuple(
            _beside(measured, item)
            for measured in audit.yardsticks
            for item in measured.beside
            if item.counted or item.found
        ),
    )
    found = (section for detected in audit.detected for section in _detected(audit, detected))
    skipped = Section("skipped", f"{many(len(audit.skipped), 'file')} not looked into", (_skipped(audit),))
    return [
        _compliance(audit.compliance),
        *([_history(audit, past)] if past is not None else []),
        *(section for section in (yardsticks, beside) if section.groups),
        *found,
        *([skipped] if audit.skipped else []),
    ]


def detector_section() -> Section:
    """Return the detectors, each with what it finds."""
    rows = tuple(Row(detector.id, detector.definition) for detector in DETECTORS)
    return Section("detectors", "what recanon audit looks for", (Group(rows),))


def _history(audit: Audit, past: Sequence[Stage]) -> Section:
    rows = [Row(stage.started[:19], f"{_words(stage.compliance.places)}, before {stage.words}") for stage in past]
    rows.append(Row("now", _words(audit.compliance.places)))
    return Section("history", f"before each of {many(len(past), 'run')}, and now", (Group(tuple(rows)),))


def audit_json(audit: Audit, past: Sequence[Stage] | None = None) -> str:
    """Return an audit as a JSON text that ends with a newline; keys are added under this schema, never renamed.

    Args:
        audit: the audit to write down.
        past: how far the tree had come before each run, the oldest first; None where nobody asked.
    """
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
            "kinds": _shares(audit.compliance.kinds),
            "folders": _shares(audit.compliance.folders),
            "owners": _shares(audit.compliance.owners),
            "phases": _shares(audit.compliance.phases),
            "kept": audit.compliance.kept,
        },
        "detectors": [
            {"id": detected.id, "definition": detected.definition, "findings": len(detected.findings)}
            for detected in audit.detected
        ],
        "findings": [_finding_json(finding) for finding in audit.findings],
        "yardsticks": {measured.id: dict(measured.now) for measured in audit.yardsticks},
        "published": {measured.id: dict(measured.published) for measured in audit.yardsticks},
        "remarks": {measured.id: measured.remark for measured in audit.yardsticks if measured.remark},
        "beside": {
            measured.id: {item.figure: _beside_json(item) for item in measured.beside} for measured in audit.yardsticks
        },
        "history": [
            {"run": stage.run, "started": stage.started, "what": stage.words, **_share(stage.compliance.places)}
            for stage in past or ()
        ],
        "skipped": [{"path": skip.path, "reason": skip.reason, "hint": skip.hint} for skip in audit.skipped],
    }
    return json.dumps(value, indent=1) + "\n"


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "detector": finding.detector,
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
        "group": finding.group,
    }


def _beside_json(item: Beside) -> dict[str, Any]:
    counted = [
        {"file": thing.path, "line": thing.line, "name": thing.name, "real": opinion.real, "reason": opinion.reason}
        for thing, opinion in item.counted
    ]
    return {
        "detector": item.detector,
        "real": item.real,
        "found": item.found,
        "unseen": item.unseen,
        "counted": counted,
    }


def _shares(shares: Iterable[Share]) -> dict[str, Any]:
    return {share.name: _share(share) for share in shares}


def _share(share: Share) -> dict[str, Any]:
    return {"percent": share.percent, "canonical": share.canonical, "old": share.old}


def _compliance(compliance: Compliance) -> Section:
    if not compliance.places.canonical + compliance.places.old:
        return Section("compliance", f"no place uses the old or the canonical API; {compliance.kept} stay on purpose")
    lead = (
        f"{compliance.places.percent} % of the places that use a manager use the canonical way; "
        f"{compliance.kept} more stay on purpose"
    )
    groups = [Group((Row("places", _words(compliance.places)), Row("files", _words(compliance.files))))]
    for heading, shares in (
        ("by kind", compliance.kinds),
        ("by phase", compliance.phases),
        ("by owner", compliance.owners),
        ("by folder", compliance.folders),
    ):
        groups += [Group(tuple(Row(share.name, _words(share)) for share in shares), heading)] if shares else []
    return Section("compliance", lead, tuple(groups))


def _words(share: Share) -> str:
    return f"{share.percent} % ({share.canonical} canonical of {share.canonical + share.old})"


def _yardstick(measured: Measured) -> Group:
    rows = tuple(
        Row(name, f"{now}" + (f" (published {measured.published[name]})" if name in measured.published else ""))
        for name, now in measured.now.items()
    )
    return Group(rows, measured.title, reason=" ".join(filter(None, (measured.blind, measured.remark))))


def _beside(measured: Measured, item: Beside) -> Group:
    """What a figure counts, gathered by what is to be said of it."""
    gathered: dict[tuple[bool, str], list[Counted]] = {}
    for thing, opinion in item.counted:
        gathered.setdefault((opinion.real, opinion.reason), []).append(thing)
    rows = tuple(
        Row("real" if real else "not", f"{_named(things)}: {reason}")
        for (real, reason), things in sorted(gathered.items(), key=lambda pair: (not pair[0][0], -len(pair[1])))
    )
    counted = f"{item.real} of {len(item.counted)} are real" if item.counted else "nothing is counted"
    found = f"{item.detector} has {many(item.found, 'finding')}, {item.unseen} of them in other files"
    return Group(rows, f"{measured.title}: {item.figure}", reason=f"{counted}; {found}")


def _named(things: Sequence[Counted]) -> str:
    """Up to three of some things, each with its name or file."""
    shown = [f"{thing.path}:{thing.line} {thing.name}" if thing.line else thing.path for thing in things[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(things) - _SHOWN} more" if len(things) > _SHOWN else "")


def _detected(audit: Audit, detected: Detected) -> Iterator[Section]:
    """The findings of one detector; what apply rewrites is counted, and the old API has lists of its own."""
    if not detected.findings:
        yield Section(detected.id, "nothing found")
        return
    safe = [finding for finding in detected.findings if finding.verdict is Verdict.SAFE]
    files = len({finding.path for finding in detected.findings})
    lead = f"{many(len(detected.findings), 'finding')} in {many(files, 'file')}. {detected.advice}"
    rows = (Row("safe", f"{many(len(safe), 'place')} that recanon apply rewrites"),) if safe else ()
    if detected.id != Deprecated.id:
        rest = [finding for finding in detected.findings if finding.verdict is not Verdict.SAFE]
        yield Section(detected.id, lead, (Group(rows), *grouped(rest)) if rows else tuple(grouped(rest)))
        return
    counts = Counter(finding.verdict for finding in detected.findings)
    others = (Row(str(verdict), f"{many(counts[verdict], 'place')}, listed below") for verdict in _LISTED)
    yield Section(detected.id, lead, (Group((*rows, *others)),))
    yield from (section for section in plan_sections(audit.plan) if section.title in set(map(str, _LISTED)))


def _skipped(audit: Audit) -> Group:
    return Group(tuple(Row(skip.path, skip.reason, tuple(filter(None, (skip.hint,)))) for skip in audit.skipped))
