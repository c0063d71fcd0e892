"""Load packs with their codemods, and list them."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import os
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast

from recanon.errors import PackError, UsageError
from recanon.migration import Migration, Option
from recanon.pack.finding import Found, Origin, find_nearby, find_pack, find_packs
from recanon.pack.outline import Outline, without_guests
from recanon.pack.toml import Description, fill_in
from recanon.pack.words import nearest
from recanon.regular import read_regular

if TYPE_CHECKING:  # whoever only asks what a pack describes need not wait for LibCST
    from recanon.codemod import Codemod
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
    """A pack, as a user sees it.

    Args:
        id: its id.
        title: what it does.
        description: the same at more length.
        options: for `--set`.
        phases: in their order.
        codemods: by id; the titles as they stand in the text.
        origin: how it came here.
        place: where it lies.
        trouble: why it cannot be used, or "".
    """

    id: str
    title: str = ""
    description: str = ""
    options: tuple[Option, ...] = ()
    phases: tuple[PhaseInfo, ...] = ()
    codemods: tuple[CodemodInfo, ...] = ()
    origin: Origin = Origin.OWN
    place: str = ""
    trouble: str = ""


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

    @property
    def without_guests(self) -> Pack:
        """The pack for those who ask for the mentions alone: no guest of a phase changes what becomes of one."""
        return replace(self, migration=without_guests(self.migration))

    @property
    def outline(self) -> Outline:
        """What it describes."""
        return Outline(self.info.id, self.info.title, self.migration, self.folder)


def list_packs() -> tuple[PackInfo, ...]:
    """Return the packs that can be named, those that are broken among them. No code of a pack is run for it."""
    known = find_packs()
    counts = Counter(found.id for found in known)
    infos = [_info(found) for found in known]
    twice = "another pack has this id: it runs only when its path is given"
    clear = [info if counts[info.id] == 1 else replace(info, trouble=info.trouble or twice) for info in infos]
    return (*clear, *(_info(found) for found in find_nearby()))


def pack_id(word: str) -> str:
    """Return the id of the pack that a word of `--pack` names.

    Raises:
        UsageError: there is no such pack.
        PackError: it is broken.
    """
    return find_pack(word)[0].id


def load_pack(name: str | Path, options: Mapping[str, str] | None = None) -> Pack:
    """Load a pack.

    Args:
        name: its id, or the path of its folder or of its `pack.toml`.
        options: values for its options.

    Raises:
        UsageError: there is no such pack, or no such option.
        PackError: its description or one of its codemods is wrong.
    """
    description, folder = find_pack(name)
    migration = fill_in(description, options or {})
    codemods = with_tables(load_codemods(folder), description, migration, folder)
    named = [*(name for s in migration.symbols for name in s.codemods), *(m.codemod for m in migration.modules)]
    for codemod in (*named, *migration.retire.values(), *migration.aliases.values()):
        if codemod not in codemods:
            raise PackError(f"pack {description.id} names a codemod {codemod}", nearest(codemod, codemods))
    info = _info(Found(description.id, Origin.PATH, str(folder), folder, description))
    return Pack(info, migration, codemods, folder, load_yardsticks(folder))


def load_codemods(folder: Path) -> dict[str, Codemod]:
    """Load the codemods of a pack: one class with an `answer` in each file; the file's name is the id.

    Raises:
        PackError: a file holds no codemod, or more than one.
    """
    return {_id(path): cast("Codemod", _guest(_module(path), path, "answer", "codemods")) for path in _files(folder)}


def with_tables(
    codemods: Mapping[str, Codemod], description: Description, migration: Migration, folder: Path
) -> dict[str, Codemod]:
    """Return the codemods in Python together with those that are built in for tables.

    Raises:
        PackError: a table has the id of a codemod in Python.
    """
    from recanon.pack.tables import table_codemods

    tables = table_codemods(description.said, migration, folder)
    for name in tables:
        if name in codemods:
            raise PackError(
                f"a table of pack {description.id} is called {name}, and so is a codemod in Python",
                f'Say codemod = "{name}" where it shall answer, or give the table another id.',
            )
    return dict(sorted({**codemods, **tables}.items()))


def load_yardsticks(folder: Path) -> dict[str, Yardstick]:
    """Load the yardsticks of a pack: one class with a `measure` in each file of its folder `yardsticks`.

    Raises:
        PackError: a file holds no yardstick, or more than one.
    """
    paths = _files(folder / "yardsticks")
    return {_id(path): cast("Yardstick", _guest(_module(path), path, "measure", "yardsticks")) for path in paths}


def _info(found: Found) -> PackInfo:
    said = found.description
    if said is None or found.folder is None:
        return PackInfo(found.id, origin=found.origin, place=found.place, trouble=str(found.trouble or ""))
    written, trouble = _titles(found.folder)
    tables, wrong = _table_titles(said)
    trouble = trouble or wrong
    every = (*written, *(CodemodInfo(name, title) for name, title in tables.items()))
    codemods = tuple(sorted(every, key=lambda codemod: codemod.id))
    phases = tuple(PhaseInfo(phase.id, phase.title) for phase in said.phases)
    about = (said.title, said.description, said.options)
    return PackInfo(said.id, *about, phases, codemods, found.origin, found.place, trouble)


def _table_titles(said: Description) -> tuple[Mapping[str, str], str]:
    """The titles of the tables that answer themselves, and why they cannot be read."""
    from recanon.pack.tables import table_titles

    try:
        return table_titles(said.said, fill_in(said, {})), ""
    except (PackError, UsageError) as exc:
        return {}, str(exc)


def _titles(folder: Path) -> tuple[tuple[CodemodInfo, ...], str]:
    """The codemods with their titles as they stand in the text, and why one of the files cannot be read."""
    found, trouble = [], ""
    for path in _files(folder):
        try:
            tree = ast.parse(read_regular(path))
        except (SyntaxError, ValueError, OSError, RecursionError, MemoryError) as exc:
            trouble = f"{path.name} cannot be read: {exc}"
            continue
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        titles = [_title(node) for node in classes if any(getattr(s, "name", "") == "answer" for s in node.body)]
        found.append(CodemodInfo(_id(path), next(iter(titles), "")))
    return tuple(found), trouble


def _title(node: ast.ClassDef) -> str:
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Constant):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(isinstance(target, ast.Name) and target.id == "title" for target in targets):
                return str(statement.value.value)
    return ""


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.py")) if not path.name.startswith("_")]


def _id(path: Path) -> str:
    return path.stem.replace("_", "-")


def _module(path: Path) -> ModuleType:
    """Load a file as a module of its folder's package, so that it may import `._helpers`."""
    from recanon.codemod import GUEST_ERRORS

    name = f"{_package(path.parent)}.{path.stem}"
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


def _package(folder: Path) -> str:
    """Return the name of the package that a folder is made: another one for each folder of this machine."""
    name = f"recanon_pack_{sha256(os.fsencode(folder.resolve())).hexdigest()[:12]}"
    if name not in sys.modules:
        sys.modules[name] = package = ModuleType(name)
        package.__path__ = [str(folder.resolve())]
    return name


def _guest(module: ModuleType, path: Path, method: str, what: str) -> object:
    """Return the one object that a file of a pack is for."""
    own = [value for value in vars(module).values() if inspect.isclass(value) and value.__module__ == module.__name__]
    classes = [value for value in own if hasattr(value, method)]
    if len(classes) != 1:
        raise PackError(f"{path.parent.name}/{path.name} holds {len(classes)} {what}; it must hold one")
    made: object = classes[0]()
    return made
