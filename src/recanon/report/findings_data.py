"""The findings of a page, as JSON that may stand in a script element."""

from __future__ import annotations

import json
from typing import Any

from recanon.compliance import folder_of
from recanon.report.model import FileEntry, Place, Report
from recanon.safe_text import safe_text

# No `<` means no `</script>` and no `<!--`, whatever stands in the tree (HTML standard, script data state).
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}

DETECTED = "detected"
"""What stands on a page in the place of a verdict where a detector found what is no mention."""


def findings_data(report: Report) -> str:
    """Return the findings with their diffs; what is invisible in them is spelled out.

    Args:
        report: its files.
    """
    value = {
        "rules": {rule.id: safe_text(rule.title) for rule in report.rules},
        "files": [_file(entry) for entry in report.files if entry.places],
    }
    text = json.dumps(value, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def _file(entry: FileEntry) -> dict[str, Any]:
    return {
        "path": safe_text(entry.path),
        "folder": safe_text(folder_of(entry.path)),
        "risks": {risk.phase: risk.level for risk in entry.risks},
        "facts": [f"{risk.phase}: {risk.level}, {safe_text(', '.join(risk.facts))}" for risk in entry.risks],
        "hunks": [[_line(line) for line in hunk.split("\n")] for hunk in entry.hunks],
        "places": [_place(place) for place in entry.places],
    }


def _place(place: Place) -> dict[str, Any]:
    finding = place.finding
    value = {
        "line": finding.line,
        "column": finding.column,
        "word": safe_text(finding.word),
        "kind": finding.kind,
        "verdict": str(finding.verdict) if place.is_mention else DETECTED,
        "level": place.level,
        "rule": place.rule,
        "detectors": list(place.detectors),
        "phase": finding.phase,
        "reason": safe_text(finding.reason),
        "hint": safe_text(finding.hint),
        "origin": safe_text(finding.origin),
        "chain": [safe_text(step) for step in finding.chain],
        "notes": [safe_text(note) for note in finding.notes],
        "applied": finding.applied,
        "code": _line(place.code.strip()),
        "hunk": place.hunk,
    }
    return {name: part for name, part in value.items() if part is not False and part not in ("", [])}


def _line(line: str) -> str:
    """Make a line of code visible; its tabs become blanks, which is what they look like."""
    return safe_text(line[:1] + line[1:].expandtabs(4))
