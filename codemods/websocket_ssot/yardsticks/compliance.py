"""The owners' compliance: files that mention the canonical API alone, of all that mention websockets and import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import ClassVar

from recanon.yardstick import Counted, Figures, Tally, Texts

_ROOTS = ("netra_backend/app", "tests", "test_framework", "scripts")
_LEFT_OUT = {"websocket_manager_factory.py", "canonical_imports.py"}
# Any case counts, so that these are looked for in the text in small letters.
_OLD = (
    "get_websocket_manager_factory",
    "websocketmanagerfactory",
    "from netra_backend.app.websocket_core.websocket_manager_factory import",
)
_CANONICAL = (
    "get_websocket_manager",
    "WebSocketManager",
    "from netra_backend.app.websocket_core.websocket_manager import",
)


class Compliance:
    """Compute it."""

    title = "compliance"
    published: ClassVar[Figures] = {"percent": 18.2, "files": 129, "deprecated": 21, "mixed": 108}
    blind = (
        "Most of the files analysed mention websockets and use no manager at all. They count as not compliant, so that "
        "migrating everything cannot lift the figure far."
    )

    beside: ClassVar[Mapping[str, str]] = {"files": "deprecated"}

    def measure(self, texts: Texts) -> Tally:
        """Return percent, files to migrate (deprecated alone, mixed), compliant, with neither, and analysed."""
        found = list(_kinds(texts))
        kinds = Counter(kind for _, kind in found)
        analysed = kinds.total()
        figures = {
            "percent": round(100 * kinds["compliant"] / analysed, 1) if analysed else 0.0,
            "files": kinds["deprecated"] + kinds["mixed"],
            "deprecated": kinds["deprecated"],
            "mixed": kinds["mixed"],
            "compliant": kinds["compliant"],
            "neither": kinds["neither"],
            "analysed": analysed,
        }
        files = [Counted(path, 0, kind) for path, kind in found if kind in {"deprecated", "mixed"}]
        return Tally(figures, {"files": files})

    def remark(self, figures: Figures) -> str:
        """Say what share the files with a manager have, and where the figure ends when everything is migrated."""
        compliant, files, neither = figures["compliant"], figures["files"], figures["neither"]
        if not compliant + files:
            return ""
        end = 100 * (compliant + files) / figures["analysed"]
        return (
            f"{figures['percent']} % counts {neither:,} of {figures['analysed']:,} files that mention websockets and "
            f"hold no manager's name: migrating everything lifts it to {end:.1f} % and never to 100 %. Among the files "
            f"that hold one it is {100 * compliant / (compliant + files):.1f} %."
        )


def _kinds(texts: Texts) -> Iterator[tuple[str, str]]:
    for path, text in texts.below(*_ROOTS):
        if texts.name(path) not in _LEFT_OUT and "import" in text and "websocket" in (small := text.lower()):
            yield path, _kind(text, small)


def _kind(text: str, small: str) -> str:
    canonical = any(name in text for name in _CANONICAL)
    if any(name in small for name in _OLD):
        return "mixed" if canonical else "deprecated"
    return "compliant" if canonical else "neither"
