"""Take out an entry of `__all__` or a whole definition."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from recanon.edit import Edit, Span
from recanon.engines.islands import newline_of, parse_import, render
from recanon.index.nodes import node_span
from recanon.index.reader import parse
from recanon.propose.judged import Judged
from recanon.propose.layout import removable
from recanon.rewrite.imports import without_names
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
    if judged.kind == "alias" and judged.whole is not None:
        whole = _with_blank(source, removable(source, judged.whole))
        return Edit(whole, source.cut(whole), "", judged.codemod)
    span = _definition(source, judged.whole) if judged.whole is not None else None
    if judged.kind == "export" or span is None:
        span = entry_span(source, judged.span)
    return Edit(span, source.cut(span), "", judged.codemod)


def _with_blank(source: Source, span: Span) -> Span:
    """A statement between blank lines goes with one of them."""
    first, last = source.line_of(span.start), source.line_of(span.end)
    if first < 2 or source.cut(source.line_span(first - 1)).strip() or source.cut(source.line_span(last)).strip():
        return span
    return Span(source.line_span(first - 1).start, span.end)


def entry_span(source: Source, span: Span) -> Span:
    """Return what goes with an entry of a list: alone on its line, the line and its comment; else one comma."""
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


def orphaned(source: Source, gone: Sequence[Span], codemod: str) -> Iterator[Edit]:
    """Yield the edits that take out module-level imports which only removed definitions used.

    Args:
        source: the file.
        gone: the definitions that are taken out.
        codemod: id of the codemod that takes them out.
    """
    tree = parse(source)
    inside: set[str] = set()
    outside: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            at = node_span(source, node)
            (inside if any(span.holds(at) for span in gone) else outside).add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            outside.update(re.findall(r"\w+", node.value))
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom | ast.Import):
            idle = [n for n, a in enumerate(statement.names) if _idle(a, inside, outside)]
            if idle:
                yield _without(source, statement, idle, codemod)


def _idle(alias: ast.alias, inside: set[str], outside: set[str]) -> bool:
    name = alias.asname or alias.name.partition(".")[0]
    return name in inside and name not in outside


def _without(source: Source, statement: ast.Import | ast.ImportFrom, idle: list[int], codemod: str) -> Edit:
    span = node_span(source, statement)
    if len(idle) == len(statement.names):
        whole = removable(source, span)
        return Edit(whole, source.cut(whole), "", codemod)
    if isinstance(statement, ast.Import):
        kept = [ast.unparse(a) for n, a in enumerate(statement.names) if n not in idle]
        return Edit(span, source.cut(span), f"import {', '.join(kept)}", codemod)
    text = source.cut(span)
    return Edit(span, text, render(without_names(parse_import(source, span), idle), newline_of(text)), codemod)
