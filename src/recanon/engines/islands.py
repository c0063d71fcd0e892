"""Islands: LibCST parses one statement or expression of a file; its new text is spliced into the old one."""

from __future__ import annotations

import re

import libcst as cst

from recanon.edit import Edit, Span
from recanon.errors import EditConflictError
from recanon.source import Source


def parse_call(source: Source, span: Span) -> cst.Call:
    """Parse the call at a span.

    Raises:
        EditConflictError: what stands there is no call, or LibCST would not give its text back.
    """
    return call_of(source.path, source.cut(span))


def call_of(path: str, text: str) -> cst.Call:
    """Parse a call.

    Args:
        path: the file, for the message.
        text: the call.

    Raises:
        EditConflictError: it is no call, or LibCST would not give its text back.
    """
    try:
        node = _parsed(text)
    except cst.ParserSyntaxError as exc:
        raise EditConflictError(f"{path}: LibCST cannot read {text!r}: {exc.message}") from exc
    if not isinstance(node, cst.Call) or render(node, newline_of(text)) != text:
        raise EditConflictError(f"{path}: LibCST does not give back {text!r}")
    return node


def parse_import(source: Source, span: Span) -> cst.ImportFrom:
    """Parse the `from` import at a span.

    Raises:
        EditConflictError: what stands there is no such statement, or LibCST would not give its text back.
    """
    text = source.cut(span)
    try:
        line = cst.parse_statement(text, cst.PartialParserConfig(default_newline=newline_of(text)))
    except cst.ParserSyntaxError as exc:
        raise EditConflictError(f"{source.path}: LibCST cannot read {text!r}: {exc.message}") from exc
    node = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    if not isinstance(node, cst.ImportFrom) or render(node, newline_of(text)) != text:
        raise EditConflictError(f"{source.path}: LibCST does not give back {text!r}")
    return node


def _parsed(text: str) -> cst.BaseExpression:
    """Parse an expression; one that goes over lines because it stands in parentheses gets a pair of its own."""
    config = cst.PartialParserConfig(default_newline=newline_of(text))
    try:
        return cst.parse_expression(text, config)
    except cst.ParserSyntaxError:
        node = cst.parse_expression(f"({text})", config)
        return node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[:-1])


def newline_of(text: str) -> str:
    """Return the newline that an island uses."""
    found = re.search(r"\r\n|\r|\n", text)
    return found.group() if found else "\n"


def render(node: cst.CSTNode, newline: str = "\n") -> str:
    """Return the text of a node."""
    return cst.Module(body=[], default_newline=newline).code_for_node(node)


def island(source: Source, span: Span, replacement: str, codemod: str) -> Edit | None:
    """Return the smallest edit that turns the text at a span into another, or None when they are equal."""
    old = source.cut(span)
    if old == replacement:
        return None
    head = _common(old, replacement)
    tail = _common(old[head:][::-1], replacement[head:][::-1])
    head, tail = _whole_words(old, replacement, head, tail)
    return Edit(
        Span(span.start + head, span.end - tail),
        old[head : len(old) - tail],
        replacement[head : len(replacement) - tail],
        codemod,
    )


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their start."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _whole_words(old: str, new: str, head: int, tail: int) -> tuple[int, int]:
    """Shrink what is common at both ends to the borders of words, so that an edit never cuts a name in two."""
    while head and (old[head - 1].isalnum() or old[head - 1] == "_"):
        head -= 1
    while tail and (old[-tail].isalnum() or old[-tail] == "_"):
        tail -= 1
    return head, tail
