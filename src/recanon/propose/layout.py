"""Where a statement stands on its lines, and how to take it out or put others beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recanon.edit import Span
from recanon.errors import EditConflictError
from recanon.index.usage import Use
from recanon.source import Source

_REST_OF_LINE = re.compile(r"[^\r\n]*")
_BEHIND = re.compile(r"[ \t]*(;[ \t]*)?(#[^\r\n]*)?(\r\n|\r|\n)?")
_BEFORE = re.compile(r";[ \t]*$")


def starts_line(source: Source, span: Span) -> bool:
    """Return whether only white space stands before a statement on its line."""
    return not _head(source, span).strip(" \t\f")


def indent(source: Source, span: Span) -> str:
    """Return the white space before a statement."""
    return _head(source, span).lstrip("\f")


def _head(source: Source, span: Span) -> str:
    line = source.line_span(source.line_of(span.start))
    return source.text[line.start : span.start]


def line_end(source: Source, offset: int) -> int:
    """Return the offset of the end of a line, before its newline."""
    match = _REST_OF_LINE.match(source.text, offset)
    return match.end() if match else offset


def followed_by_semicolon(source: Source, span: Span) -> bool:
    """Return whether another statement follows on the same line."""
    match = _BEHIND.match(source.text, span.end)
    return bool(match and match.group(1))


def joined(source: Source, span: Span, statements: Sequence[str]) -> str:
    """Join statements in the way of the place: on lines of their own, or with semicolons."""
    if starts_line(source, span):
        return f"{source.newline}{indent(source, span)}".join(statements)
    return "; ".join(statements)


def removable(source: Source, span: Span) -> Span:
    """Return what to cut so that a statement is gone: its whole lines, or its part between semicolons."""
    text = source.text
    start = span.start
    while start and text[start - 1] in " \t":
        start -= 1
    behind = _BEHIND.match(text, span.end)
    assert behind is not None
    own_line = start == 0 or text[start - 1] in "\r\n"
    if own_line and not behind.group(1) and (behind.group(3) or behind.end() == len(text)):
        if not behind.group(3) and start:
            start -= 2 if text[start - 2 : start] == "\r\n" else 1
        return Span(start, behind.end())
    if behind.group(1):
        return Span(span.start, behind.end(1))
    before = _BEFORE.search(text, max(0, span.start - 40), span.start)
    return Span(before.start() if before else span.start, span.end)


_GAP = r"(?:\s|\\|#[^\r\n]*)*"


def chain_span(source: Source, use: Use, length: int, *, last: bool = False) -> Span:
    """Return the span of the first names of a chain.

    Args:
        source: the file.
        use: the place that reads the chain.
        length: how many names; 0 for all.
        last: whether only the last one of them is meant.

    Raises:
        EditConflictError: parentheses stand between the names.
    """
    if length in {0, use.dotted.count(".") + 1}:
        return use.name_span if last else use.span
    names = use.dotted.split(".")[:length]
    pattern = rf"{_GAP}\.{_GAP}".join(map(re.escape, names))
    match = re.match(pattern, source.cut(use.span))
    if match is None:
        raise EditConflictError(f"{source.path}: {use.dotted} is written in a way that cannot be changed in part")
    end = use.span.start + match.end()
    return Span(end - len(names[-1]) if last else use.span.start, end)
