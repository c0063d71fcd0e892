"""Which module a string patches, read from the text that it stands in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_WORD = re.compile(r"[\w.]+")


def patched_names(text: str, start: int) -> Iterator[str]:
    """Return the dotted names that may be the patched module, the longest first.

    Args:
        text: of the file.
        start: where the patched name is edited.
    """
    word = _word_at(text, start)
    if "." in word:
        yield from _beginnings(word)
        return
    # As in patch.object(module, "name"): the module stands before the string.
    tree = ast.parse(text)
    line = text.count("\n", 0, start) + 1
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and any(_is_string(argument, line) for argument in node.args[1:]):
            yield from _beginnings(_full_name(tree, ast.unparse(node.args[0])) + ".")


def _word_at(text: str, start: int) -> str:
    words = _WORD.finditer(text, text.rfind("\n", 0, start) + 1)
    return next((found[0] for found in words if found.end() > start), "")


def _beginnings(name: str) -> Iterator[str]:
    parts = name.split(".")[:-1]
    yield from (".".join(parts[:end]) for end in range(len(parts), 0, -1))


def _is_string(node: ast.expr, line: int) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno == line


def _full_name(tree: ast.Module, name: str) -> str:
    """Return a name as it is imported: `m.x` after `import a.b as m` is `a.b.x`."""
    first, dot, rest = name.partition(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            head = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
            for alias in node.names:
                if (alias.asname or alias.name) == first:
                    return head + alias.name + dot + rest
    return name
