"""Every codemod on every shape that a file, an import, a use or a call can have."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
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
    check_complaints(hazards.changes)
    shapes = {shape for shape, _ in shapes_of(CHANGING[name])}
    stayed = {shape.partition(": ")[2] for shape in shapes - set(hazards.rewritten) if shape[:4] in ("byte", "impo")}
    allowed = REFUSABLE | {"does not parse"} | (UNSTEADY if name in STEADY else set(IMPORTS))
    assert not stayed - allowed, "nothing changes"


@pytest.mark.parametrize("name", STAYING)
def test_what_stays_stays_in_all_bytes(name: str) -> None:
    hazards = check_hazards(STAYING[name])
    assert hazards.shapes > 20
    assert not hazards.failures


@pytest.mark.parametrize("use", CALLED | NAMED)
def test_uses(use: str, tmp_path: Path) -> None:
    what = (CALLED | NAMED)[use]
    texts = {}
    for shape, template in USES.items():
        if "USE" in template:
            stays = shape in IN_F_STRINGS and use != "class path"
            texts[shape] = (what.text(template, rewritten=False), what.text(template, rewritten=not stays))
    check_texts(tmp_path, texts)


@pytest.mark.parametrize("use", CALLED)
def test_calls(use: str, tmp_path: Path) -> None:
    what = CALLED[use]
    check_texts(tmp_path, {shape: (_called(what, shape, False), _called(what, shape, True)) for shape in CALLS})


def _called(what: Use, shape: str, rewritten: bool) -> str:
    name, key = (what.new, what.key) if rewritten else (what.old, "")
    call = CALLS[shape].replace("NAME", name).replace("KEY", key).replace("VALUE", "context").replace("REST", "")
    text = what.text("ASYNCdef f(context):\n    return USE\n", rewritten=rewritten)
    return text.replace(f"{name}({key}context)", call)


def check_texts(root: Path, texts: Mapping[str, tuple[str, str]]) -> None:
    """Compare texts before and after, by shape, as code, and as text but for brackets, which a rewrite may add."""
    paths = {f"tests/test_example_{number}.py": shape for number, shape in enumerate(texts)}
    plan = migrate(root, {path: texts[shape][0].encode() for path, shape in paths.items()})
    for path, shape in paths.items():
        before, expected = texts[shape]
        found = (after(plan, path) or before.encode()).decode()
        assert _bare(found) == _bare(expected), f"{shape}\n{told(plan, path)}"
        assert ast.dump(ast.parse(found)) == ast.dump(ast.parse(expected)), shape


def _bare(text: str) -> str:
    return text.replace("(", "").replace(")", "")
