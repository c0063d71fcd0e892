"""A report as SARIF 2.1.0 (OASIS standard, errata 01): the places that use the old API, with what would mend
them, and what detectors found besides.

Columns count characters, lines end as Python's tokenizer ends them, and paths are relative to the root of the tree. A
fix holds all edits of a file: one of them alone would leave a name without its import.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from recanon.provenance import Provenance
from recanon.report.model import FileEntry, Place, Replacement, Report
from recanon.report.sarif_guard import RULE, States, new_results, states_of
from recanon.report.sarif_parts import ROOT, artifact, log_text, message_text, run_head
from recanon.safe_text import safe_text

_FIX = "Move this file to the canonical API; `recanon apply` moves the strings that patch it along."


def report_sarif(report: Report) -> str:
    """Return a report as a SARIF log that ends with a newline; pure ASCII.

    Args:
        report: what to write down.
    """
    return log_text(_run(report))


def _run(report: Report) -> dict[str, Any]:
    found = [(entry, place) for entry in report.files for place in entry.places if place.level != "none"]
    used = {place.rule for _, place in found}
    rules = [rule for rule in report.rules if rule.id in used]
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    states = states_of(report.guarded)
    results = [_result(entry, place, indexes[place.rule], states) for entry, place in found]
    new = new_results(report.guarded, len(rules))
    run = run_head([*rules, *([RULE] if new else [])], f"recanon/{report.audit.plan.pack}/")
    run |= {"invocations": [_invocation(report)], "results": [*results, *new]}
    if report.provenance:
        run["versionControlProvenance"] = [_provenance(report.provenance)]
    return run


def _result(entry: FileEntry, place: Place, index: int, states: States) -> dict[str, Any]:
    finding = place.finding
    words = [f"{finding.kind} {finding.word}: {finding.reason}", finding.hint]
    start = {"startLine": finding.line, "startColumn": finding.column}
    end = {"endLine": finding.line, "endColumn": finding.column + len(finding.word)}
    region = start | (end if place.code[finding.column - 1 :].startswith(finding.word) else {})
    result: dict[str, Any] = {
        "ruleId": place.rule,
        "ruleIndex": index,
        "level": place.level,
        "message": {"text": message_text(" ".join(f"{text.rstrip('.')}." for text in words if text))},
        "locations": [{"physicalLocation": {"artifactLocation": artifact(entry.path), "region": region}}],
        "partialFingerprints": {"recanon/v1": place.fingerprint},
        "properties": _properties(place),
    }
    state = states.get((finding.path, finding.line, finding.column, finding.kind, finding.word))
    if state is not None:
        result["baselineState"] = state
    if finding.applied and entry.fix:
        result["fixes"] = [_fix(entry)]
    return result


def _properties(place: Place) -> dict[str, Any]:
    finding = place.finding
    value = {"verdict": str(finding.verdict), "phase": finding.phase, "symbol": safe_text(finding.origin)}
    return value | ({"detectors": list(place.detectors)} if place.detectors else {})


def _fix(entry: FileEntry) -> dict[str, Any]:
    change = {"artifactLocation": artifact(entry.path), "replacements": [_replacement(part) for part in entry.fix]}
    return {"description": {"text": _FIX}, "artifactChanges": [change]}


def _replacement(part: Replacement) -> dict[str, Any]:
    region = {
        "startLine": part.start.line,
        "startColumn": part.start.column,
        "endLine": part.end.line,
        "endColumn": part.end.column,
    }
    return {"deletedRegion": region, "insertedContent": {"text": part.text}}


def _invocation(report: Report) -> dict[str, Any]:
    """Tell how the run ended; files that it could not work on are its notifications."""
    plan = report.audit.plan
    told = [(skip.path, f"Skipped: {skip.reason}") for skip in plan.skipped]
    told += [(back.path, f"Left as it is: {back.step}: {back.reason}") for back in plan.reverted]
    balanced = plan.account.balanced
    return {
        "executionSuccessful": balanced,
        "exitCode": 0 if balanced else 4,
        "endTimeUtc": report.made.replace("+00:00", "Z"),
        "toolExecutionNotifications": list(_notifications(told)),
    }


def _notifications(told: Iterable[tuple[str, str]]) -> Iterable[dict[str, Any]]:
    for path, text in told:
        where = {"physicalLocation": {"artifactLocation": artifact(path)}}
        yield {"level": "warning", "message": {"text": message_text(text)}, "locations": [where]}


def _provenance(origin: Provenance) -> dict[str, Any]:
    value = {"repositoryUri": origin.repository, "revisionId": origin.revision, "mappedTo": {"uriBaseId": ROOT}}
    return value | ({"branch": safe_text(origin.branch)} if origin.branch else {})
