"""The owners' one way of initialisation: files that hold more than one of five patterns, and the deprecated two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from recanon.yardstick import Counted, Figures, Tally, Texts

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

    def measure(self, texts: Texts) -> Tally:
        """Return the files with several patterns, and how often one of the deprecated two stands in a file."""
        held = [(path, [pattern for pattern in _PATTERNS if pattern in text]) for path, text in _looked_at(texts)]
        items = {
            "multiple": [Counted(path, 0, " ".join(found)) for path, found in held if len(found) > 1],
            "deprecated": [Counted(path, 0, name) for path, found in held for name in found if name in _DEPRECATED],
        }
        return Tally({name: len(counted) for name, counted in items.items()}, items)


def _looked_at(texts: Texts) -> Iterator[tuple[str, str]]:
    for path, text in texts.below(*_ROOTS):
        if texts.name(path) not in _LEFT_OUT and "websocket" in text.lower():
            yield path, text
