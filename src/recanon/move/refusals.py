"""When a move cannot be: the new name is taken, or a place cannot follow. Nothing is half done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from recanon.move.addresses import Addresses
from recanon.move.captures import Captures
from recanon.move.names import Variable
from recanon.move.reached import stands_for
from recanon.move.request import Move, MoveRefusedError
from recanon.move.sites import Site
from recanon.move.world import File, World


def check_clashes(addresses: Addresses) -> None:
    """Check that the new name is free where the symbol is defined.

    Raises:
        MoveRefusedError: it is taken, or would be captured.
    """
    move, world = addresses.move, addresses.world
    if _mangled(move.old.name) or _mangled(move.new.name):
        raise MoveRefusedError(
            f"{move.old.path}: names with two leading underscores are mangled in class bodies",
            "Rename it by hand.",
        )
    if move.of_module:
        return
    home = world.of_module(move.old.module)
    if home is None:
        raise MoveRefusedError(f"{move.old.module} cannot be read", "Mend the file first.")
    if move.in_place:
        reason = Captures(home, world, Variable(0, move.old.name), move.new.name).reason()
        if reason:
            raise MoveRefusedError(
                f"{move.new.path} cannot take the place of {move.old.name}: {home.path}: {reason}",
                "Choose another name, or rename what is in the way first.",
            )
    elif (target := world.of_module(move.new.module)) is not None:
        _check_target(addresses, target)


def _check_target(addresses: Addresses, target: File) -> None:
    """Check that a carried definition meets nothing in the module that it comes to.

    Raises:
        MoveRefusedError: the name is taken there.
    """
    move, variable = addresses.move, Variable(0, addresses.move.new.name)
    own = variable in target.names.bound and not stands_for(target, addresses.world, variable, move.old)
    used = Variable(-1, variable.name) in target.names.by_variable
    if own or used or not target.names.only_imported(variable):
        name = min(target.names.by_variable.get(variable, []) or target.names.by_variable[Variable(-1, variable.name)])
        raise MoveRefusedError(
            f"{target.path}:{target.source.line_of(name.span.start)}: {variable.name} is another thing there already",
            "Choose another name, or rename what is in the way first.",
        )


def _mangled(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__")


def refuse(addresses: Addresses, sites: Mapping[str, Sequence[Site]], excluded: frozenset[str]) -> None:
    """Check that every place that has to follow can.

    Raises:
        MoveRefusedError: some cannot.
    """
    world, move = addresses.world, addresses.move
    stuck = [*_moved_unread(world, move), *_unread(world, move), *sorted(addresses.conflicts)]
    for path, found in sites.items():
        file = world.file(path)
        for site in found:
            why = site.blocks or ("the file is excluded" if path in excluded and site.edits else "")
            if why and file is not None:
                stuck.append(f"{path}:{file.source.line_of(site.span.start)}: {why}")
    if stuck:
        raise MoveRefusedError(
            f"{move.old.path} cannot move, because {many(stuck)} cannot follow",
            "Mend these places by hand first; nothing was changed.",
            stuck,
        )


def many(places: Sequence[str]) -> str:
    """Return how many places there are, in words."""
    return "one place" if len(places) == 1 else f"{len(places)} places"


def _moved_unread(world: World, move: Move) -> list[str]:
    """List the files of a moving module or package that cannot be read."""
    modules = world.program.modules.modules
    unread = [item.skipped for item in world.read.unread]
    return [f"{s.path}: {s.reason}" for s in unread if move.module(modules.get(s.path, "")) != modules.get(s.path, "")]


def _unread(world: World, move: Move) -> list[str]:
    """List the files that cannot be read and look as if they import the symbol."""
    leaf = (move.old.module or move.old.name).rpartition(".")[2]
    telling = re.compile(rf"\b(from|import)\b[^\n]*\b{re.escape(leaf)}\b")
    found = []
    for item in world.read.unread:
        path = item.skipped.path
        try:
            text = world.program.overlay.read(path).decode("utf-8", "replace")
        except OSError:
            continue
        if telling.search(text) and re.search(rf"\b{re.escape(move.old.name)}\b", text):
            found.append(f"{path}: {item.skipped.reason}, and it names {move.old.name}")
    return found
