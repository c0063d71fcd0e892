"""Runs in the worker processes: one file in, what the guest makes of it out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from recanon.engines.foreign import DeclinedError, Engine
from recanon.engines.libcst_command import LibcstCommand
from recanon.errors import UsageError
from recanon.guests.messages import Made, Setup, Task, packed, path_of, unpacked
from recanon.guests.spec import Kind


def serve(setup: bytes) -> Callable[[bytes], bytes]:
    """Load the guest, and return what runs it on a file.

    Raises:
        UsageError: there is no such guest, or its arguments are wrong.
    """
    engine = engine_of(unpacked(setup, Setup))

    def answer(item: bytes) -> bytes:
        task = unpacked(item, Task)
        return packed(made(engine, path_of(task.path), task.data))

    return answer


def engine_of(setup: Setup) -> Engine:
    """Return the engine that runs a guest.

    Raises:
        UsageError: there is no such guest, or its arguments are wrong.
    """
    guest, root = setup.guest, Path(os.fsdecode(setup.root))
    match guest.kind:
        case Kind.LIBCST:
            files = [path_of(name) for name in setup.files]
            return LibcstCommand(f"{guest.where}.{guest.name}", guest.arguments, root, files)
        case Kind.BOWLER:
            from recanon.engines.bowler_query import BowlerQuery

            return BowlerQuery(Path(guest.where), guest.name, root)
        case Kind.FIXIT:
            from recanon.engines.fixit_rule import FixitRule

            return FixitRule(guest.where, guest.name, root)
    raise UsageError(f"a {guest.kind} guest works on many files at once")


def made(engine: Engine, path: str, data: bytes) -> Made:
    """Run an engine on a file, and once more on what came out."""
    try:
        once = engine(path, data)
    except DeclinedError as exc:
        return Made(declined=str(exc))
    if once.data == data:
        return Made(warnings=once.warnings)
    return Made(once.data, warnings=once.warnings, again=_again(engine, path, once.data))


def _again(engine: Engine, path: str, data: bytes) -> str:
    try:
        twice = engine(path, data)
    except DeclinedError as exc:
        return f"a second pass cannot read what the first one made: {exc}"
    return "" if twice.data == data else "a second pass changes it again"
