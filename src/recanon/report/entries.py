"""The files of a report: their findings with the line, the name that survives moved lines, and the part of the diff."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from recanon.diff import unified_diff
from recanon.edit import Edit
from recanon.errors import SourceError
from recanon.fingerprint import fingerprints
from recanon.outcome import Finding, Verdict
from recanon.plan import Plan
from recanon.report.model import FileEntry, Level, PhaseRisk, Place, Replacement, Spot
from recanon.risk import FileRisk
from recanon.source import Source

Risks = Mapping[str, Mapping[str, FileRisk]]

_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? ", re.MULTILINE)
_OPEN = {Verdict.SAFE, Verdict.REVIEW, Verdict.MANUAL}


def file_entries(root: Path, plan: Plan, risks: Risks) -> Iterator[FileEntry]:
    """Yield the files that a plan says something about, in order of their paths.

    Args:
        root: the tree; files that do not change are read from it.
        plan: the plan.
        risks: by phase and path.
    """
    changes = {change.path: change for change in plan.changes}
    found: dict[str, list[Finding]] = {path: [] for path in changes}
    for finding in plan.findings:
        found.setdefault(finding.path, []).append(finding)
    for path in sorted(found):
        change = changes.get(path)
        source = _source(path, change.before if change else _bytes(root / path))
        hunks = split_hunks(unified_diff(change).decode(source.encoding, "replace")) if change else ()
        fix = tuple(_replacement(source, edit) for edit in change.edits) if change else ()
        places = tuple(_places(found[path], source, hunks))
        yield FileEntry(path, places, hunks, fix, tuple(_risks(path, risks)))


def _risks(path: str, risks: Risks) -> Iterator[PhaseRisk]:
    for phase, files in risks.items():
        if path in files:
            yield PhaseRisk(phase, files[path].level, files[path].facts)


def rule_of(finding: Finding) -> str:
    """Return the id of the rule of a finding: its codemod, else the heading under which reports gather it."""
    return finding.codemod or re.sub(r"[^a-z0-9]+", "-", (finding.group or finding.kind).lower()).strip("-")


def level_of(finding: Finding) -> Level:
    """Return how bad a finding is: what fails today is an error, what uses the old API a warning."""
    if finding.verdict not in _OPEN:
        return "none"
    return "error" if finding.group.startswith("already broken") and not finding.applied else "warning"


def split_hunks(diff: str) -> tuple[str, ...]:
    """Return the hunks of the diff of one file, each with its head and without the newline at its end."""
    starts = [match.start() for match in _HUNK.finditer(diff)]
    return tuple(diff[start:end].removesuffix("\n") for start, end in zip(starts, [*starts[1:], None], strict=True))


def _places(findings: Iterable[Finding], source: Source, hunks: tuple[str, ...]) -> Iterator[Place]:
    ordered = sorted(findings, key=lambda finding: (finding.line, finding.column, finding.word))
    names = fingerprints(ordered, source)
    for finding in ordered:
        code = source.cut(source.line_span(finding.line)).rstrip("\r\n")
        hunk = _covering(hunks, finding.line)
        yield Place(finding, rule_of(finding), level_of(finding), names[finding], code, hunk)


def _covering(hunks: tuple[str, ...], line: int) -> int:
    """Return the index of the hunk that shows a line of the text before, or -1."""
    for index, hunk in enumerate(hunks):
        head = _HUNK.match(hunk)
        start, length = (int(head[1]), int(head[2] or 1)) if head else (0, 0)
        if start <= line < start + length:
            return index
    return -1


def _replacement(source: Source, edit: Edit) -> Replacement:
    start, end = source.position(edit.span.start), source.position(edit.span.end)
    return Replacement(Spot(*start), Spot(*end), edit.replacement)


def _bytes(path: Path) -> bytes:
    """Return what a file holds; nothing where it cannot be read, which its finding says."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _source(path: str, data: bytes) -> Source:
    """Decode a file; one that is not what it says it is becomes readable all the same, as its findings were made."""
    try:
        return Source.decode(path, data)
    except SourceError:
        return Source(path, data.decode("utf-8", "replace"))
