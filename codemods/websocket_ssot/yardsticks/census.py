"""The owners' census of the dual pattern: managers, shims, factories, fragmented names, cycles, other import paths."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import ClassVar

from recanon.yardstick import Counted, Figures, Tally, Texts

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

    beside: ClassVar[Mapping[str, str]] = {
        "managers": "implementations",
        "shims": "shims",
        "factories": "factories",
        "fragmented": "fragmentation",
        "cycles": "cycles",
        "noncanonical": "noncanonical-imports",
    }

    def measure(self, texts: Texts) -> Tally:
        """Return the six counts, and what is counted; of a fragmented name every class that shares it."""
        own = dict(texts.below(_OLD, _CORE))
        trees = {path: tree for path, text in own.items() if (tree := _tree(text)) is not None}
        classes = [
            Counted(path, node.lineno, node.name)
            for path, tree in trees.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
        ]
        shared = {role for role, count in Counter(_role(item.name) for item in classes).items() if count > 1}
        edges = _edges(trees)
        modules = {_module(path): path for path in trees}
        items = {
            "managers": [i for i in classes if "manager" in i.name.lower() and "websocket" in i.name.lower()],
            "shims": [Counted(p) for p, text in own.items() if p.startswith(f"{_OLD}/") and _is_shim(text.lower())],
            "factories": [Counted(path) for path, text in own.items() if _is_factory(text.lower())],
            "fragmented": [item for item in classes if _role(item.name) in shared],
            "cycles": [Counted(modules[module]) for module in edges if _reaches_itself(module, edges)],
            "noncanonical": [item for path, text in texts.below("netra_backend") for item in _other_paths(path, text)],
        }
        return Tally({**{name: len(found) for name, found in items.items()}, "fragmented": len(shared)}, items)


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


def _is_shim(text: str) -> bool:
    return any(word in text for word in _SHIMS)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _edges(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    modules = {path: _module(path) for path in trees}
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


def _other_paths(path: str, text: str) -> Iterator[Counted]:
    if not any(other in text for other in _OTHER_PATHS):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if "import" in line and any(other in line for other in _OTHER_PATHS):
            yield Counted(path, number, line.strip())
