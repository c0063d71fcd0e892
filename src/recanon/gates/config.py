"""Gates that stand in a file: the user's own configuration, or the repository's where the user trusts it."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from recanon.errors import UsageError
from recanon.gates.gate import Gate, parse_gate
from recanon.regular import read_regular

_KEYS = ("run", "pack", "phase", "tree")


@dataclass(frozen=True, slots=True)
class Standing:
    """A gate that stands in a file, and where it is asked.

    Args:
        gate: the gate.
        pack: asked for this pack only; "" for all.
        phase: asked for runs with this phase only; "" for all.
        tree: asked for this tree, and for those in it, only; "" for all.
    """

    gate: Gate
    pack: str = ""
    phase: str = ""
    tree: str = ""

    def asked(self, root: Path, pack: str, phases: tuple[str, ...]) -> bool:
        """Return whether the gate is asked for a run.

        Args:
            root: the run's tree.
            pack: its pack.
            phases: its phases.
        """
        here = not self.tree or root.is_relative_to(Path(self.tree).expanduser().resolve())
        return here and self.pack in ("", pack) and (not self.phase or self.phase in phases)


def config_path(environ: Mapping[str, str]) -> Path:
    """Return where the user's configuration lies (XDG Base Directory Specification 0.8: relative paths are ignored).

    Args:
        environ: the environment.
    """
    base = Path(environ.get("XDG_CONFIG_HOME", ""))
    return (base if base.is_absolute() else Path("~/.config").expanduser()) / "recanon" / "config.toml"


def user_gates(path: Path, root: Path) -> tuple[Standing, ...]:
    """Read the user's configuration; where there is none, there are no gates in it.

    Args:
        path: the file.
        root: the tree that is to be migrated.

    Raises:
        UsageError: the file is wrong, lies in the tree, or others may write to it.
    """
    if not path.exists():
        return ()
    if path.resolve().is_relative_to(root):
        raise UsageError(
            f"the configuration {path} lies in the tree that is to be migrated",
            "Gates are commands, and a tree brings none along. Say --trust-repository to take those of its pyproject.",
        )
    info = path.stat()
    if info.st_uid not in (os.geteuid(), 0) or info.st_mode & stat.S_IWOTH:
        raise UsageError(f"others may write to the configuration {path}", "Own it, and take that right away (chmod).")
    return _gates(path, _table(path))


def repository_gates(root: Path) -> tuple[Standing, ...]:
    """Read the gates of a tree's own `pyproject.toml`, under `[[tool.recanon.gate]]`. Only where the user trusts it.

    Args:
        root: the tree.

    Raises:
        UsageError: the file is wrong.
    """
    path = root / "pyproject.toml"
    found = _table(path).get("tool", {}) if path.is_file() else {}
    own = found.get("recanon", {}) if isinstance(found, dict) else {}
    return _gates(path, own if isinstance(own, dict) else {})


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_regular(path).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as exc:
        raise UsageError(f"{path} cannot be read: {exc}", "Mend the file.") from exc


def _gates(path: Path, table: Mapping[str, Any]) -> tuple[Standing, ...]:
    entries = table.get("gate", [])
    if not isinstance(entries, list):
        raise UsageError(f"{path}: gate is no list of tables", 'Write [[gate]] with run = "...".')
    return tuple(_standing(path, number, entry) for number, entry in enumerate(entries, 1))


def _standing(path: Path, number: int, entry: object) -> Standing:
    where = f"{path}: gate {number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("run"), str):
        raise UsageError(f"{where} has no run", 'Write run = "..." as behind --gate.')
    for key, value in entry.items():
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1)
            raise UsageError(f"{where} has an unknown key {key}", f"Did you mean {(near or _KEYS)[0]}?")
        if not isinstance(value, str):
            raise UsageError(f"{where}: {key} is no text", f'Write {key} = "...".')
    try:
        gate = parse_gate(entry["run"])
    except UsageError as exc:
        raise UsageError(f"{where}: {exc.message}", exc.hint) from exc
    return Standing(gate, *(entry.get(key, "") for key in _KEYS[1:]))
