"""A report as SARIF 2.1.0 (OASIS standard, errata 01): the places that use the old API, with what would mend
them, and what detectors found besides.

Columns count characters, lines end as Python's tokenizer ends them, and paths are relative to the root of the tree. A
fix holds all edits of a file: one of them alone would leave a name without its import.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote_from_bytes

from recanon import __version__
from recanon.provenance import Provenance
from recanon.report.model import FileEntry, Place, Replacement, Report, Rule
from recanon.report.safe_text import safe_text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
_FIX = "Move this file to the canonical API; `recanon apply` moves the strings that patch it along."


def report_sarif(report: Report) -> str:
    """Return a report as a SARIF log that ends with a newline; pure ASCII.

    Args:
        report: what to write down.
    """
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return json.dumps(log, separators=(",", ":")) + "\n"


def uri(path: str) -> str:
    """Return a path as a relative reference (RFC 3986), percent-encoded; undecodable bytes as they stand on the disk.

    Args:
        path: relative to the root.
    """
    return quote_from_bytes(path.encode("utf-8", "surrogateescape"), safe="/")


def _run(report: Report) -> dict[str, Any]:
    found = [(entry, place) for entry in report.files for place in entry.places if place.level != "none"]
    used = {place.rule for _, place in found}
    rules = [rule for rule in report.rules if rule.id in used]
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    plan = report.audit.plan
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "recanon", "version": __version__, "rules": [_rule(rule) for rule in rules]}},
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the tree."}}},
        "automationDetails": {"id": f"recanon/{plan.pack}/"},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [_result(entry, place, indexes[place.rule]) for entry, place in found],
    }
    if report.provenance:
        run["versionControlProvenance"] = [_provenance(report.provenance)]
    return run


def _rule(rule: Rule) -> dict[str, Any]:
    title = rule.title.rstrip(".")
    return {
        "id": rule.id,
        "shortDescription": {"text": _text(title) + "."},
        "fullDescription": {"text": _text(f"{title}. {rule.help.partition(chr(10) * 2)[0]}"[:1000])},
        "help": {"text": _text(rule.help)},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["migration"]},
    }


def _result(entry: FileEntry, place: Place, index: int) -> dict[str, Any]:
    finding = place.finding
    words = [f"{finding.kind} {finding.word}: {finding.reason}", finding.hint]
    start = {"startLine": finding.line, "startColumn": finding.column}
    end = {"endLine": finding.line, "endColumn": finding.column + len(finding.word)}
    region = start | (end if place.code[finding.column - 1 :].startswith(finding.word) else {})
    result: dict[str, Any] = {
        "ruleId": place.rule,
        "ruleIndex": index,
        "level": place.level,
        "message": {"text": _text(" ".join(f"{text.rstrip('.')}." for text in words if text))},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(entry.path), "region": region}}],
        "partialFingerprints": {"recanon/v1": place.fingerprint},
        "properties": _properties(place),
    }
    if finding.applied and entry.fix:
        result["fixes"] = [_fix(entry)]
    return result


def _properties(place: Place) -> dict[str, Any]:
    finding = place.finding
    value = {"verdict": str(finding.verdict), "phase": finding.phase, "symbol": safe_text(finding.origin)}
    return value | ({"detectors": list(place.detectors)} if place.detectors else {})


def _fix(entry: FileEntry) -> dict[str, Any]:
    change = {"artifactLocation": _artifact(entry.path), "replacements": [_replacement(part) for part in entry.fix]}
    return {"description": {"text": _FIX}, "artifactChanges": [change]}


def _replacement(part: Replacement) -> dict[str, Any]:
    region = {
        "startLine": part.start.line,
        "startColumn": part.start.column,
        "endLine": part.end.line,
        "endColumn": part.end.column,
    }
    return {"deletedRegion": region, "insertedContent": {"text": part.text}}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": uri(path), "uriBaseId": ROOT}


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
        where = {"physicalLocation": {"artifactLocation": _artifact(path)}}
        yield {"level": "warning", "message": {"text": _text(text)}, "locations": [where]}


def _provenance(origin: Provenance) -> dict[str, Any]:
    value = {"repositoryUri": origin.repository, "revisionId": origin.revision, "mappedTo": {"uriBaseId": ROOT}}
    return value | ({"branch": safe_text(origin.branch)} if origin.branch else {})


def _text(text: str) -> str:
    """Make plain text of a message: braces are doubled (SARIF 3.11.5), and nothing reads as a link (3.11.6)."""
    shown = "\n".join(safe_text(line) for line in text.split("\n"))
    return shown.replace("](", "] (").replace("{", "{{").replace("}", "}}")
