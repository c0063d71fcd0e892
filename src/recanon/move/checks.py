"""The tree as it would be: the verification ladder, and that every use denotes what it did, and no other one does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from recanon.index.mentions import Triggers
from recanon.move.names import Variable
from recanon.move.refusals import MoveRefusedError
from recanon.move.request import Address, Move
from recanon.move.uses import attributes, imported
from recanon.move.world import File, World
from recanon.plan import FileChange
from recanon.scan import Limits, Scan, Unread, read_candidate
from recanon.verify import Trial, failures


def check(world: World, move: Move, changes: Sequence[FileChange]) -> None:
    """Check the tree as it would be.

    Raises:
        MoveRefusedError: something fails; nothing is to be written then.
    """
    after = overlaid(world, move, changes)
    unread = tuple(item.skipped for item in after.read.unread if item.skipped.path in {c.path for c in changes})
    trial = Trial(world.program, after.program, {change.path: change for change in changes}, unread=unread)
    wrong = [f"{found.path}: {found.step}: {found.reason}" for found in failures(trial).values()]
    if not wrong:
        wrong = list(_strays(world, after, move))
    if wrong:
        listed = "".join(f"\n  {line}" for line in wrong[:20])
        raise MoveRefusedError(
            f"{move.old.path} cannot move: a check of the result failed, so nothing is changed:{listed}",
            "Mend the places by hand first, or choose another name.",
        )


def overlaid(world: World, move: Move, changes: Sequence[FileChange]) -> World:
    """Return the tree as it would be."""
    overlay = world.program.overlay.over({change.path: change.after for change in changes})
    facts = dict(world.read.facts)
    unread: list[Unread] = []
    words = frozenset({move.old.name, move.new.name})
    triggers = Triggers(words, frozenset({move.old.module, move.new.module} - {""}), frozenset())
    source_root = "src/__init__.py" not in overlay.files
    for change in changes:
        limits = Limits(len(change.after), change.after.count(b"\n"))
        item = read_candidate(change.path, change.after, triggers, limits, source_root=source_root, bare=True)
        if isinstance(item, Unread):
            unread.append(item)
            facts.pop(change.path, None)
        elif item is not None:
            facts[change.path] = item
    read = Scan(facts, tuple(unread))
    return World(world.program.over(overlay, facts), read)


def _strays(before: World, after: World, move: Move) -> Iterator[str]:
    """Yield files in which more or fewer uses denote the symbol than before."""
    for path in after.read.facts:
        one, other = before.file(path), after.file(path)
        if one is None or other is None:
            continue
        old, new = denoting(one, before, move.old), denoting(other, after, move.new)
        if old != new:
            yield f"{path}: {old} uses denote the symbol, and {new} would"


def denoting(file: File, world: World, address: Address) -> int:
    """Count the names and attributes of a file, imports aside, that denote a symbol."""
    found = Counter(_named(file, world, address))
    reached = [r for r in attributes(file, world) if _is(world, r.module, r.part.text, address)]
    return sum(found.values()) + len(reached)


def _named(file: File, world: World, address: Address) -> Iterator[Variable]:
    for variable, names in file.names.by_variable.items():
        if not _stands_for(file, world, variable, address):
            continue
        for name in names:
            if name.role != "import":
                yield variable


def _stands_for(file: File, world: World, variable: Variable, address: Address) -> bool:
    if file.module == address.module and variable.scope == 0:
        return variable.name == address.name
    if variable.scope == -1:
        return any(at.star for at in file.names.imports) and _is(world, file.module, variable.name, address)
    found = [f.symbol.path if f.symbol else "" for f in imported(file.names, world.program, variable)]
    return bool(found) and all(path == address.path for path in found)


def _is(world: World, module: str, name: str, address: Address) -> bool:
    symbol = world.program.resolve(module, name).symbol
    return symbol is not None and symbol.path == address.path
