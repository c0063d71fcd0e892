"""Find packs, and load their codemods."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import cast

from recanon.codemod import GUEST_ERRORS, Codemod
from recanon.errors import PackError, UsageError
from recanon.migration import Migration, Option
from recanon.pack.toml import Description, fill_in, read_description
from recanon.pack.words import nearest
from recanon.yardstick import Yardstick


@dataclass(frozen=True, slots=True)
class PhaseInfo:
    """A phase of a pack, as a user sees it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class CodemodInfo:
    """A codemod of a pack, as a user sees it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class PackInfo:
    """A pack, as a user sees it."""

    id: str
    title: str
    description: str
    options: tuple[Option, ...]
    phases: tuple[PhaseInfo, ...]
    codemods: tuple[CodemodInfo, ...]


@dataclass(frozen=True)
class Pack:
    """A pack with its options filled in.

    Args:
        info: what a user sees of it.
        migration: what it describes.
        codemods: its codemods by id.
        folder: where it lies.
        yardsticks: its yardsticks by id.
    """

    info: PackInfo
    migration: Migration
    codemods: Mapping[str, Codemod]
    folder: Path
    yardsticks: Mapping[str, Yardstick] = field(default_factory=dict)


def pack_folders() -> tuple[Path, ...]:
    """Return the folders that hold packs: those in the installed package, or those beside a source checkout."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parents[1]
    folders = [package / "packs"]
    if (checkout / "pyproject.toml").is_file():
        folders.append(checkout / "codemods")
    return tuple(folder for folder in folders if folder.is_dir())


def list_packs() -> tuple[PackInfo, ...]:
    """Return the packs that are installed."""
    found = {description.id: _info(description, folder) for description, folder in _descriptions()}
    return tuple(found[name] for name in sorted(found))


def load_pack(name: str, options: Mapping[str, str] | None = None) -> Pack:
    """Load a pack.

    Args:
        name: its id.
        options: values for its options.

    Raises:
        UsageError: there is no such pack, or no such option.
        PackError: its description or one of its codemods is wrong.
    """
    known = {description.id: (description, folder) for description, folder in _descriptions()}
    if name not in known:
        raise UsageError(f"there is no pack {name}", nearest(name, known))
    description, folder = known[name]
    migration = fill_in(description, options or {})
    codemods = load_codemods(folder)
    named = [*(name for s in migration.symbols for name in s.codemods), *(m.codemod for m in migration.modules)]
    for codemod in (*named, *migration.retire.values(), *migration.aliases.values()):
        if codemod not in codemods:
            raise PackError(f"pack {name} names a codemod {codemod}", nearest(codemod, codemods))
    return Pack(_info(description, folder), migration, codemods, folder, load_yardsticks(folder))


def load_codemods(folder: Path) -> dict[str, Codemod]:
    """Load the codemods of a pack: one class with an `answer` in each file; the file's name is the id.

    Raises:
        PackError: a file holds no codemod, or more than one.
    """
    found: dict[str, Codemod] = {}
    for path in sorted(folder.glob("*.py")):
        if not path.name.startswith("_"):
            found[path.stem.replace("_", "-")] = cast(Codemod, _guest(_module(path), path, "answer", "codemods"))
    return found


def load_yardsticks(folder: Path) -> dict[str, Yardstick]:
    """Load the yardsticks of a pack: one class with a `measure` in each file of its folder `yardsticks`.

    Raises:
        PackError: a file holds no yardstick, or more than one.
    """
    paths = [path for path in sorted(folder.glob("yardsticks/*.py")) if not path.name.startswith("_")]
    return {
        path.stem.replace("_", "-"): cast(Yardstick, _guest(_module(path), path, "measure", "yardsticks"))
        for path in paths
    }


def _descriptions() -> list[tuple[Description, Path]]:
    files = [path for folder in pack_folders() for path in sorted(folder.glob("*/pack.toml"))]
    found = [(read_description(path), path.parent) for path in files]
    for number, (description, folder) in enumerate(found):
        for other, place in found[:number]:
            if other.id == description.id:
                raise PackError(f"the packs {place.name} and {folder.name} have one id, {other.id}", "Rename one.")
    return found


def _info(description: Description, folder: Path) -> PackInfo:
    codemods = tuple(CodemodInfo(name, mod.title) for name, mod in load_codemods(folder).items())
    phases = tuple(PhaseInfo(phase.id, phase.title) for phase in description.phases)
    return PackInfo(description.id, description.title, description.description, description.options, phases, codemods)


def _module(path: Path) -> ModuleType:
    name = f"recanon_pack_{path.parent.parent.name}_{path.parent.name}.{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PackError(f"{path.name} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (*GUEST_ERRORS, ImportError, NameError, SyntaxError, OSError) as exc:
        del sys.modules[name]
        raise PackError(f"{path.parent.name}/{path.name} cannot be loaded: {type(exc).__name__}: {exc}") from exc
    return module


def _guest(module: ModuleType, path: Path, method: str, what: str) -> object:
    """Return the one object that a file of a pack is for."""
    own = [value for value in vars(module).values() if inspect.isclass(value) and value.__module__ == module.__name__]
    classes = [value for value in own if hasattr(value, method)]
    if len(classes) != 1:
        raise PackError(f"{path.parent.name}/{path.name} holds {len(classes)} {what}; it must hold one")
    made: object = classes[0]()
    return made
