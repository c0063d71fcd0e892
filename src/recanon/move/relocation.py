"""The files of a module or package that moves: where each of them goes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from recanon.discover import tree_files
from recanon.move.request import Move, MoveRefusedError
from recanon.move.world import World
from recanon.plan import ChangeKind, FileChange
from recanon.resolve.names import ModuleMap


@dataclass(frozen=True)
class Relocation:
    """Files that get another path.

    Args:
        root: the tree.
        paths: the new path of each file, by its old one.
    """

    root: Path
    paths: Mapping[str, str]

    def moved(self, changes: Sequence[FileChange]) -> Iterator[FileChange]:
        """Yield the changes with the files at their new places: one is created, and the old one is deleted.

        Args:
            changes: those of the texts, each under the old path.
        """
        by_path = {change.path: change for change in changes}
        for change in changes:
            if change.path not in self.paths:
                yield change
        for old, new in self.paths.items():
            before = (self.root / old).read_bytes()
            after = by_path[old].after if old in by_path else before
            executable = os.access(self.root / old, os.X_OK)
            yield FileChange(new, b"", after, kind=ChangeKind.CREATE, like=old, executable=executable)
            yield FileChange(old, before, b"", kind=ChangeKind.DELETE, executable=executable)

    def in_trial(self, changes: Sequence[FileChange]) -> list[FileChange]:
        """Return the changed texts under their new paths, for checks that compare a file with what it was."""
        return [replace(change, path=self.paths.get(change.path, change.path)) for change in changes]


def relocate(root: Path, world: World, move: Move) -> Relocation:
    """Find the files that move with a module or package.

    Raises:
        MoveRefusedError: the new place is taken, has no package, or lies in the old one.
    """
    modules = world.program.modules
    _check_place(modules, move, world)
    path = modules.paths.get(move.old.path, "")
    if path.endswith("__init__.py"):
        return Relocation(root, _below(root, path.removesuffix("/__init__.py"), _folder(modules, move)))
    if move.old.path in modules.packages:
        if path:
            raise MoveRefusedError(f"{move.old.path} is both {path} and a folder", "Rename one of them first.")
        inner = next(p for m, p in modules.paths.items() if m.startswith(f"{move.old.path}."))
        depth = move.old.path.count(".") + 1 + (inner.startswith("src/") and not move.old.path.startswith("src."))
        return Relocation(root, _below(root, "/".join(inner.split("/")[:depth]), _folder(modules, move)))
    return Relocation(root, {path: f"{_folder(modules, move)}.py"})


def _below(root: Path, old: str, new: str) -> dict[str, str]:
    found = {path: new + path[len(old) :] for path in tree_files(root) if path.startswith(f"{old}/")}
    if taken := next((path for path in found.values() if (root / path).exists()), ""):
        raise MoveRefusedError(f"{taken} is there already", "Choose another name, or move that file first.")
    return found


def _folder(modules: ModuleMap, move: Move) -> str:
    """Return where the module lies afterwards, without a suffix."""
    if not move.new.module:
        source = any(p.startswith("src/") and not m.startswith("src.") for m, p in modules.paths.items())
        old = modules.paths.get(move.old.path, "")
        return f"src/{move.new.name}" if source and (not old or old.startswith("src/")) else move.new.name
    path = modules.paths.get(move.new.module, "")
    if path.endswith("__init__.py"):
        return path.removesuffix("__init__.py") + move.new.name
    inner = next(p for m, p in modules.paths.items() if m.startswith(f"{move.new.module}."))
    depth = move.new.module.count(".") + 1 + (inner.startswith("src/") and not move.new.module.startswith("src."))
    return "/".join([*inner.split("/")[:depth], move.new.name])


def _check_place(modules: ModuleMap, move: Move, world: World) -> None:
    new, parent = move.new.path, move.new.module
    if f"{new}.".startswith(f"{move.old.path}."):
        raise MoveRefusedError(f"{new} lies in {move.old.path}", "Move it to another package.")
    if modules.holds(new):
        where = modules.paths.get(new, new.replace(".", "/"))
        raise MoveRefusedError(f"{new} is there already: {where}", "Choose another name, or move that one first.")
    if parent and parent not in modules.packages and not modules.paths.get(parent, "").endswith("__init__.py"):
        raise MoveRefusedError(
            f"{new} cannot be: {parent} is no package of the tree",
            f"Create {parent.replace('.', '/')}/__init__.py first.",
        )
    if parent and world.program.resolve(parent, move.new.name).state == "found":
        raise MoveRefusedError(f"{parent} binds {move.new.name} to something else", "Choose another name.")
