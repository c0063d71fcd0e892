"""What recanon can be asked to do with a file: each way of rewriting one, on a text that it rewrites for certain."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from faults.trees import fill
from recanon.guests.run import Order, run_guest
from recanon.guests.selection import Choice
from recanon.guests.spec import read_guest
from recanon.guests.work import Effort
from recanon.move.planner import Request, plan_move
from recanon.pack import Pack, load_pack
from recanon.plan import Plan
from recanon.session import make_plan
from recanon.settings import Settings
from recanon.testing.world import lay_out, load_in_world, phases_of

CANON = "app.websocket_core.websocket_manager"
FACTORY = f"{CANON}_factory"
OLD = "create_websocket_manager"
_COMMAND = f'command:"{sys.executable}" -m ruff check --isolated --no-cache --quiet --exit-zero --fix --select E713'


@dataclass(frozen=True)
class Recipe:
    """One way of rewriting a file.

    Args:
        name: what does it.
        before: a text that it rewrites, three parts with two empty lines between each.
        after: what becomes of that.
        plan: lays files out in an empty folder, beside what the recipe needs, and plans.
        strict: whether it must rewrite whatever Python itself reads; a guest's library may not read it.
        tells: whether it says of each file that it leaves alone why; a foreign program need not.
        word: a file that it can work on holds this.
    """

    name: str
    before: str
    after: str
    plan: Callable[[Path, Mapping[str, bytes]], Plan]
    word: bytes
    strict: bool = True
    tells: bool = True


@cache
def websocket() -> Pack:
    """Return the shipped pack, for its own small world."""
    return load_in_world("websocket-ssot")


@cache
def _not_in() -> Pack:
    return load_pack("not-in")


def by_websocket(root: Path, files: Mapping[str, bytes], jobs: int = 1) -> Plan:
    """Plan by the pack `websocket-ssot` over its world with these files in it."""
    lay_out(websocket(), root, files)
    return again(root, jobs)


def again(root: Path, jobs: int = 1) -> Plan:
    """Plan by the pack `websocket-ssot` over a tree that is laid out already."""
    return make_plan(root, websocket(), Settings(phases=phases_of(websocket(), ""), jobs=jobs))


def by_not_in(root: Path, files: Mapping[str, bytes], phase: str = "again") -> Plan:
    """Plan by a phase of the pack `not-in`: `query` runs Bowler, `again` LibCST."""
    return make_plan(fill(root, files), _not_in(), Settings(phases=(phase,), jobs=1))


def by_ruff(root: Path, files: Mapping[str, bytes]) -> Plan:
    """Plan by ruff as a guest, which mends the same as `not-in`."""
    guest = read_guest(f"{_COMMAND} {{files}}")
    return run_guest(fill(root, files), Order(guest, Choice(), Effort(jobs=1))).plan


def by_move(root: Path, files: Mapping[str, bytes]) -> Plan:
    """Plan the move of a function that these files use."""
    there = {"shop/__init__.py": b"", "shop/old.py": b"def fetch(c):\n    return c\n", "shop/new.py": b"", **files}
    return plan_move(fill(root, there), Request("shop.old.fetch", "shop.new.load", Settings(jobs=1)))


_AWAITED = "from {}\n\n\nasync def f(c):\n    return await {}(c)\n\n\nDONE = True\n"
_CALLED = "from {}\n\n\ndef f(c):\n    return {}\n\n\nDONE = True\n"
_SEARCHED = "import os\n\n\ndef f(c):\n    return {}, os\n\n\nDONE = True\n"
_OLD_IN, _NEW_IN = _SEARCHED.format("not c in (1, 2)"), _SEARCHED.format("c not in (1, 2)")

RECIPES = (
    Recipe(
        "websocket-ssot: factory-function",
        _AWAITED.format(f"app.websocket_core import {OLD}", OLD),
        _AWAITED.format(f"{CANON} import get_websocket_manager", "get_websocket_manager"),
        by_websocket,
        OLD.encode(),
    ),
    Recipe(
        "websocket-ssot: sync-factory",
        _CALLED.format(f"{FACTORY} import {OLD}_sync", f"{OLD}_sync(c)"),
        _CALLED.format(f"{CANON} import WebSocketManager", "WebSocketManager(user_context=c)"),
        by_websocket,
        OLD.encode(),
    ),
    Recipe(
        "websocket-ssot: class-path",
        _CALLED.format("app.websocket_core.unified_manager import UnifiedWebSocketManager", "UnifiedWebSocketManager"),
        _CALLED.format(f"{CANON} import UnifiedWebSocketManager", "UnifiedWebSocketManager"),
        by_websocket,
        b"unified_manager",
    ),
    Recipe("not-in: LibCST", _OLD_IN, _NEW_IN, by_not_in, b"not", strict=False),
    Recipe("not-in: Bowler", _OLD_IN, _NEW_IN, partial(by_not_in, phase="query"), b"not", strict=False, tells=False),
    Recipe("guest: ruff check --fix", _OLD_IN, _NEW_IN, by_ruff, b"not", strict=False, tells=False),
    Recipe(
        "move: uses",
        _CALLED.format("shop.old import fetch", "fetch(c)"),
        _CALLED.format("shop.new import load", "load(c)"),
        by_move,
        b"fetch",
    ),
)
