"""Take names out of import statements, add names to them, and put statements behind others."""

from __future__ import annotations

from collections.abc import Sequence

from recanon.edit import Edit, Span
from recanon.engines.islands import island, newline_of, parse_import, render
from recanon.move.names import ImportAt
from recanon.propose.layout import followed_by_semicolon, indent, line_end, removable, starts_line
from recanon.rewrite.imports import Wanted, with_names, without_names
from recanon.source import Source


def without(source: Source, at: ImportAt, drop: Sequence[int]) -> Edit:
    """Return the edit that takes names out of an import statement, or the whole statement."""
    if len(drop) == len(at.aliases):
        if at.block[2] == 1 and not at.place.flat:
            return Edit(at.span, source.cut(at.span), "pass", "import")
        whole = removable(source, at.span)
        return Edit(whole, source.cut(whole), "", "import")
    text = source.cut(at.span)
    if not at.is_from:
        kept = [source.cut(alias.span) for n, alias in enumerate(at.aliases) if n not in drop]
        return Edit(at.span, text, f"import {', '.join(kept)}", "import")
    rest = render(without_names(parse_import(source, at.span), drop), newline_of(text))
    edit = island(source, at.span, rest, "import")
    assert edit is not None
    return edit


def with_wanted(source: Source, at: ImportAt, wanted: Sequence[Wanted]) -> Edit:
    """Return the edit that adds names to an import statement."""
    text = source.cut(at.span)
    edit = island(
        source, at.span, render(with_names(parse_import(source, at.span), wanted), newline_of(text)), "import"
    )
    assert edit is not None
    return edit


def behind(source: Source, span: Span, statement: str) -> Edit:
    """Return the edit that puts a statement behind another one, on a line of its own where that is possible."""
    if not starts_line(source, span) or followed_by_semicolon(source, span):
        return Edit(Span(span.end, span.end), "", f"; {statement}", "import")
    end = line_end(source, span.end)
    return Edit(Span(end, end), "", f"{source.newline}{indent(source, span)}{statement}", "import")
