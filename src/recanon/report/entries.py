"""The files of a report: their findings with the line, the name that survives moved lines, and the part of the diff."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from recanon.audit import Audit
from recanon.detectors.cycles import Cycles
from recanon.detectors.import_order import ImportOrder
from recanon.diff import unified_diff
from recanon.edit import Edit
from recanon.errors import SourceError
from recanon.fingerprint import fingerprints
from recanon.outcome import Finding, Verdict
from recanon.report.model import FileEntry, Level, PhaseRisk, Place, Replacement, Spot
from recanon.risk import FileRisk
from recanon.source import Source

Risks = Mapping[str, Mapping[str, FileRisk]]

_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? ", re.MULTILINE)
_OPEN = {Verdict.SAFE, Verdict.REVIEW, Verdict.MANUAL}
_REMARKS = {Cycles.id, ImportOrder.id}  # they speak of how modules hang together, which no migration of an API mends

_Spot = tuple[str, int, int]


def file_entries(root: Path, audit: Audit, risks: Risks) -> Iterator[FileEntry]:
    """Yield the files that an audit says something about, in order of their paths.

    Args:
        root: the tree; files that do not change are read from it.
        audit: its plan has the mentions, its detectors what else there is.
        risks: by phase and path.
    """
    changes = {change.path: change for change in audit.plan.changes}
    found: dict[str, list[Finding]] = {path: [] for path in changes}
    for finding in (*audit.plan.findings, *further_findings(audit)):
        found.setdefault(finding.path, []).append(finding)
    views = _views(audit)
    for path in sorted(found):
        change = changes.get(path)
        source = _source(path, change.before if change else _bytes(root / path))
        hunks = split_hunks(unified_diff(change).decode(source.encoding, "replace")) if change else ()
        fix = tuple(_replacement(source, edit) for edit in change.edits) if change else ()
        places = tuple(_places(found[path], source, hunks, views))
        yield FileEntry(path, places, hunks, fix, tuple(_risks(path, risks)))


def further_findings(audit: Audit) -> Iterator[Finding]:
    """Yield what the detectors found where the plan has no mention with something to do."""
    known = _open_spots(audit)
    yield from (finding for finding in audit.findings if _spot(finding) not in known)


def _views(audit: Audit) -> Mapping[_Spot, tuple[str, ...]]:
    """Return by which detectors the mentions with something to do were found too."""
    views: dict[_Spot, tuple[str, ...]] = dict.fromkeys(_open_spots(audit), ())
    for finding in audit.findings:
        others = views.get(_spot(finding))
        if others is not None and finding.detector not in others:
            views[_spot(finding)] = (*others, finding.detector)
    return views


def _open_spots(audit: Audit) -> set[_Spot]:
    return {_spot(finding) for finding in audit.plan.findings if finding.verdict in _OPEN}


def _spot(finding: Finding) -> _Spot:
    return finding.path, finding.line, finding.column


def _risks(path: str, risks: Risks) -> Iterator[PhaseRisk]:
    for phase, files in risks.items():
        if path in files:
            yield PhaseRisk(phase, files[path].level, files[path].facts)


def rule_of(finding: Finding) -> str:
    """Return the id of the rule of a finding: of its detector or codemod, else the heading that gathers it."""
    heading = (finding.group or finding.kind).lower()
    return finding.detector or finding.codemod or re.sub(r"[^a-z0-9]+", "-", heading).strip("-")


def level_of(finding: Finding) -> Level:
    """Return how bad a finding is: an error where it fails today, a note where no migration mends it."""
    if finding.verdict not in _OPEN:
        return "none"
    if finding.detector in _REMARKS:
        return "note"
    return "error" if finding.group.startswith("already broken") and not finding.applied else "warning"


def split_hunks(diff: str) -> tuple[str, ...]:
    """Return the hunks of the diff of one file, each with its head and without the newline at its end."""
    starts = [match.start() for match in _HUNK.finditer(diff)]
    return tuple(diff[start:end].removesuffix("\n") for start, end in zip(starts, [*starts[1:], None], strict=True))


def _places(
    findings: Iterable[Finding], source: Source, hunks: tuple[str, ...], views: Mapping[_Spot, tuple[str, ...]]
) -> Iterator[Place]:
    ordered = sorted(findings, key=lambda finding: (finding.line, finding.column, finding.word))
    names = _names(ordered, source)
    for finding in ordered:
        code = source.cut(source.line_span(finding.line)).rstrip("\r\n")
        hunk = _covering(hunks, finding.line)
        detectors = (finding.detector,) if finding.detector else views.get(_spot(finding), ())
        yield Place(finding, rule_of(finding), level_of(finding), names[finding], code, hunk, detectors)


def _names(findings: Iterable[Finding], source: Source) -> dict[Finding, str]:
    """Name the mentions, and what each detector found, apart: what one of them finds renames nothing of another."""
    gathered: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        gathered[finding.detector].append(finding)
    return {finding: name for members in gathered.values() for finding, name in fingerprints(members, source).items()}


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
