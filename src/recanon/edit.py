"""An edit is a value: where, what stands there, what shall stand there, and who says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from recanon.errors import EditConflictError


class Span(NamedTuple):
    """A half-open range of characters in a decoded text."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Return whether the other span lies in this one."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        """Return whether the two spans share a character, or insert at one and the same place."""
        if self.start == self.end or other.start == other.end:
            return self.start == other.start or (self.start < other.end and other.start < self.end)
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the text of a span.

    Args:
        span: characters of the decoded text.
        expected: the text that must stand there.
        replacement: the text that shall stand there.
        codemod: id of the codemod that asks for it.
    """

    span: Span
    expected: str
    replacement: str
    codemod: str = ""


def check_edits(path: str, text: str, edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits in order, identical ones once.

    Raises:
        EditConflictError: two edits meet and differ, or the text at a span is not the one expected.
    """
    ordered: list[Edit] = []
    for edit in sorted(edits):
        if ordered and _same(ordered[-1], edit):
            continue
        if ordered and ordered[-1].span.meets(edit.span):
            raise EditConflictError(
                f"{path}: two edits meet at characters {edit.span.start}-{edit.span.end}: "
                f"{ordered[-1].codemod or 'one'} wants {ordered[-1].replacement!r}, "
                f"{edit.codemod or 'another'} wants {edit.replacement!r}",
                "The file stays as it is; change the place by hand or run one codemod at a time.",
            )
        if text[edit.span.start : edit.span.end] != edit.expected:
            raise EditConflictError(
                f"{path}: expected {edit.expected!r} at characters {edit.span.start}-{edit.span.end}, "
                f"found {text[edit.span.start : edit.span.end]!r}"
            )
        ordered.append(edit)
    return ordered


def _same(one: Edit, other: Edit) -> bool:
    return (one.span, one.expected, one.replacement) == (other.span, other.expected, other.replacement)
