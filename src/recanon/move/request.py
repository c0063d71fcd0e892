"""What is asked for: which symbol moves, and where to."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from recanon.errors import UsageError
from recanon.resolve.program import Program, Resolution


class Address(NamedTuple):
    """Where a name is found: a module, and an attribute of it."""

    module: str
    name: str

    @property
    def path(self) -> str:
        """The full dotted name."""
        return f"{self.module}.{self.name}" if self.module else self.name

    @classmethod
    def of(cls, path: str) -> Address:
        """Split a dotted name before its last part."""
        module, _, name = path.rpartition(".")
        return cls(module, name)


@dataclass(frozen=True, slots=True)
class Move:
    """A move or a renaming.

    Args:
        old, new: the address of the definition, as it is and as it shall be; of a module, its package and its own name.
        kind: what moves.
        asked: the dotted name as the user wrote it, where it is reached through a re-export; else "".
    """

    old: Address
    new: Address
    kind: Literal["function", "class", "value", "module"]
    asked: str = ""

    @property
    def in_place(self) -> bool:
        """Whether only the name changes, and not the module that it is found in."""
        return self.old.module == self.new.module

    @property
    def renamed(self) -> bool:
        """Whether the last name changes."""
        return self.old.name != self.new.name

    @property
    def of_module(self) -> bool:
        """Whether a module or package moves."""
        return self.kind == "module"

    def module(self, module: str) -> str:
        """Return the dotted name of a module after the move."""
        if self.of_module and f"{module}.".startswith(f"{self.old.path}."):
            return self.new.path + module[len(self.old.path) :]
        return module


class AlreadyMovedError(UsageError):
    """Nothing is at the old address, and the symbol is at the new one."""


class MoveRefusedError(UsageError):
    """The move would break something.

    Args:
        message: what, in one sentence.
        hint: what the user can do.
        places: where, one a line.
    """

    def __init__(self, message: str, hint: str = "", places: Sequence[str] = ()) -> None:
        super().__init__(message, hint)
        self.places = tuple(places)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *self.places])


def check_words(old: str, new: str) -> None:
    """Check the two dotted names by themselves.

    Raises:
        UsageError: one is no dotted name of Python, or both are the same.
    """
    for word, meaning in ((old, "OLD"), (new, "NEW")):
        parts = word.split(".")
        wrong = next((part for part in parts if not part.isidentifier() or keyword.iskeyword(part)), None)
        if wrong is not None:
            raise UsageError(
                f"{meaning} is {word!r}, and {wrong!r} is no name in Python",
                "Give full dotted names, such as package.module.function.",
            )
    if old == new:
        raise UsageError(f"OLD and NEW are both {old}", "Give another name or another module.")


def find_move(program: Program, old: str, new: str) -> Move:
    """Find what the old name denotes, and make the move of it.

    Args:
        program: the whole program.
        old, new: full dotted names.

    Raises:
        AlreadyMovedError: the new name is there, and the old one is not, or is an import of it.
        UsageError: the old name is not in the tree, or is nothing that can move.
    """
    if old in program.modules.paths or old in program.modules.packages:
        return Move(Address.of(old), Address.of(new), "module")
    found, rest = program.resolve_path(old)
    symbol = found.symbol
    if symbol is None or found.state != "found":
        raise _not_found(program, found, old, new)
    if rest:
        raise UsageError(
            f"{old} is an attribute of {symbol.path}, which is no module",
            "A function, class, value, module or package can move; rename a method or an attribute by hand.",
        )
    if symbol.kind == "module":
        return Move(Address.of(symbol.module), Address.of(new), "module", asked=old)
    if symbol.path == new:
        raise AlreadyMovedError(f"{old} is only an import of {new}", "The move is done already, it seems.")
    asked = old if symbol.path != old else ""
    _check_definition(Address.of(old), Address.of(new), Address(symbol.module, symbol.name))
    return Move(Address(symbol.module, symbol.name), Address.of(new), symbol.kind, asked)


def _check_definition(old: Address, new: Address, own: Address) -> None:
    """Check that what is asked for is said of the definition, where another name or module could be meant.

    Raises:
        UsageError: the old name is another name of the symbol, or one that is handed on, and shall stay in its module.
    """
    if old != own and (old.name != own.name or old.module == new.module):
        wanted = Address(own.module, new.name).path if old.module == new.module else new.path
        raise UsageError(
            f"{old.path} is another name of {own.path}, which is what would move",
            f"Give the definition: recanon move {own.path} {wanted}; change a name that is only handed on by hand.",
        )


def _not_found(program: Program, found: Resolution, old: str, new: str) -> UsageError:
    there = program.resolve_path(new)[0]
    if there.state == "found" and (found.state in {"missing", "external"} or _shimmed(program, old)):
        return AlreadyMovedError(f"{old} is not in the tree, and {new} is", "The move is done already, it seems.")
    if found.state == "external":
        return UsageError(
            f"{old} is not in the tree: no module of it is called {old.partition('.')[0]}",
            "Give the full dotted name from the root of the tree, or the right TREE.",
        )
    if found.state == "unknown":
        return UsageError(
            f"where {old} is defined cannot be told: {' -> '.join(found.chain)}",
            "Give the dotted name of the definition itself.",
        )
    return UsageError(f"{old} is not in the tree", f"{_nearest(program, old)}")


def _shimmed(program: Program, old: str) -> bool:
    """Whether nothing but a module's `__getattr__` can give the old name."""
    module, _, name = old.rpartition(".")
    facts = program.module_facts(module)
    return facts is not None and name not in facts.bindings and "__getattr__" in facts.bindings


def _nearest(program: Program, old: str) -> str:
    from difflib import get_close_matches

    module, _, name = old.rpartition(".")
    facts = program.module_facts(module)
    if facts is not None:
        close = get_close_matches(name, facts.bindings, 1)
        return f"Did you mean {module}.{close[0]}?" if close else f"{module} binds no such name."
    close = get_close_matches(old, program.modules.paths, 1)
    return f"Did you mean {close[0]}?" if close else "Check the dotted name."
