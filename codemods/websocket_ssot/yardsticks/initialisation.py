"""The owners' one way of initialisation: files that hold more than one of five patterns, and the deprecated two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from recanon.yardstick import Counted, Figures, Texts

_ROOTS = ("netra_backend/app", "tests", "test_framework", "scripts")
_LEFT_OUT = {"websocket_manager_factory.py", "websocket_manager.py"}
_DEPRECATED = ("get_websocket_manager_factory(", "WebSocketManagerFactory(")
_PATTERNS = ("get_websocket_manager(", "WebSocketManager(", "create_websocket_manager(", *_DEPRECATED)


class Initialisation:
    """Compute it."""

    title = "one initialisation pattern"
    published: ClassVar[Figures] = {"multiple": 60, "deprecated": 42}
    blind = "A pattern counts wherever its text stands, also in a string, a comment or the name of another function."

    beside: ClassVar[Mapping[str, str]] = {"multiple": "deprecated", "deprecated": "deprecated"}

    def measure(self, texts: Texts) -> Figures:
        """Return the files with several patterns, and how often one of the deprecated two stands in a file."""
        return {name: len(items) for name, items in self.items(texts).items()}

    def items(self, texts: Texts) -> Mapping[str, Sequence[Counted]]:
        """Return what is counted, the second by its pattern."""
        held = [(path, [pattern for pattern in _PATTERNS if pattern in text]) for path, text in _looked_at(texts)]
        return {
            "multiple": [Counted(path, 0, " ".join(found)) for path, found in held if len(found) > 1],
            "deprecated": [Counted(path, 0, name) for path, found in held for name in found if name in _DEPRECATED],
        }


def _looked_at(texts: Texts) -> Iterator[tuple[str, str]]:
    for path, text in texts.below(*_ROOTS):
        if texts.name(path) not in _LEFT_OUT and "websocket" in text.lower():
            yield path, text
