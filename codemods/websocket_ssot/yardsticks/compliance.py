"""The owners' compliance: files that mention the canonical API alone, of all that mention websockets and import."""

from __future__ import annotations

import re
from collections import Counter
from typing import ClassVar

from recanon.yardstick import Figures, Texts

_ROOTS = ("netra_backend/app", "tests", "test_framework", "scripts")
_LEFT_OUT = {"websocket_manager_factory.py", "canonical_imports.py"}
_FACTORY = r"from netra_backend\.app\.websocket_core\.websocket_manager_factory import"
_OLD = re.compile(
    rf"get_websocket_manager_factory|WebSocketManagerFactory|{_FACTORY}|canonical_imports.*get_websocket_manager_factory",
    re.IGNORECASE,
)
_CANONICAL = re.compile(
    r"get_websocket_manager|WebSocketManager|from netra_backend\.app\.websocket_core\.websocket_manager import"
)


class Compliance:
    """Compute it."""

    title = "compliance"
    published: ClassVar[Figures] = {"percent": 18.2, "files": 129, "deprecated": 21, "mixed": 108}
    blind = (
        "Most of the files analysed mention websockets and use no manager at all. They count as not compliant, so that "
        "migrating everything cannot lift the figure far."
    )

    def measure(self, texts: Texts) -> Figures:
        """Return percent, files to migrate (deprecated alone, mixed) and files analysed."""
        kinds = Counter(
            _kind(text)
            for path, text in texts.below(*_ROOTS)
            if texts.name(path) not in _LEFT_OUT and "websocket" in text.lower() and "import" in text
        )
        analysed = kinds.total()
        return {
            "percent": round(100 * kinds["compliant"] / analysed, 1) if analysed else 0.0,
            "files": kinds["deprecated"] + kinds["mixed"],
            "deprecated": kinds["deprecated"],
            "mixed": kinds["mixed"],
            "analysed": analysed,
        }


def _kind(text: str) -> str:
    old, canonical = _OLD.search(text), _CANONICAL.search(text)
    if old:
        return "mixed" if canonical else "deprecated"
    return "compliant" if canonical else "other"
