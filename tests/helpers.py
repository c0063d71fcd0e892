"""Small trees for the tests of the engine: a world with the target's old API, and a plan over it in one call."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from recanon.codemod import Codemod
from recanon.outcome import Finding, Reverted, Verdict
from recanon.pack import Pack, load_pack
from recanon.plan import Plan
from recanon.session import make_plan
from recanon.settings import Settings

CORE = "app/websocket_core/"
CANON = "app.websocket_core.websocket_manager"
FAC = "app.websocket_core.websocket_manager_factory"
UNI = "app.websocket_core.unified_manager"
AWAITED = "\n\nasync def f(c):\n    return await create_websocket_manager(c)\n"
BOTH = frozenset({Verdict.SAFE, Verdict.REVIEW})

WORLD: dict[str, str] = {
    "app/__init__.py": "",
    "app/services/__init__.py": "",
    "app/services/user_execution_context.py": """\
class UserExecutionContext:
    def __init__(self, user_id, thread_id="", run_id="", request_id=""):
        self.user_id = user_id
""",
    CORE + "__init__.py": """\
from app.websocket_core.websocket_manager import UnifiedWebSocketManager, WebSocketConnection, WebSocketManager


def create_websocket_manager(user_context=None):
    if user_context is None:
        raise ValueError("a context is needed")
    return WebSocketManager(user_context=user_context)


async def get_websocket_manager(user_context=None):
    if user_context is None:
        raise ValueError("a context is needed")
    return WebSocketManager(user_context=user_context)


__all__ = [
    "UnifiedWebSocketManager",
    "WebSocketConnection",
    "WebSocketManager",
    "create_websocket_manager",
    "get_websocket_manager",
]
""",
    CORE + "websocket_manager.py": """\
from app.websocket_core.unified_manager import UnifiedWebSocketManager, WebSocketConnection, WebSocketManagerMode
from app.websocket_core import protocols

WebSocketManager = UnifiedWebSocketManager


async def get_websocket_manager(user_context=None, mode=WebSocketManagerMode.UNIFIED):
    return WebSocketManager(user_context=user_context, mode=mode)
""",
    CORE + "unified_manager.py": """\
class WebSocketManagerMode:
    UNIFIED = "unified"


class WebSocketConnection:
    pass


class RegistryCompat:
    pass


class UnifiedWebSocketManager:
    def __init__(self, mode=None, user_context=None, config=None, _ssot_authorization_token=None):
        self.user_context = user_context
""",
    CORE + "protocols.py": "class ManagerProtocol:\n    pass\n",
    CORE + "manager.py": """\
from app.websocket_core.websocket_manager import UnifiedWebSocketManager, WebSocketConnection

WebSocketManager = UnifiedWebSocketManager

__all__ = ["UnifiedWebSocketManager", "WebSocketConnection", "WebSocketManager"]
""",
    CORE + "websocket_manager_factory.py": """\
from app.websocket_core.websocket_manager import WebSocketManager, get_websocket_manager


class FactoryInitializationError(Exception):
    pass


class ConnectionLifecycleManager:
    pass


async def create_websocket_manager(user_context=None, user_id=None):
    return await get_websocket_manager(user_context=user_context)


def create_websocket_manager_sync(user_context=None, user_id=None):
    if user_context is None:
        raise ValueError("a context is needed")
    return WebSocketManager(user_context=user_context)


def get_websocket_manager_factory():
    return create_websocket_manager


class WebSocketManagerFactory:
    async def create_websocket_manager(self, redis_client=None, environment=None, **kwargs):
        return await create_websocket_manager(**kwargs)
""",
    CORE + "canonical_imports.py": """\
from app.websocket_core.websocket_manager_factory import ConnectionLifecycleManager, create_websocket_manager

__all__ = ["ConnectionLifecycleManager", "create_websocket_manager"]
""",
    CORE + "utils.py": """\
def create_websocket_manager(user_context=None, user_id=None):
    from app.websocket_core.websocket_manager_factory import create_websocket_manager as factory_create

    return factory_create(user_context=user_context, user_id=user_id)
""",
}


def write_tree(root: Path, texts: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, byte for byte."""
    for path, text in texts.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def code(text: str) -> str:
    """Return the text of a test without its indentation and its first newline."""
    return textwrap.dedent(text).removeprefix("\n")


@cache
def pack() -> Pack:
    """Return the pack for the small world."""
    return load_pack("websocket-ssot", {"prefix": "app"})


def pack_with(**codemods: Codemod) -> Pack:
    """Return the pack with some of its codemods exchanged (`factory_function=...` for `factory-function`)."""
    whole = pack()
    other = {name.replace("_", "-"): codemod for name, codemod in codemods.items()}
    return Pack(whole.info, whole.migration, {**whole.codemods, **other}, whole.folder)


@dataclass(frozen=True)
class Outcome:
    """A plan, with the texts before and after."""

    root: Path
    plan: Plan

    def data(self, path: str) -> bytes:
        """Return the bytes of a file as they would be."""
        for change in self.plan.changes:
            if change.path == path:
                return change.after
        return (self.root / path).read_bytes()

    def text(self, path: str) -> str:
        """Return the text of a file as it would be."""
        return self.data(path).decode()

    def changed(self) -> set[str]:
        """Return the paths of the files that would change."""
        return {change.path for change in self.plan.changes}

    def found(self, path: str, word: str = "") -> list[Finding]:
        """Return the findings in a file, those of one word if one is given."""
        return [f for f in self.plan.findings if f.path == path and word in {"", f.word}]

    def verdicts(self, path: str, word: str = "") -> list[str]:
        """Return the verdicts in a file, in order of the text."""
        return [f.verdict.value for f in self.found(path, word)]

    def reverted(self, path: str) -> Reverted | None:
        """Return why the edits of a file were taken back, or None."""
        return next((item for item in self.plan.reverted if item.path == path), None)

    def check_compiles(self) -> None:
        """Compile every file that would change."""
        for change in self.plan.changes:
            compile(change.after, change.path, "exec")


def migrate(
    root: Path,
    texts: Mapping[str, str | bytes],
    *,
    using: Pack | None = None,
    include: frozenset[Verdict] = frozenset({Verdict.SAFE}),
    phases: Iterable[str] = (),
    exclude: Iterable[str] = (),
) -> Outcome:
    """Write a tree and plan its migration; the account must balance and nothing must be reverted unasked.

    Args:
        root: an empty folder.
        texts: the files; the old API is laid below them.
        using: another pack.
        include: the verdicts that are applied.
        phases: the phases that run.
        exclude: glob patterns of files that are left alone.
    """
    write_tree(root, {**WORLD, **texts})
    settings = Settings(exclude=tuple(exclude), phases=tuple(phases), include=include, jobs=1, bounds=None)
    plan = make_plan(root, using or pack(), settings)
    assert plan.account.unexplained == ()
    assert plan.account.balanced
    return Outcome(root, plan)


def parsed(text: str) -> ast.Module:
    """Parse a text."""
    return ast.parse(text)


def slow(*values: Any) -> Any:
    """Return a case that takes many seconds: `make slow` runs it, and another case is its smaller twin."""
    return pytest.param(*values, marks=pytest.mark.slow)
