"""Count what a tool broke in a tree in which nothing is planted: by reading its files before and after, with `ast` and
ruff alone.

Four things cannot be right whatever was meant: a file that parsed and does not any more, a name that is undefined now,
an import of a name that its module does not bind, and a string that patches a name which its module does not bind.
"""

from __future__ import annotations

import ast
import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Harm:
    """What is wrong with some files.

    Args:
        unparsed: files that do not parse.
        undefined: names that are undefined (ruff F821).
        dangling: imports and patching strings whose module lies in the tree and does not bind the name.
    """

    unparsed: int
    undefined: int
    dangling: int

    def beyond(self, before: Harm) -> dict[str, int]:
        """Return how much of it is new."""
        return {
            "unparsed": max(0, self.unparsed - before.unparsed),
            "undefined": max(0, self.undefined - before.undefined),
            "dangling": max(0, self.dangling - before.dangling),
        }


class Reader:
    """Reads modules of a tree, of which some files stand elsewhere.

    Args:
        root: the tree.
        changed: texts that stand in the place of its own, by path.
    """

    def __init__(self, root: Path, changed: Mapping[str, str]) -> None:
        self.root = root
        self.changed = changed
        self._bound: dict[str, frozenset[str] | None] = {}

    def text(self, path: str) -> str | None:
        """Return the text of a file, or None where there is none."""
        if path in self.changed:
            return self.changed[path]
        file = self.root / path
        return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None

    def binds(self, module: str, name: str) -> bool | None:
        """Return whether a module binds a name; None where it cannot be told."""
        base = module.replace(".", "/")
        paths = [path for path in (f"{base}.py", f"{base}/__init__.py") if self.text(path) is not None]
        if not paths:
            return None
        beside = (f"{base}/{name}.py", f"{base}/{name}/__init__.py")
        if any((self.root / path).is_file() for path in beside):
            return True
        if paths[0] not in self._bound:
            self._bound[paths[0]] = _bound(self.text(paths[0]) or "")
        bound = self._bound[paths[0]]
        return None if bound is None else name in bound


def _bound(text: str) -> frozenset[str] | None:
    """Return the names that a module binds anywhere; None where it does not parse or can hold any."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return None if found & {"*", "__getattr__"} else frozenset(found)


def harm(reader: Reader, paths: Sequence[str], names: frozenset[str], folder: Path, ruff: str) -> Harm:
    """Count what is wrong.

    Args:
        reader: reads the tree.
        paths: the files that are looked at.
        names: the names of which imports and strings are followed.
        folder: holds these files as they stand.
        ruff: the program.
    """
    texts = {path: reader.text(path) or "" for path in paths}
    trees = {path: _parsed(text) for path, text in texts.items()}
    leads = [lead for path, tree in trees.items() if tree is not None for lead in _leads(path, tree, names)]
    dangling = sum(reader.binds(module, name) is False for module, name in leads)
    return Harm(sum(tree is None for tree in trees.values()), _undefined(folder, paths, ruff), dangling)


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def _leads(path: str, tree: ast.Module, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield module and name of each import, and of each string that patches, of some names."""
    package = path.removesuffix(".py").removesuffix("/__init__").split("/")
    is_package = path.endswith("/__init__.py")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + is_package] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((module, alias.name) for alias in node.names if alias.name in names)
        elif isinstance(node, ast.Call) and _patches(node.func):
            for part in node.args[:1]:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    module, _, name = part.value.rpartition(".")
                    if name in names:
                        yield module, name


def _patches(func: ast.expr) -> bool:
    return (isinstance(func, ast.Name) and func.id == "patch") or (
        isinstance(func, ast.Attribute) and func.attr == "patch"
    )


def _undefined(folder: Path, paths: Sequence[str], ruff: str) -> int:
    words = [ruff, "check", "--isolated", "--no-cache", "--select", "F821", "--output-format", "json"]
    done = subprocess.run([*words, *paths], cwd=folder, capture_output=True, check=False)
    return Counter(row["code"] for row in json.loads(done.stdout or b"[]"))["F821"]
