"""Import statements, with the exact place of everything in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from recanon.edit import Span
from recanon.index.nodes import node_span
from recanon.move.names import Alias, ImportAt, Name, Place
from recanon.move.quoted import Absolute
from recanon.source import Source

_HEAD = re.compile(r"from[\s\\]*([.\w\s\\]*?)[\s\\]*\bimport\b")
Bind = Callable[[str, int], Name]


def read_import(
    source: Source,
    node: ast.Import | ast.ImportFrom,
    absolute: Absolute,
    place: Place,
    block: tuple[int, int, int],
    bind: Bind,
) -> ImportAt:
    """Read an import statement.

    Args:
        source: the file.
        node: the statement.
        absolute: gives the absolute module of a `from` import.
        place: where it stands.
        block: its block of statements.
        bind: notes a name that it binds, and where.
    """
    span = node_span(source, node)
    is_from = isinstance(node, ast.ImportFrom)
    aliases = tuple(_alias(source, alias, is_from, bind) for alias in node.names)
    module = absolute(node) if isinstance(node, ast.ImportFrom) else ""
    level = node.level if isinstance(node, ast.ImportFrom) else 0
    return ImportAt(span, module, level, _head(source, span), aliases, place, block, is_from)


def _head(source: Source, span: Span) -> Span:
    match = _HEAD.match(source.cut(span))
    return Span(span.start + match.start(1), span.start + match.end(1)) if match else span


def _alias(source: Source, alias: ast.alias, is_from: bool, bind: Bind) -> Alias:
    span = node_span(source, alias)
    name_span = Span(span.start, span.start + len(alias.name))
    if alias.name == "*":
        return Alias("*", "", span, name_span, None)
    if alias.asname:
        return Alias(alias.name, alias.asname, span, name_span, bind(alias.asname, span.end - len(alias.asname)))
    bound = alias.name if is_from else alias.name.partition(".")[0]
    return Alias(alias.name, "", span, name_span, bind(bound, span.start))
