"""The small tree in which the examples of a pack run: its folder `world/`, with the options of `world.toml`."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

from recanon.codemod import Example
from recanon.errors import PackError
from recanon.outcome import Verdict
from recanon.pack import Pack, load_pack
from recanon.settings import Settings


def load_in_world(pack: str | Path) -> Pack:
    """Load a pack with the options that fit its world.

    Args:
        pack: its id or its path.

    Raises:
        UsageError: there is no such pack, or `world.toml` names an option that it has not.
        PackError: the pack or its `world.toml` is wrong.
    """
    loaded = load_pack(pack)
    described = loaded.folder / "world.toml"
    if not described.is_file():
        return loaded
    try:
        table = tomllib.loads(described.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise PackError(f"{described.name} of pack {loaded.info.id} cannot be read: {exc}") from exc
    return load_pack(loaded.folder, table.get("options", {}))


def lay_out(pack: Pack, root: Path, files: Mapping[str, str | bytes]) -> None:
    """Fill an empty folder with the pack's world and further files, which may replace some of the world's."""
    if (pack.folder / "world").is_dir():
        shutil.copytree(pack.folder / "world", root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


def phases_of(pack: Pack, codemod: str) -> tuple[str, ...]:
    """Return the phases that may rewrite what a codemod answers for.

    Those up to the one that names it, as far as they name any; else those that work on files and on importers.

    Args:
        pack: the pack.
        codemod: its id; "" for one that no phase names.
    """
    phases = pack.migration.phases
    last = next((number for number, phase in enumerate(phases) if codemod in phase.codemods), None)
    if last is None:
        return tuple(phase.id for phase in phases if phase.importers or not phase.codemods)
    return tuple(phase.id for phase in phases[: last + 1] if phase.codemods)


def settings_of(pack: Pack, codemod: str, example: Example) -> Settings:
    """Return what an example runs with: the phases of its codemod, and the verdicts that it asks for.

    It runs in this process, in which is measured what it reaches.
    """
    include = {Verdict.SAFE, Verdict.REVIEW} if example.include_review else {Verdict.SAFE}
    return Settings(phases=phases_of(pack, codemod), include=frozenset(include), jobs=1, bounds=None)
