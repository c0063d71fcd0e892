"""The owners' one way of initialisation: files that hold more than one of five patterns, and the deprecated two."""

from __future__ import annotations

from typing import ClassVar

from recanon.yardstick import Figures, Texts

_ROOTS = ("netra_backend/app", "tests", "test_framework", "scripts")
_LEFT_OUT = {"websocket_manager_factory.py", "websocket_manager.py"}
_DEPRECATED = ("get_websocket_manager_factory(", "WebSocketManagerFactory(")
_PATTERNS = ("get_websocket_manager(", "WebSocketManager(", "create_websocket_manager(", *_DEPRECATED)


class Initialisation:
    """Compute it."""

    title = "one initialisation pattern"
    published: ClassVar[Figures] = {"multiple": 60, "deprecated": 42}
    blind = "A pattern counts wherever its text stands, also in a string, a comment or the name of another function."

    def measure(self, texts: Texts) -> Figures:
        """Return the files with several patterns, and how often one of the deprecated two stands in a file."""
        multiple = deprecated = 0
        for path, text in texts.below(*_ROOTS):
            if texts.name(path) not in _LEFT_OUT and "websocket" in text.lower():
                multiple += sum(pattern in text for pattern in _PATTERNS) > 1
                deprecated += sum(pattern in text for pattern in _DEPRECATED)
        return {"multiple": multiple, "deprecated": deprecated}
