"""Take out an entry of `__all__` or a whole definition."""

from __future__ import annotations

import re

from recanon.edit import Edit, Span
from recanon.propose.judged import Judged
from recanon.source import Source

_ENTRY_BEHIND = re.compile(r"[ \t]*,?[ \t]*(#[^\r\n]*)?(\r\n|\r|\n)?")
_COMMA_BEHIND = re.compile(r"\s*,[ \t]*")
_COMMA_BEFORE = re.compile(r",\s*$")


def removal(source: Source, judged: Judged) -> Edit:
    """Return the edit that takes an entry of `__all__` or a definition out.

    Args:
        source: the file.
        judged: the entry, or a definition with its whole span.
    """
    span = _definition(source, judged.whole) if judged.whole is not None else None
    if judged.kind == "export" or span is None:
        span = _entry(source, judged.span)
    return Edit(span, source.cut(span), "", judged.codemod)


def _entry(source: Source, span: Span) -> Span:
    """An entry alone on its line goes with the line and its comment; else it goes with one comma."""
    line = source.line_span(source.line_of(span.start))
    behind = _ENTRY_BEHIND.match(source.text, span.end)
    if behind and behind.group(2) and not source.text[line.start : span.start].strip():
        return Span(line.start, behind.end())
    comma = _COMMA_BEHIND.match(source.text, span.end)
    if comma:
        return Span(span.start, comma.end())
    before = _COMMA_BEFORE.search(source.text, 0, span.start)
    return Span(before.start() if before else span.start, span.end)


def _definition(source: Source, whole: Span) -> Span:
    """A definition goes with the comment that is attached to it and the blank lines before it."""
    first = source.line_of(whole.start)
    while first > 1 and source.cut(source.line_span(first - 1)).lstrip().startswith("#"):
        first -= 1
    while first > 1 and not source.cut(source.line_span(first - 1)).strip():
        first -= 1
    end = source.line_span(source.line_of(whole.end)).end
    return Span(source.line_span(first).start, end)
