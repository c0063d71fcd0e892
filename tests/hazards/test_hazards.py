"""Every codemod on every shape that a file, an import, a use or a call can have."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from recanon.testing import examples_of
from recanon.testing.hazards import check_hazards, fit, shapes_of
from recanon.testing.shapes import CALLS, IMPORTS, IN_F_STRINGS, REFUSABLE, USES
from tests.hazards.kit import PACK, after, check_complaints, migrate, told

CASES = [case for case in examples_of(PACK) if fit(case)]
CHANGING = {case.codemod: case for case in reversed(CASES) if case.example.after is not None}
STAYING = {case.codemod: case for case in reversed(CASES) if case.example.after is None}
# Rewritten in whatever shape their import is; the other codemods answer otherwise where an import is guarded.
STEADY = {"class-path", "factory-function", "sync-factory"}
# Here the import, or what it binds, is not one thing any more: it may stay as it is.
UNSTEADY = {
    *("canonical name bound to something else", "under another name", "with a star", "bound again", "deleted"),
    *("in a class", "as a module"),
}
CANON = "app.websocket_core.websocket_manager"
FACTORY = f"{CANON}_factory"


@dataclass(frozen=True)
class Use:
    """A use of an old name and what becomes of it."""

    module: str
    old: str
    before: str
    new: str
    after: str
    key: str = ""

    def text(self, template: str, *, rewritten: bool) -> str:
        """Return the text before or after."""
        module, name, use = (CANON, self.new, self.after) if rewritten else (self.module, self.old, self.before)
        use = use.replace("KEY", self.key if rewritten else "").replace("NAME", name)
        body = (
            re.sub(r"\bUSE\b", lambda _: use, template)
            .replace("NAME", name)
            .replace("OLD", "create_websocket_manager")
            .replace("ASYNC", "async " if "await" in self.after else "")
        )
        return f"from {module} import {name}\n\n\n{body}"


_CALL, _AWAITED = "NAME(KEYcontext)", "await NAME(KEYcontext)"
CALLED = {
    "async factory": Use(FACTORY, "create_websocket_manager", _AWAITED, "get_websocket_manager", _AWAITED),
    "awaited by mistake": Use(
        "app.websocket_core", "create_websocket_manager", _AWAITED, "get_websocket_manager", _AWAITED
    ),
    "await added": Use("app.websocket_core", "create_websocket_manager", _CALL, "get_websocket_manager", _AWAITED),
    "package to class": Use(
        "app.websocket_core", "create_websocket_manager", _CALL, "WebSocketManager", _CALL, "user_context="
    ),
    "sync factory": Use(FACTORY, "create_websocket_manager_sync", _CALL, "WebSocketManager", _CALL, "user_context="),
    "package function": Use("app.websocket_core", "get_websocket_manager", _AWAITED, "get_websocket_manager", _AWAITED),
}
NAMED = {
    "gone class": Use(
        FACTORY,
        "IsolatedWebSocketManager",
        "isinstance(context, NAME)",
        "WebSocketManager",
        "isinstance(context, NAME)",
    ),
    "class path": Use(
        "app.websocket_core.unified_manager",
        "UnifiedWebSocketManager",
        "NAME(user_context=context)",
        "UnifiedWebSocketManager",
        "NAME(user_context=context)",
    ),
}


@pytest.mark.parametrize("name", CHANGING)
def test_bytes_and_imports(name: str) -> None:
    hazards = check_hazards(CHANGING[name])
    assert not hazards.failures
    for change in hazards.changes:
        check_complaints(change)
    shapes = {shape for shape, _ in shapes_of(CHANGING[name])}
    stayed = {shape.partition(": ")[2] for shape in shapes - set(hazards.rewritten) if shape[:4] in ("byte", "impo")}
    allowed = REFUSABLE | {"does not parse"} | (UNSTEADY if name in STEADY else set(IMPORTS))
    assert not stayed - allowed, "nothing changes"


@pytest.mark.parametrize("name", STAYING)
def test_what_stays_stays_in_all_bytes(name: str) -> None:
    hazards = check_hazards(STAYING[name])
    assert hazards.shapes > 20
    assert not hazards.failures


@pytest.mark.parametrize("shape", [shape for shape in USES if "USE" in USES[shape]])
@pytest.mark.parametrize("use", CALLED | NAMED)
def test_uses(use: str, shape: str, tmp_path: Path) -> None:
    what = (CALLED | NAMED)[use]
    stays = shape in IN_F_STRINGS and use != "class path"
    check_text(tmp_path, what.text(USES[shape], rewritten=False), what.text(USES[shape], rewritten=not stays))


@pytest.mark.parametrize("shape", CALLS)
@pytest.mark.parametrize("use", CALLED)
def test_calls(use: str, shape: str, tmp_path: Path) -> None:
    what = CALLED[use]
    texts = [
        what.text("ASYNCdef f(context):\n    return USE\n", rewritten=rewritten).replace(
            f"{name}({key}context)",
            CALLS[shape].replace("NAME", name).replace("KEY", key).replace("VALUE", "context").replace("REST", ""),
        )
        for rewritten, name, key in ((False, what.old, ""), (True, what.new, what.key))
    ]
    check_text(tmp_path, *texts)


def _call(shape: str, name: str, key: str) -> str:
    return shape.replace("NAME", name).replace("KEY", key).replace("VALUE", "context").replace("REST", "")


def check_text(root: Path, before: str, expected: str) -> None:
    """Compare as code, and as text but for brackets, which a rewrite may have to add."""
    path = "tests/test_example.py"
    plan = migrate(root, {path: before.encode()})
    found = (after(plan, path) or before.encode()).decode()
    assert _bare(found) == _bare(expected), told(plan, path)
    assert ast.dump(ast.parse(found)) == ast.dump(ast.parse(expected))


def _bare(text: str) -> str:
    return text.replace("(", "").replace(")", "")
