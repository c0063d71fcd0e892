"""Signs that a file is about an API rather than a user of it. Facts only; what they mean is judged elsewhere."""

from __future__ import annotations

import ast
import re

from recanon.index.facts import ImportStatement, Text
from recanon.index.mentions import Triggers
from recanon.source import occurrences

_READS = re.compile(r"\b(?:rglob|ast\.parse|getsource|os\.walk|ast\.walk)\(|\.glob\(")
_READING = ("glob(", "ast.parse(", "getsource(", ".walk(")
_WARNS = re.compile(r"\b(?:DeprecationWarning\b|catch_warnings\b|pytest\.warns\b|deprecated_call\b|assertWarns)")
_WARNING = ("DeprecationWarning", "catch_warnings", "pytest.warns", "deprecated_call", "assertWarns")
_PROBE_CALLS = re.compile(r"\b(?:fail|skip|skipTest|warning|error|info|print|append)\(")


def read_signs(text: str, texts: list[Text], imports: list[ImportStatement], triggers: Triggers) -> frozenset[str]:
    """Return the signs of a file.

    `data`: names of the API stand as data in at least two places; `reads sources`: it reads source files;
    `warnings`: it watches for deprecation warnings; `probe`: it imports in a `try` within a function and reports
    what happens.

    Args:
        text: the file.
        texts: its strings that hold a trigger.
        imports: its import statements that concern the triggers.
        triggers: what to look for.
    """
    signs = set()
    named = [t for t in texts if any(True for word in triggers.words for _ in occurrences(t.value, word))]
    data = [t for t in named if t.role in {"data", "compare", "module name"}]
    if len(data) >= 2:
        signs.add("data")
    if data and _holds(text, _READING, _READS):
        signs.add("reads sources")
    if _holds(text, _WARNING, _WARNS):
        signs.add("warnings")
    if any(_is_probe(statement, text, triggers) for statement in imports):
        signs.add("probe")
    return frozenset(signs)


def _holds(text: str, words: tuple[str, ...], pattern: re.Pattern[str]) -> bool:
    """Whether a pattern stands in a text; all that it finds holds one of the words, which are found much faster."""
    return any(word in text for word in words) and pattern.search(text) is not None


def _is_probe(statement: ImportStatement, text: str, triggers: Triggers) -> bool:
    if not triggers.holds(text[statement.span.start : statement.span.end]):
        return False
    guards = statement.guards
    if "def" not in guards or not any(guard.startswith("try:") for guard in guards[guards.index("def") :]):
        return False
    after = text[statement.span.end : statement.span.end + 1500]
    handler = re.search(r"\n[ \t]*except\b[^\n]*\n((?:[ \t]+[^\n]*\n?){1,4})", after)
    return bool(handler and _PROBE_CALLS.search(handler.group(1)))


def docstring_of(tree: ast.Module) -> str:
    """Return the module's docstring, or ""."""
    return ast.get_docstring(tree, clean=False) or ""
