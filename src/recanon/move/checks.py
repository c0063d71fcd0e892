"""The tree as it would be: the verification ladder, and that every use denotes what it did, and no other one does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from recanon.index.mentions import Triggers
from recanon.move.cycles import new_cycles
from recanon.move.reached import attributes, is_symbol, stands_for
from recanon.move.request import Address, Move, MoveRefusedError
from recanon.move.world import File, World
from recanon.outcome import Reverted
from recanon.plan import ChangeKind, FileChange
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Limits, Scan, Unread, read_candidate
from recanon.verify import LADDER, Trial, failures
from recanon.verify.links import cycles
from recanon.verify.names import names
from recanon.verify.text import parses


def check(world: World, move: Move, changes: Sequence[FileChange], kept: frozenset[str]) -> None:
    """Check the tree as it would be.

    Args:
        world: the tree as it is.
        move: the move.
        changes: what would change.
        kept: files in which an import stays unused, because others take it from there.

    Raises:
        MoveRefusedError: something fails; nothing is to be written then.
    """
    after = overlaid(world, move, changes)
    unread = tuple(item.skipped for item in after.read.unread if item.skipped.path in {c.path for c in changes})
    wrong = []
    own = tuple(step for step in LADDER if step is not cycles)
    emptied = {change.path for change in changes if not change.after.strip()}
    for kind, ladder in ((ChangeKind.EDIT, own), (ChangeKind.CREATE, (parses, names))):
        some = {change.path: change for change in changes if change.kind is kind and change.path not in emptied}
        found = failures(Trial(world.program, after.program, some, unread=unread), ladder)
        wrong += [f"{f.path}: {f.step}: {f.reason}" for f in found.values() if not _tolerated(f, kept)]
    wrong += new_cycles(world.program, after.program, [change.path for change in changes])
    wrong = wrong or list(_strays(world, after, move))
    if wrong:
        listed = "".join(f"\n  {line}" for line in wrong[:20])
        raise MoveRefusedError(
            f"{move.old.path} cannot move: a check of the result failed, so nothing is changed:{listed}",
            "Mend the places by hand first, or choose another name or module.",
        )


def _tolerated(found: Reverted, kept: frozenset[str]) -> bool:
    return found.path in kept and "imported but unused" in found.reason


def overlaid(world: World, move: Move, changes: Sequence[FileChange]) -> World:
    """Return the tree as it would be."""
    overlay = world.program.overlay.over({change.path: change.after for change in changes})
    overlay = replace(overlay, files=tuple(sorted({*overlay.files, *(change.path for change in changes)})))
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
    known = {p: f for p, f in world.program.modules_read().items() if p not in overlay.planned}
    program = Program(overlay, ModuleMap.of(overlay.files), facts, known)
    return World(program, Scan(facts, tuple(unread)))


def _strays(before: World, after: World, move: Move) -> Iterator[str]:
    """Yield files in which more or fewer uses denote the symbol than before; the two of a carried definition as one."""
    ends = {before.program.modules.paths.get(move.old.module, ""), after.program.modules.paths.get(move.new.module, "")}
    total = [0, 0]
    for path in after.read.facts:
        one, other = before.file(path) if path in before.program.modules.modules else None, after.file(path)
        old = denoting(one, before, move.old) if one else 0
        new = denoting(other, after, move.new) if other else 0
        if path in ends:
            total = [total[0] + old, total[1] + new]
        elif old != new:
            yield f"{path}: {old} uses denote the symbol, and {new} would"
    if total[0] != total[1]:
        yield f"{' and '.join(sorted(ends))}: {total[0]} uses denote the symbol, and {total[1]} would"


def denoting(file: File, world: World, address: Address) -> int:
    """Count the names and attributes of a file, imports aside, that denote a symbol."""
    variables = [v for v in file.names.by_variable if stands_for(file, world, v, address)]
    named = [name for v in variables for name in file.names.by_variable[v] if name.role != "import"]
    reached = [r for r in attributes(file, world) if is_symbol(world, r.module, r.part.text, address)]
    return len(named) + len(reached)
