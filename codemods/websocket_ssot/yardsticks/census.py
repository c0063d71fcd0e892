"""The owners' census of the dual pattern: managers, shims, factories, fragmented names, cycles, other import paths."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import ClassVar

from recanon.yardstick import Figures, Texts

_OLD, _CORE = "netra_backend/app/websocket", "netra_backend/app/websocket_core"
_SHIMS = ("compatibility", "legacy imports")
_FACTORIES = (("def get_", "manager"), ("@staticmethod", "create"), ("_instance", "none"), ("connectionmanager =", ""))
_ENDINGS = ("manager", "handler", "adapter")
_OTHER_PATHS = tuple(f"netra_backend.app.websocket.connection_{name}" for name in ("manager", "info"))


class Census:
    """Compute it."""

    title = "census of the dual pattern"
    published: ClassVar[Figures] = {
        "managers": 5,
        "shims": 3,
        "factories": 36,
        "fragmented": 19,
        "cycles": 8,
        "noncanonical": 5,
    }
    blind = (
        "A class counts by the words in its name: an enumeration of modes counts as a manager, and the manager that is "
        "an assigned alias does not."
    )

    def measure(self, texts: Texts) -> Figures:
        """Return the six counts."""
        own = dict(texts.below(_OLD, _CORE))
        trees = {path: tree for path, text in own.items() if (tree := _tree(text)) is not None}
        names = [node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        old = [text.lower() for path, text in own.items() if path.startswith(f"{_OLD}/")]
        return {
            "managers": sum("manager" in name.lower() and "websocket" in name.lower() for name in names),
            "shims": sum(any(word in text for word in _SHIMS) for text in old),
            "factories": sum(_is_factory(text.lower()) for text in own.values()),
            "fragmented": sum(count > 1 for count in Counter(map(_role, names)).values()),
            "cycles": sum(_reaches_itself(module, edges) for edges in [_edges(trees)] for module in edges),
            "noncanonical": sum(_other_paths(text) for _, text in texts.below("netra_backend")),
        }


def _tree(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def _is_factory(text: str) -> bool:
    return any(first in text and second in text for first, second in _FACTORIES)


def _role(name: str) -> str:
    role = name.lower()
    for word in ("unified", "legacy", "core", "websocket"):
        role = role.replace(word, "")
    return next((ending for ending in _ENDINGS if role.endswith(ending)), role)


def _edges(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    modules = {path: path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in trees}
    own = set(modules.values())
    return {modules[path]: {m for m in _imported(tree) if m in own} for path, tree in trees.items()}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module and "websocket" in node.module:
            yield node.module


def _reaches_itself(module: str, edges: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(edges[module])
    while waiting:
        reached = waiting.pop()
        if reached not in seen:
            seen.add(reached)
            waiting += edges[reached]
    return module in seen


def _other_paths(text: str) -> int:
    return sum("import" in line and any(path in line for path in _OTHER_PATHS) for line in text.splitlines())
