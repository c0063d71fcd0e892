"""Every codemod on every shape that a file, an import, a use or a call can have."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from recanon.codemod import Example
from recanon.pack import load_pack
from tests.hazards.kit import PACK, after, migrate, told
from tests.hazards.shapes import BYTES, CALLS, IMPORTS, IN_F_STRINGS, USES

EXAMPLES = {
    name: next(example for example in codemod.examples if example.after is not None)
    for name, codemod in load_pack(PACK).codemods.items()
}
ON_BYTES = [(name, shape) for name in EXAMPLES for shape in BYTES if BYTES[shape](EXAMPLES[name].before)]
ON_IMPORTS = [(name, shape) for name in EXAMPLES for shape in IMPORTS if IMPORTS[shape](EXAMPLES[name].before)]
# Rewritten in whatever shape their import is; the other codemods answer otherwise where an import is guarded.
STEADY = {"class-path", "factory-function", "sync-factory"}
# Here a check may take the edits back, as two imports or bindings of one name are more than one edit can follow.
REFUSABLE = {
    "a carriage return in a string",
    "alone in an else",
    "twice",
    "twice in one statement",
    "canonical name there later",
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
        body = re.sub(r"\bUSE\b", lambda _: use, template).replace("ASYNC", "async " if "await" in self.after else "")
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


def _run(root: Path, name: str, example: Example, data: bytes, *, refusable: bool) -> bytes | None:
    files = {path: text.encode() for path, text in example.files.items()} | {example.path: data}
    plan = migrate(root, files, codemod=name, review=example.include_review, refusable=refusable)
    return after(plan, example.path)


@pytest.mark.parametrize(("name", "shape"), ON_BYTES)
def test_bytes(name: str, shape: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    data = BYTES[shape](example.before)
    assert data is not None
    refusable = shape in REFUSABLE
    assert _run(tmp_path, name, example, data, refusable=refusable) is not None or refusable, "nothing changes"


@pytest.mark.parametrize(("name", "shape"), ON_IMPORTS)
def test_imports(name: str, shape: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    data = IMPORTS[shape](example.before)
    assert data is not None
    bound = shape == "canonical name bound to something else"
    changed = _run(tmp_path, name, example, data, refusable=shape in REFUSABLE) is not None
    assert changed or bound or shape in REFUSABLE or name not in STEADY, "nothing changes"


@pytest.mark.parametrize("shape", USES)
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
            f"{name}({key}context)", CALLS[shape].replace("NAME", name).replace("KEY", key)
        )
        for rewritten, name, key in ((False, what.old, ""), (True, what.new, what.key))
    ]
    check_text(tmp_path, *texts)


def check_text(root: Path, before: str, expected: str) -> None:
    """Compare as code, and as text but for brackets, which a rewrite may have to add."""
    path = "tests/test_example.py"
    plan = migrate(root, {path: before.encode()})
    found = (after(plan, path) or before.encode()).decode()
    assert _bare(found) == _bare(expected), told(plan, path)
    assert ast.dump(ast.parse(found)) == ast.dump(ast.parse(expected))


def _bare(text: str) -> str:
    return text.replace("(", "").replace(")", "")
