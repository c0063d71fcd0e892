"""What a change broke, read from the two trees alone: syntax, names, imports, patch targets, bytes."""

from __future__ import annotations

import ast
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.move.modules import Modules

PATCHERS = {"patch", "setattr", "delattr", "dict", "multiple"}


def python_files(tree: Path) -> dict[str, bytes]:
    """Return the Python files of a tree."""
    paths = (path for path in tree.rglob("*.py") if path.is_file() and ".recanon" not in path.parts)
    return {str(path.relative_to(tree)): path.read_bytes() for path in sorted(paths)}


def broken(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Return the files that no longer parse."""
    changed = (name for name, data in after.items() if before.get(name) != data)
    return [name for name in changed if not parses(after[name]) and parses(before.get(name, b""))]


def parses(data: bytes) -> bool:
    """Return whether Python can parse a text."""
    try:
        ast.parse(data)
    except (SyntaxError, ValueError):
        return False
    return True


def undefined(ruff: Path, before: Path, after: Path) -> list[str]:
    """Return findings on undefined, redefined and unused names that a tree has more of than it had."""
    was, now = findings(ruff, before), findings(ruff, after)
    return [f"{code} {message}" for code, message in sorted((now - was).elements())]


def findings(ruff: Path, tree: Path) -> Counter[tuple[str, str]]:
    """Count the findings of ruff in a tree, by code and message."""
    command = [str(ruff), "check", "--isolated", "--no-cache", "--select", "F821,F811,F401", "--output-format", "json"]
    rows = json.loads(subprocess.run([*command, "."], cwd=tree, capture_output=True).stdout or b"[]")
    return Counter((row["code"] or "syntax", row["message"]) for row in rows)


def dangling(tree: Path) -> set[str]:
    """Return the imports and patch targets of a tree that point at nothing in it."""
    modules = Modules(tree)
    found = set()
    for name, parsed in modules.trees.items():
        for node in ast.walk(parsed):
            for dotted in targets(modules, name, node):
                if modules.resolves(dotted) is False:
                    found.add(f"{modules.files[name]}: {dotted}")
    return found


def targets(modules: Modules, name: str, node: ast.AST) -> Iterator[str]:
    """Yield the dotted names that a node imports or patches."""
    if isinstance(node, ast.ImportFrom):
        source = modules.absolute(name, node)
        yield from (f"{source}.{item.name}" if item.name != "*" else source for item in node.names)
    elif isinstance(node, ast.Import):
        yield from (item.name for item in node.names)
    elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        text = node.args[0].value
        if called in PATCHERS and isinstance(text, str) and "." in text and " " not in text:
            yield text


def restyled(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Return the files whose byte-order mark, newlines or final newline changed."""
    return [name for name, data in after.items() if name in before and style(data) != style(before[name])]


def style(data: bytes) -> tuple[bool, bool, bool]:
    """Return how a text is written: byte-order mark, newlines, final newline."""
    return data.startswith(b"\xef\xbb\xbf"), b"\r\n" in data, data.endswith(b"\n") or not data


def others_changed(before: Path, after: Path) -> Iterator[str]:
    """Return the files that are no Python and differ."""
    for path in sorted(before.rglob("*")):
        name = str(path.relative_to(before))
        if path.is_file() and path.suffix != ".py" and not path.is_symlink():
            twin = after / name
            if not twin.is_file() or twin.read_bytes() != path.read_bytes():
                yield name


def differing(before: Path, after: Path) -> list[str]:
    """Return the files that are not the same bytes in both trees, or in one of them alone."""
    mine, theirs = (bytes_of(tree) for tree in (before, after))
    return sorted(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name))


def bytes_of(tree: Path) -> dict[str, bytes]:
    """Return all files of a tree, without the state of recanon and what Python compiled."""
    paths = (path for path in tree.rglob("*") if path.is_file() and not {".recanon", "__pycache__"} & {*path.parts})
    return {str(path.relative_to(tree)): path.read_bytes() for path in paths}


def asked(ruff: Path, before: Path, after: Path) -> dict[str, list[str]]:
    """Ask all of it.

    Args:
        ruff: The ruff to ask for names.
        before: The tree as it was.
        after: The tree as it is.

    Returns:
        Under the name of each question, what is bad now and was not before.
    """
    old, new = python_files(before), python_files(after)
    return {
        "broken": broken(old, new),
        "names": undefined(ruff, before, after),
        "dangling": sorted(dangling(after) - dangling(before)),
        "restyled": restyled(old, new),
        "others": list(others_changed(before, after)),
    }
