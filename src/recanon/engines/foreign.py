"""What a foreign codemod makes of one file: bytes in, bytes out, or a reason why not."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from recanon.errors import UsageError


class DeclinedError(Exception):
    """A codemod leaves a file alone, or its library cannot read it; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a codemod made of a file.

    Args:
        data: its bytes afterwards.
        warnings: what it has to say besides.
    """

    data: bytes
    warnings: tuple[str, ...] = ()


Engine = Callable[[str, bytes], Rewritten]
"""Called with a file, relative to the root, and its bytes."""


def installed(module: str, library: str) -> None:
    """Check that an optional library is there.

    Args:
        module: the module to import.
        library: the extra that brings it, which has its name.

    Raises:
        UsageError: it is not installed.
    """
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as exc:
        if exc.name is None or module.partition(".")[0] != exc.name.partition(".")[0]:
            raise
        raise UsageError(
            f"{library} is not installed beside recanon", f'Install it: pip install "recanon[{library}]"'
        ) from exc


def named(module: str, name: str) -> object:
    """Import a module and return what a name in it stands for.

    Raises:
        UsageError: there is no such module, or no such name in it.
    """
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as exc:
        if exc.name is None or not f"{module}.".startswith(f"{exc.name}."):
            raise
        raise UsageError(
            f"there is no module {module}", "Install its package beside recanon, or name its folder with --path."
        ) from exc
    if not hasattr(found, name):
        raise UsageError(f"{module} has no {name}", "Check the name.")
    value: object = getattr(found, name)
    return value
