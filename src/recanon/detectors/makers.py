"""Which functions make an object of a role, by what they call for the value that they return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recanon.detectors.ground import Ground
from recanon.detectors.roles import role_classes
from recanon.index.structure import Function, Placed, Structure
from recanon.resolve.program import Resolution


@dataclass(frozen=True, slots=True)
class Maker:
    """A function or method that gives back an object of a role, or a function that makes one.

    Args:
        structure, function: the function and its module.
        made: what it calls or hands out.
        pattern: function, method, static method, singleton, or hands out a factory.
    """

    structure: Structure
    function: Function
    made: Resolution
    pattern: str

    @property
    def path(self) -> str:
        """The full dotted name of the function."""
        owner = f"{self.function.owner}." if self.function.owner else ""
        return f"{self.structure.module}.{owner}{self.function.name}"


def makers(ground: Ground) -> dict[str, Maker]:
    """Return the makers of the packages by path; one that calls another one is a maker too."""
    classes = frozenset(role_classes(ground))
    functions = [(structure, f) for structure in ground.structures.values() for f in structure.functions]
    found: dict[str, Maker] = {}
    while True:  # each round adds a maker or is the last one
        known = classes | found.keys()
        fresh = [m for s, f in functions if (m := _maker(ground, s, f, known, found)) and m.path not in found]
        if not fresh:
            return found
        found.update((maker.path, maker) for maker in fresh)


def instances(ground: Ground) -> Iterator[tuple[Structure, Placed, Resolution]]:
    """Yield the names at the top of modules that hold an object of a role from the import on."""
    made = frozenset(role_classes(ground)) | makers(ground).keys()
    for structure in ground.structures.values():
        for placed in structure.instances:
            found = _resolve(ground, structure, None, placed.what)
            if found.symbol is not None and found.symbol.path in made:
                yield structure, placed, found


def _maker(
    ground: Ground, structure: Structure, function: Function, known: frozenset[str], found: dict[str, Maker]
) -> Maker | None:
    for names, pattern in (
        (function.kept, "singleton"),
        (function.calls, _pattern(function)),
        (function.names, "hands out a factory"),
    ):
        for name in names:
            made = _resolve(ground, structure, function, name)
            path = made.symbol.path if made.symbol is not None else ""
            if path in known and (pattern != "hands out a factory" or path in found):
                return Maker(structure, function, made, pattern)
    return None


def _pattern(function: Function) -> str:
    if not function.owner:
        return "function"
    return "static method" if function.static else "method"


def _resolve(ground: Ground, structure: Structure, function: Function | None, dotted: str) -> Resolution:
    """What a name in a function denotes: what it imports itself, or what its module binds."""
    imported = dict(function.imports) if function is not None else {}
    root, *rest = dotted.split(".")
    if root in imported:
        module, _, name = imported[root].partition(":")
        answer = ground.program.resolve(module, name)
    else:
        answer = ground.program.resolve(structure.module, root)
    for part in rest:
        if answer.symbol is None or answer.symbol.kind != "module":
            return Resolution("unknown")
        answer = ground.program.resolve(answer.symbol.module, part)
    return answer
