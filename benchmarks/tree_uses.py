"""The API of the made tree, and the forms in which its files use it, with the shares that they have in a real tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

CORE = "netra_backend.app.websocket_core"
FACTORY, CANON, UNIFIED = f"{CORE}.websocket_manager_factory", f"{CORE}.websocket_manager", f"{CORE}.unified_manager"
OLD, NEW = "create_websocket_manager", "get_websocket_manager"
OLD_FUNCTION, OLD_CLASS = f"{FACTORY}.{OLD}", f"{UNIFIED}.UnifiedWebSocketManager"
CONSUMERS = tuple(f"netra_backend/app/consumers/consumer{number}.py" for number in range(8))
_FOLDER = CORE.replace(".", "/")

API = {
    "netra_backend/__init__.py": "",
    "netra_backend/app/__init__.py": "",
    f"{_FOLDER}/__init__.py": f'''"""The websocket package."""

from {CANON} import WebSocketManager

__all__ = ["WebSocketManager"]
''',
    f"{_FOLDER}/unified_manager.py": '''"""The manager."""


class WebSocketConnection:
    """One connection."""


class UnifiedWebSocketManager:
    """Keeps the connections of one user."""

    def __init__(self, mode="unified", user_context=None, config=None):
        self.mode, self.user_context, self.config = mode, user_context, config

    async def send(self, text):
        """Send a text."""
        return text


class RegistryCompat:
    """Something else that lives here."""
''',
    f"{_FOLDER}/websocket_manager.py": f'''"""The canonical way to a manager."""

from {UNIFIED} import UnifiedWebSocketManager, WebSocketConnection

WebSocketManager = UnifiedWebSocketManager


async def {NEW}(user_context=None, mode="unified"):
    """Return the manager of a user."""
    return WebSocketManager(mode=mode, user_context=user_context)


__all__ = ["UnifiedWebSocketManager", "WebSocketConnection", "WebSocketManager", "{NEW}"]
''',
    f"{_FOLDER}/websocket_manager_factory.py": f'''"""The old way to a manager."""

from {CANON} import {NEW}


class ConnectionLifecycleManager:
    """Something else that lives here."""


async def {OLD}(user_context=None, user_id=None):
    """Return the manager of a user."""
    return await {NEW}(user_context=user_context or user_id)
''',
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a form.

    Args:
        text: as it stands.
        after: what must stand there; None where nothing changes.
        kind: import, call, reference or patch.
        old: the symbol that it uses.
        heads: whether it belongs to the head of the file.
    """

    text: str
    after: str | None = None
    kind: str = ""
    old: str = ""
    heads: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """How a file uses the API.

    Args:
        share: of all files.
        make: makes its lines; it is given a number to tell names apart.
        where: in which files it stands.
    """

    share: float
    make: Callable[[int], list[Line]]
    where: Literal["any", "tests", "production"] = "any"

    def fits(self, path: str) -> bool:
        """Return whether it can stand in a file."""
        return self.where in ("any", "tests" if path.startswith("tests/") else "production")


def _import(indent: str = "", *, heads: bool = True) -> Line:
    before, after = f"{indent}from {FACTORY} import {OLD}", f"{indent}from {CANON} import {NEW}"
    return Line(before, after, "import", OLD_FUNCTION, heads)


def _call(text: str) -> Line:
    return Line(text, text.replace(OLD, NEW), "call", OLD_FUNCTION)


def _head(text: str) -> Line:
    return Line(text, heads=True)


def awaited(number: int) -> list[Line]:
    """An import at the top, and awaited calls."""
    return [
        _import(),
        *(Line(""), Line(""), Line(f"async def reach_{number}(context, text):")),
        _call(f"    manager = await {OLD}(context)"),
        Line("    return await manager.send(text)"),
        *(Line(""), Line(""), Line(f"async def reach_again_{number}(user):")),
        _call(f"    return [await {OLD}(user_context=user), (await {OLD}(user)).mode]"),
    ]


def local(number: int) -> list[Line]:
    """An import inside of a function, in `try`."""
    return [
        *(Line(""), Line(""), Line(f"async def try_{number}(context):"), Line("    try:")),
        _import("        ", heads=False),
        Line(""),
        _call(f"        return await {OLD}(context)"),
        *(Line("    except ImportError:"), Line("        return None")),
    ]


def split(number: int) -> list[Line]:
    """An import of two names, one of which stays."""
    return [
        Line(
            f"from {FACTORY} import ConnectionLifecycleManager, {OLD}",
            f"from {FACTORY} import ConnectionLifecycleManager", "import", OLD_FUNCTION, heads=True,
        ),
        *(Line(""), Line(""), Line(f"async def cycle_{number}(context):")),
        _call(f"    manager = await {OLD}(user_context=context)"),
        Line("    return ConnectionLifecycleManager(), manager"),
    ]  # fmt: skip


def aliased(number: int) -> list[Line]:
    """An import under another name, which stays."""
    return [
        Line(
            f"from {FACTORY} import {OLD} as make_manager",
            f"from {CANON} import {NEW} as make_manager", "import", OLD_FUNCTION, heads=True,
        ),
        *(Line(""), Line(""), Line(f"async def named_{number}(context):")),
        Line("    return await make_manager(context)"),
    ]  # fmt: skip


def class_path(number: int) -> list[Line]:
    """The class by its old path."""
    return [
        Line(
            f"from {UNIFIED} import UnifiedWebSocketManager",
            f"from {CANON} import UnifiedWebSocketManager", "import", OLD_CLASS, heads=True,
        ),
        *(Line(""), Line(""), Line(f"def is_manager_{number}(value):")),
        Line("    return isinstance(value, UnifiedWebSocketManager)"),
    ]  # fmt: skip


def patched(number: int) -> list[Line]:
    """A string that patches a consumer."""
    target = f"netra_backend.app.consumers.consumer{number % len(CONSUMERS)}.{OLD}"
    text = f'    with patch("{target}") as made:'
    return [
        _head("from unittest.mock import patch"),
        *(Line(""), Line(""), Line(f"def test_patched_{number}():")),
        Line(text, text.replace(OLD, NEW), "patch", OLD_FUNCTION),
        Line("        assert not made.called"),
    ]


def told(number: int) -> list[Line]:
    """The name in texts alone."""
    return [
        _head(f"# Once this was made by {OLD} of {FACTORY}."),
        *(Line(""), Line(""), Line(f'TOLD_{number} = "call {OLD}(context) first"')),
    ]


def another(number: int) -> list[Line]:
    """Another function of that name, and a method."""
    return [
        *(Line(""), Line(""), Line(f"def {OLD}(kind):"), Line(f'    return "{number}" + kind')),
        *(Line(""), Line(""), Line(f"def other_{number}(self):")),
        Line(f"    return {OLD}('a'), self.{OLD}(mode='b')"),
    ]


FORMS = (
    Form(0.0060, awaited),
    Form(0.0060, local),
    Form(0.0020, split),
    Form(0.0005, aliased),
    Form(0.0500, class_path),
    Form(0.0040, patched, "tests"),
    Form(0.0150, told),
    Form(0.0010, another),
)
