"""The imports that a module needs for a carried definition, and those that can take their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recanon.edit import Edit
from recanon.move.names import ImportAt, Variable
from recanon.move.request import Address
from recanon.move.statements import with_wanted
from recanon.move.world import File
from recanon.rewrite.imports import Wanted


@dataclass(frozen=True)
class Need:
    """A name that a carried definition needs in its new module.

    Args:
        variable: the name.
        statement: the import that brings it.
        typing_only: whether it is needed for annotations alone.
        source, asname: of a `from` import, what it imports and under which other name.
    """

    variable: Variable
    statement: str
    typing_only: bool = False
    source: Address | None = None
    asname: str = ""


def joining(file: File, needs: Sequence[Need], leaving: Address) -> tuple[list[Need], list[Edit]]:
    """Let imports at the top of a file take the names that come from the same module.

    Args:
        file: the file.
        needs: what it needs.
        leaving: the old address; the import that names it is edited already.

    Returns:
        Those that need a statement of their own, and the edits of those that join one.
    """
    rest: list[Need] = []
    found: dict[ImportAt, list[Wanted]] = {}
    for need in needs:
        at = None if need.source is None or need.typing_only else _joinable(file, need.source.module, leaving)
        if at is None or need.source is None:
            rest.append(need)
        else:
            found.setdefault(at, []).append(Wanted(need.source.module, need.source.name, need.asname))
    return rest, [with_wanted(file.source, at, wanted) for at, wanted in found.items()]


def _joinable(file: File, module: str, leaving: Address) -> ImportAt | None:
    for at in file.names.imports:
        top = at.is_from and not at.star and at.module == module and at.place.scope == 0 and at.place.flat
        if top and not (module == leaving.module and any(a.name == leaving.name for a in at.aliases)):
            return at
    return None


def gathered(statements: Iterable[str]) -> list[str]:
    """Return import statements with the names of one module in one statement."""
    found: dict[str, list[str]] = {}
    for statement in statements:
        head, word, names = statement.rpartition(" import ")
        found.setdefault(head + word if statement.startswith("from ") else statement, []).append(names)
    return [head + ", ".join(names) if head.endswith(" import ") else head for head, names in found.items()]
