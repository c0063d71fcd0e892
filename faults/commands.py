"""The real command line in processes of its own, on small trees that it has something to do with."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.trees import Snapshot, fill, snapshot

RECANON = (sys.executable, "-m", "recanon")
_OLD, _NEW = "utc_now", "now_utc"
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Shop:
    """A small program in which a function gets another name, and what it is then.

    Args:
        modules: how many modules use the function.
        end: the tree after.
        env: the environment of the processes.
    """

    modules: int
    end: Snapshot
    env: dict[str, str]

    def lay(self, root: Path) -> Snapshot:
        """Lay the program out; return what it holds."""
        return snapshot(fill(root, _texts(self.modules, _OLD)))

    def words(self, root: Path, *, jobs: int = 1) -> list[str]:
        """Return the command that gives the function its other name."""
        names = [f"shop.clock.{name}" for name in (_OLD, _NEW)]
        return [*RECANON, "move", *names, str(root), "--apply", "--yes", "--jobs", str(jobs)]


def shop(place: Path, modules: int) -> Shop:
    """Return a program of so many modules.

    Args:
        place: for what its processes put into the folder of temporary files.
        modules: modules that use the function.
    """
    # Bytecode is kept, so that not each of the processes spends its time on making it.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= {"TMPDIR": str(place), "PYTHONHASHSEED": "0"}
    usual = 0o666 & ~_umask()
    return Shop(modules, {path: (text, usual) for path, text in _texts(modules, _NEW).items()}, env)


def run_command(
    words: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        timeout=_SECONDS, check=False,
    )  # fmt: skip


def back_command(root: Path) -> list[str]:
    """Return the command that gives everything back."""
    return [*RECANON, "rollback", str(root), "--all", "--yes"]


def _texts(modules: int, name: str) -> dict[str, bytes]:
    user = f"from shop.clock import {name}\n\n\ndef when():\n    return {name}()\n".encode()
    clock = f"def {name}():\n    return 1\n".encode()
    users = {f"shop/user{number}.py": user for number in range(modules)}
    return {"shop/__init__.py": b"", "shop/clock.py": clock, **users}


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
