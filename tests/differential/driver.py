"""Runs every function of some modules and prints what came out, as JSON; a script of its own, run within a tree."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
import warnings
from types import ModuleType
from typing import Any

CONTEXT = "context"


async def seen(value: Any, depth: int = 0) -> Any:
    """Return what a caller could tell of a value; of a coroutine also what it gives when it is awaited."""
    if inspect.iscoroutine(value):
        return ["coroutine", await outcome(value, depth + 1)]
    if isinstance(value, (list, tuple)):
        return [await seen(item, depth + 1) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, type):
        return ["class", value.__name__]
    if callable(value) and not hasattr(value, "user_context"):
        return ["callable", inspect.iscoroutinefunction(value)]
    return [type(value).__name__, getattr(value, "user_context", None) == CONTEXT]


async def outcome(awaitable: Any, depth: int) -> Any:
    """Await something and return what it gives, or the exception."""
    if depth > 4:
        return "deep"
    try:
        return await seen(await awaitable, depth)
    except Exception as exc:  # noqa: BLE001 -- whatever a program raises is its result
        return ["raises", type(exc).__name__]


async def call(function: Any) -> Any:
    """Call a function with a context and return what comes out of it."""
    try:
        value = function(CONTEXT)
    except Exception as exc:  # noqa: BLE001 -- whatever a program raises is its result
        return ["raises", type(exc).__name__]
    if inspect.iscoroutinefunction(function):
        return await outcome(value, 0)
    return await seen(value)


async def results(module: ModuleType) -> dict[str, Any]:
    """Return what each function of a module gives."""
    names = sorted(name for name in vars(module) if name.startswith("run_"))
    flags = {name: await seen(value) for name, value in sorted(vars(module).items()) if name.startswith("FLAG")}
    return flags | {name: await call(getattr(module, name)) for name in names}


def main(count: int) -> None:
    """Load the modules one after the other and print their results."""
    warnings.simplefilter("ignore")
    sys.path.insert(0, ".")
    every = []
    for number in range(count):
        try:
            module = importlib.import_module(f"tests.p{number}")
        except Exception as exc:  # noqa: BLE001 -- whatever a program raises is its result
            every.append({"import": type(exc).__name__})
            continue
        every.append(asyncio.run(results(module)))
    print(json.dumps(every))


if __name__ == "__main__":
    main(int(sys.argv[1]))
