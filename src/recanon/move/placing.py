"""Where new imports and a carried definition go in a module."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from recanon.edit import Edit, Span
from recanon.index.nodes import node_span
from recanon.index.reader import parse
from recanon.source import LINE_END, Source


def import_edit(source: Source, statements: Sequence[str]) -> list[Edit]:
    """Return the edit that puts imports behind those at the top of a module.

    Args:
        source: the module.
        statements: the imports, in order; each may take several lines.
    """
    if not statements:
        return []
    text = "".join(f"{statement}{source.newline}" for statement in statements)
    at, fresh = _below_imports(source)
    if source.text and not source.text[:at].endswith(("\n", "\r")) and at:
        text = source.newline + text
    if source.text[:at].rstrip().endswith("import annotations") and not source.text[at:].strip():
        text = source.newline + text
    if fresh and source.text[at:].strip():
        text += source.newline
    return [Edit(Span(at, at), "", text, "import")]


def _below_imports(source: Source) -> tuple[int, bool]:
    """Return the offset behind the imports at the top, and whether there are none."""
    last: ast.stmt | None = None
    body = parse(source).body
    imports = False
    for number, node in enumerate(body):
        if number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            last = node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            last, imports = node, True
        elif not _holds_imports(node):
            break
    if last is not None:
        return source.line_span(source.line_of(node_span(source, last).end)).end, not imports
    if not body:
        return len(source.text), True
    return _with_comments(source, _first_line(body[0])), True


def _holds_imports(node: ast.stmt) -> bool:
    if not isinstance(node, ast.If | ast.Try):
        return False
    return any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node))


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _with_comments(source: Source, line: int) -> int:
    """Return the offset of a line, or of the comment lines that stand directly above it."""
    while line > 1 and source.cut(source.line_span(line - 1)).startswith("#") and line > 2:
        line -= 1
    return source.line_span(line).start


def definition_edit(source: Source, text: str, used_at: Iterable[int]) -> Edit:
    """Return the edit that puts a definition into a module: before its first use there, else at the end.

    Args:
        source: the module.
        text: the definition.
        used_at: offsets at which the module uses it.
    """
    uses = sorted(used_at)
    for node in parse(source).body:
        span = node_span(source, node)
        start = source.line_span(_first_line(node)).start
        used = any(start <= at < span.end for at in uses) and not isinstance(node, ast.Import | ast.ImportFrom)
        if used or _is_main(node):
            at = _with_comments(source, _first_line(node))
            gap = source.newline * 2
            return Edit(Span(at, at), "", f"{text}{gap}", "definition")
    end = len(source.text)
    kept = len(source.text.rstrip())
    rest = _line_rest(source.text[kept:])
    gap = source.newline * (2 if rest.endswith(("\n", "\r")) else 3) if kept else ""
    if kept and gap == source.newline * 3:
        text = text.rstrip("\r\n")  # a file without a final newline goes on to have none
    return Edit(Span(kept, end), source.text[kept:], f"{rest if kept else ''}{gap}{text}", "definition")


def _line_rest(text: str) -> str:
    """Return what belongs to the first line of a text, its newline included."""
    end = LINE_END.search(text)
    return text[: end.end()] if end else text


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def together(imports: Sequence[Edit], other: Edit, source: Source) -> list[Edit]:
    """Return new imports and another edit; as one where they are at the same place, with two blank lines between."""
    at_end = other.replacement and other.span.end == len(source.text)  # what is left of its last line stays
    meet = at_end and imports and other.span.start <= imports[0].span.start
    if not imports or not (meet or imports[0].span.start in other.span):
        return [*imports, other]
    newline = source.newline
    head = _line_rest(other.expected) + newline * imports[0].replacement.startswith(newline) if at_end else ""
    text = f"{head}{imports[0].replacement.strip()}{newline * 3}{other.replacement.lstrip()}"
    return [Edit(other.span, other.expected, text, other.codemod), *imports[1:]]


def cut_edit(source: Source, span: Span) -> Edit:
    """Return the edit that takes a definition out, with the blank lines before it, or behind where it comes first."""
    first, last = source.line_of(span.start), source.line_of(span.end - 1)
    lines = len(source.line_starts)
    start, end = first, last
    while start > 1 and not source.cut(source.line_span(start - 1)).strip():
        start -= 1
    if start == 1:
        start = first
        while end < lines and not source.cut(source.line_span(end + 1)).strip():
            end += 1
    whole = Span(source.line_span(start).start, source.line_span(end).end)
    return Edit(whole, source.cut(whole), "", "definition")
