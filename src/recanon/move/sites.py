"""What becomes of each place that names the moved symbol."""

from __future__ import annotations

from dataclasses import dataclass

from recanon.edit import Edit, Span
from recanon.outcome import Verdict


@dataclass(frozen=True, slots=True)
class Site:
    """A place that the move concerns.

    Args:
        span: the text that it explains.
        kind: import, reference, definition, patch target, export, string ...
        verdict: what happens to it.
        reason: why.
        edits: what is changed, where something is; they may lie elsewhere, as a new import does.
        hint: what a person should do.
        blocks: why the whole move cannot be, as long as this place stays as it is; "" where it can.
        group: heading under which reports gather it.
    """

    span: Span
    kind: str
    verdict: Verdict
    reason: str
    edits: tuple[Edit, ...] = ()
    hint: str = ""
    blocks: str = ""
    group: str = ""


def rewritten(span: Span, kind: str, reason: str, *edits: Edit) -> Site:
    """Return a place that follows the symbol."""
    return Site(span, kind, Verdict.SAFE, reason, edits)


def left(span: Span, kind: str, reason: str, group: str = "") -> Site:
    """Return a place that stays as it is."""
    return Site(span, kind, Verdict.LEFT, reason, group=group)
