"""Which files of a plan go back together, so that none is left without what it needs of another."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from recanon.errors import SourceError
from recanon.plan import FileChange, Plan
from recanon.source import Source

_DOTTED = re.compile(r"[\w.]+")
_PATCH = "patch-target"  # the codemod id under which strings that patch a name are edited

Coupled = Mapping[str, frozenset[str]]


def coupled_files(plan: Plan) -> Coupled:
    """Return for each file the files that must go back when it does.

    A string that patches a module names what the module holds, so both go together, either way. A file that imports
    the old name through a facade needs the facade as it was. This is read from names alone, so it takes too many rather
    than too few; what it does not see, the gates are asked for.

    Args:
        plan: what was applied.
    """
    changed = {_module(change.path): change.path for change in plan.changes}
    coupled: dict[str, set[str]] = defaultdict(set)
    for change in plan.changes:
        for path in _patched(change, changed):
            coupled[change.path].add(path)
            coupled[path].add(change.path)
    for finding in plan.findings:
        if finding.applied:
            links = (link.partition(":")[0] for link in finding.chain)
            coupled[finding.path].update(changed[link] for link in links if link in changed)
    return {path: frozenset(others - {path}) for path, others in coupled.items()}


def with_coupled(paths: Iterable[str], coupled: Coupled) -> frozenset[str]:
    """Return the files with all that must go back with them.

    Args:
        paths: files.
        coupled: what goes with each.
    """
    found: set[str] = set()
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += coupled.get(path, ())
    return frozenset(found)


def _patched(change: FileChange, changed: Mapping[str, str]) -> Iterator[str]:
    """Find the changed files whose modules a file's edited strings patch."""
    spans = [edit.span.start for edit in change.edits if edit.codemod == _PATCH]
    if not spans:
        return
    with suppress(SourceError, SyntaxError):
        text = Source.decode(change.path, change.before).text
        named = {module for start in spans for module in _named_at(text, start)}
        # The module may also stand apart from the string, as in patch.object(module, "name"), or look the patched name
        # up in the module that defines it: then it is one of those that the file imports.
        for module in named.union(_imports(text)):
            if module in changed:
                yield changed[module]


def _named_at(text: str, start: int) -> Iterator[str]:
    """Return the modules that the dotted word around a place may speak of."""
    for found in _DOTTED.finditer(text, text.rfind("\n", 0, start) + 1):
        if found.end() > start:
            parts = found[0].split(".")
            yield from (".".join(parts[:end]) for end in range(1, len(parts)))
            return


def _imports(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
