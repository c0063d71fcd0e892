"""The places that a guard counts: where a tree uses, defines or hands on the old API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from recanon.fingerprint import fingerprints
from recanon.migration import Migration
from recanon.outcome import Finding, Verdict
from recanon.overlay import Overlay
from recanon.propose.patches import KEPT as PATCH_KEPT
from recanon.source import Source

Mend = Literal["apply", "review", "hand"]

UNREAD = "unread file"
_OLD = {Verdict.SAFE, Verdict.REVIEW, Verdict.MANUAL}


@dataclass(frozen=True, slots=True)
class Place:
    """A place that uses, defines or hands on the old API.

    Args:
        path: the file, relative to the root.
        line: from 1.
        column: from 1, in characters.
        kind: import, call, reference, patch target, definition, export, string, unread file.
        name: the old name as it stands in the text.
        fingerprint: what names the place within its file and kind, wherever its line moves.
        canonical: dotted path of what to use instead, or "".
        mend: how it is mended: by `apply`, by `apply --include review`, or by hand.
        reason: why it counts.
        hint: what a person should do, or "".
    """

    path: str
    line: int
    column: int
    kind: str
    name: str
    fingerprint: str
    canonical: str
    mend: Mend
    reason: str
    hint: str


def guarded(finding: Finding, migration: Migration) -> bool:
    """Return whether a finding counts.

    Every place counts that the rewriter changes, would change on request, or leaves to a person. So do, while they are
    kept because something needs them, the definitions, re-exports and entries of `__all__` of the old API, and strings
    that patch it. Text, other things of the same name, tests about the old API and excluded files do not.

    Args:
        finding: a mention with its verdict.
        migration: the migration.
    """
    if finding.verdict in _OLD:
        return True
    kept = finding.codemod in migration.retire.values() or finding.group == PATCH_KEPT
    return finding.verdict is Verdict.LEFT and kept


def places_of(findings: Iterable[Finding], migration: Migration, overlay: Overlay) -> Iterator[Place]:
    """Yield the places that count, by file and line.

    Args:
        findings: every mention of a tree, sorted by place.
        migration: the migration.
        overlay: the tree.
    """
    counted = (finding for finding in findings if guarded(finding, migration))
    for path, group in groupby(counted, key=lambda finding: finding.path):
        members = list(group)
        named = fingerprints(members, _source(path, overlay, members))
        for finding in members:
            yield Place(
                path=path,
                line=finding.line,
                column=finding.column,
                kind=finding.kind,
                name=finding.word,
                fingerprint=named[finding],
                canonical=canonical_way(finding, migration),
                mend=_mend(finding),
                reason=finding.reason,
                hint=finding.hint,
            )


def canonical_way(finding: Finding, migration: Migration) -> str:
    """Return the dotted path of what takes the place of an old name, or "" where the migration does not say."""
    symbols = migration.by_name.get(finding.word, ())
    if symbols:
        return next((s.goal for s in symbols if f"{s.home}.{s.label}" == finding.origin), symbols[0].goal)
    module, _, name = finding.chain[0].partition(":") if finding.chain else ("", "", "")
    for path in (finding.word, f"{module}.{name}", module):
        if path in migration.by_module:
            becomes = migration.by_module[path].becomes
            named = path == module and finding.verdict is not Verdict.MANUAL
            return f"{becomes}.{finding.word}" if named else becomes
    return ""


def _mend(finding: Finding) -> Mend:
    match finding.verdict:
        case Verdict.SAFE:
            return "apply"
        case Verdict.REVIEW:
            return "review"
    return "hand"


def _source(path: str, overlay: Overlay, findings: list[Finding]) -> Source:
    """Decode a file in the way in which its places were found."""
    data = overlay.read(path)
    if all(finding.kind == UNREAD for finding in findings):
        return Source(path, data.decode("utf-8", "replace"))
    return Source.decode(path, data)
