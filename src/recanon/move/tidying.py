"""Blank lines around what goes: none at the top or at the end of a file, and not those of both sides between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recanon.edit import Edit, Span
from recanon.source import Source

_LINE_END = "\r\n"


def tidied(source: Source, edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits of a file, those that take lines away with the blank lines that would be left.

    Args:
        source: the file.
        edits: its edits.
    """
    once = {(edit.span, edit.expected, edit.replacement): edit for edit in edits}
    ordered = _without_tail(source, _joined(sorted(once.values())))
    for first, last in _groups(source, ordered):
        gap = _Gap(source, ordered, first, last)
        ends = [*(edit.span.start for edit in ordered[first + 1 : last + 1]), gap.end]
        ordered[first] = _wider(source, ordered[first], gap.start, ordered[first].span.end)
        for number, end in zip(range(first, last + 1), ends, strict=True):
            ordered[number] = _wider(source, ordered[number], ordered[number].span.start, end)
    return ordered


def _joined(ordered: Sequence[Edit]) -> list[Edit]:
    """Make one edit of what is put before a text and what becomes of that text."""
    found: list[Edit] = []
    for edit in ordered:
        put = found[-1] if found else None
        if put is not None and put.span.start == put.span.end == edit.span.start < edit.span.end:
            found[-1] = Edit(edit.span, edit.expected, put.replacement + edit.replacement, put.codemod)
        else:
            found.append(edit)
    return found


def _without_tail(source: Source, ordered: list[Edit]) -> list[Edit]:
    """Let what is put at the end of a file take the place of the lines that go directly before it."""
    size = len(source.text)
    if not ordered or ordered[-1].span.end != size or not ordered[-1].replacement or ordered[-1].expected.strip():
        return ordered
    *above, end = ordered
    start = end.span.start
    while above and _takes_lines(source, above[-1]) and not source.text[above[-1].span.end : start].strip():
        start = len(source.text[: above.pop().span.start].rstrip())
    if start == end.span.start:
        return ordered
    text = end.replacement if start else end.replacement.lstrip(_LINE_END)
    return [*above, Edit(Span(start, size), source.text[start:], text, end.codemod)]


def _takes_lines(source: Source, edit: Edit) -> bool:
    """Whether an edit takes whole lines away."""
    text, (start, end) = source.text, edit.span
    if edit.replacement or start == end:
        return False
    begins = start == 0 or text[start - 1] in _LINE_END or text[start] in _LINE_END
    return begins and (end == len(text) or text[end - 1] in _LINE_END)


def _groups(source: Source, ordered: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of edits that take lines away with nothing but blank lines between them."""
    first = None
    for number, edit in enumerate(ordered):
        if not _takes_lines(source, edit):
            first = None
            continue
        first = number if first is None else first
        behind = ordered[number + 1] if number + 1 < len(ordered) else None
        apart = behind is None or source.text[edit.span.end : behind.span.start].strip()
        if apart or (behind is not None and not _takes_lines(source, behind)):
            yield first, number
            first = None


@dataclass(frozen=True)
class _Gap:
    """What is to go with some edits that take lines away.

    Args:
        source: the file.
        ordered: its edits.
        first, last: the numbers of the edits.
    """

    source: Source
    ordered: Sequence[Edit]
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where what goes begins: at the end of a file behind the last line that stays, which ends as that file did."""
        if not self._at_end() or self._at_top():
            return self.ordered[self.first].span.start
        text = self.source.text
        return self._above() if text[-1] in _LINE_END else len(text[: self._above()].rstrip(_LINE_END))

    @property
    def end(self) -> int:
        """Where what goes ends."""
        at, below = self.ordered[self.last].span.end, self._below()
        if self._at_top():
            return below
        lines = self.source.text[at:below].splitlines(keepends=True)
        above = self.source.text[self._above() : self.ordered[self.first].span.start].splitlines()
        return at if self._at_end() else at + sum(map(len, lines[: len(above)]))

    def _at_top(self) -> bool:
        return self.first == 0 and not self.source.text[: self.ordered[0].span.start].strip()

    def _at_end(self) -> bool:
        behind = self.source.text[self.ordered[self.last].span.end :]
        return self.last == len(self.ordered) - 1 and not behind.strip()

    def _above(self) -> int:
        """Where the blank lines above begin."""
        least = self.ordered[self.first - 1].span.end if self.first else 0
        start = self.ordered[self.first].span.start
        kept = self.source.text[:start].rstrip()
        line = self.source.line_of(len(kept)) if kept else 0
        return max(least, min(start, self.source.line_span(line).end if line else 0))

    def _below(self) -> int:
        """Where the blank lines below end."""
        at, text = self.ordered[self.last].span.end, self.source.text
        most = self.ordered[self.last + 1].span.start if self.last + 1 < len(self.ordered) else len(text)
        next_line = at + len(text[at:]) - len(text[at:].lstrip())
        return min(most, self.source.line_span(self.source.line_of(next_line)).start if next_line < len(text) else most)


def _wider(source: Source, edit: Edit, start: int, end: int) -> Edit:
    span = Span(start, max(start, end))
    return replace(edit, span=span, expected=source.cut(span))
