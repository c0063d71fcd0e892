"""The tree as it would be: the verification ladder, and that every use denotes what it did, and no other one does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from recanon.index.facts import FileFacts
from recanon.index.mentions import Triggers
from recanon.move.cycles import new_cycles
from recanon.move.names import Variable
from recanon.move.reached import attributes, is_symbol, stands_for
from recanon.move.request import Address, Move, MoveRefusedError
from recanon.move.world import File, World
from recanon.outcome import Reverted
from recanon.plan import ChangeKind, FileChange
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Limits, Scan, Unread, read_candidate
from recanon.source import text_key
from recanon.verify import LADDER, Trial, failures
from recanon.verify.links import cycles
from recanon.verify.names import names
from recanon.verify.text import parses

_UNUSED = "imported but unused"


@dataclass(frozen=True)
class Trying:
    """A move on trial.

    Args:
        world: the tree as it is.
        move: the move.
        changes: the texts that would change, each under the path that it has now.
        kept: files in which an import stays unused, because others take it from there.
        paths: the new path of each file that gets another one.
    """

    world: World
    move: Move
    changes: Sequence[FileChange]
    kept: frozenset[str]
    paths: Mapping[str, str]

    def at(self, path: str) -> str:
        """Return the new path of a file."""
        return self.paths.get(path, path)


def check(trying: Trying) -> None:
    """Check the tree as it would be.

    Raises:
        MoveRefusedError: something fails; nothing is to be written then.
    """
    world, move = trying.world, trying.move
    changes = [replace(change, path=trying.at(change.path)) for change in trying.changes]
    after = overlaid(trying, changes)
    unread = tuple(item.skipped for item in after.read.unread if item.skipped.path in {c.path for c in changes})
    wrong = []
    own = tuple(step for step in LADDER if step is not cycles)
    emptied = {change.path for change in changes if not change.after.strip()}
    for kind, ladder in ((ChangeKind.EDIT, own), (ChangeKind.CREATE, (parses, names))):
        some = {change.path: change for change in changes if change.kind is kind and change.path not in emptied}
        trial = Trial(world.program, after.program, some, unread=unread, moved=move.module)
        found = [f for f in failures(trial, ladder).values() if not _tolerated(f, trying.kept, trial)]
        wrong += [f"{f.path}: {f.step}: {f.reason}" for f in found]
    if not move.of_module:
        wrong += new_cycles(world.program, after.program, [change.path for change in changes])
    wrong = wrong or [*_lost(trying, after), *_strays(trying, after)]
    if wrong:
        raise MoveRefusedError(
            f"{move.old.path} cannot move: a check of the result failed, so nothing is changed",
            "Mend the places by hand first, move what it needs before it, or choose another name or module.",
            wrong,
        )


def _tolerated(found: Reverted, kept: frozenset[str], trial: Trial) -> bool:
    """Whether no more names are unused than before, only others, or the import stays because others take it."""
    if _UNUSED not in found.reason:
        return False
    change = trial.changes[found.path]
    before, after = (trial.known[text_key(found.path, data)] for data in (change.before, change.after))
    old, new = (sum(n for (code, _), n in each.items() if code == "F401") for each in (before, after))
    return new <= old or found.path in kept


def overlaid(trying: Trying, changes: Sequence[FileChange]) -> World:
    """Return the tree as it would be, with the changes at their new paths."""
    world, move = trying.world, trying.move
    before = world.program.overlay
    moved = {new: before.read(old) for old, new in trying.paths.items() if new.endswith(".py")}
    planned = {**moved, **{change.path: change.after for change in changes}}
    files = {*before.files, *planned} - trying.paths.keys()
    overlay = replace(before, files=tuple(sorted(files)), planned=planned)
    facts = {path: found for path, found in world.read.facts.items() if path not in trying.paths}
    unread: list[Unread] = []
    words = frozenset({move.old.name, move.new.name})
    triggers = Triggers(words, frozenset({move.old.module, move.new.module} - {""}), frozenset())
    source_root = "src/__init__.py" not in overlay.files
    for path, data in planned.items():
        limits = Limits(len(data), data.count(b"\n"))
        item = read_candidate(path, data, triggers, limits, source_root=source_root, bare=True)
        if isinstance(item, Unread):
            unread.append(item)
            facts.pop(path, None)
        elif item is not None:
            facts[path] = item
    known = {p: f for p, f in world.program.modules_read().items() if p not in planned and p not in trying.paths}
    program = Program(overlay, ModuleMap.of(overlay.files), facts, known)
    own = None if world.words is None else words
    return World(program, Scan(facts, tuple(unread)), own, world.known(without={*planned, *trying.paths}))


def _pairs(trying: Trying, after: World) -> Iterator[tuple[str, File | None, File | None]]:
    """Yield each candidate file as it would be, with what it was."""
    old_path = {new: old for old, new in trying.paths.items()}
    files = frozenset(trying.world.program.overlay.files)
    for path, facts in after.read.facts.items():
        old = old_path.get(path, path)
        was = trying.world.read.facts.get(old)
        if not after.matters(facts) and (was is None or not trying.world.matters(was)):
            continue
        yield path, trying.world.file(old) if old in files else None, after.file(path)


def _lost(trying: Trying, after: World) -> Iterator[str]:
    """Yield imports that lead nowhere, and did not before."""
    modules = trying.world.program.modules.modules | after.program.modules.modules
    changed = frozenset(modules[change.path] for change in trying.changes if change.path in modules)
    near = None if trying.move.of_module else changed | {trying.move.old.name, trying.move.new.name}
    for path, one, other in _pairs(trying, after):
        before = {(trying.move.module(m), n) for m, n in dangling(one, trying.world, near)} if one else set()
        for module, name in sorted(dangling(other, after, near) - before) if other else ():
            yield f"{path}: {f'{module}.{name}' if name else module} could not be imported any more"
    for path, facts in after.read.facts.items():
        for module, name in () if after.matters(facts) else sorted(taken(facts)):
            lost = after.program.resolve(module, name).state == "missing"
            if lost and trying.world.program.resolve(module, name).state != "missing":
                yield f"{path}: {module}.{name} could not be imported any more"


def taken(facts: FileFacts) -> set[tuple[str, str]]:
    """Return what the imports of a file that was not read in full take from modules."""
    return {(at.module, name.name) for at in facts.imports if at.module for name in at.names if name.name != "*"}


def dangling(file: File, world: World, near: frozenset[str] | None = None) -> set[tuple[str, str]]:
    """Return the imports of a file that name something which the tree should hold, and does not.

    Args:
        file: the file.
        world: the tree.
        near: the modules of which something may be gone, and the names that may be; None looks at all imports.
    """
    found = set()
    for at in file.names.imports:
        if near is not None and at.is_from and near.isdisjoint((at.module, *(alias.name for alias in at.aliases))):
            continue
        if at.is_from and world.program.imported(at.module).state == "missing":
            found.add((at.module, ""))
        for alias in at.aliases:
            if not at.is_from and world.program.imported(alias.name).state == "missing":
                found.add((alias.name, ""))
            elif at.is_from and not at.star and world.program.resolve(at.module, alias.name).state == "missing":
                found.add((at.module, alias.name))
    return found


def _strays(trying: Trying, after: World) -> Iterator[str]:
    """Yield files in which more or fewer uses denote the symbol than before; the two of a carried definition as one."""
    before, move = trying.world, trying.move
    ends = {before.program.modules.paths.get(move.old.module, ""), after.program.modules.paths.get(move.new.module, "")}
    total = [0, 0]
    for path, one, other in _pairs(trying, after):
        old = denoting(one, before, move.old) if one else 0
        new = denoting(other, after, move.new) if other else 0
        if path in ends and not move.of_module:
            total = [total[0] + old, total[1] + new]
        elif old != new:
            yield f"{path}: {old} uses denote the symbol, and {new} would"
    if total[0] != total[1]:
        yield f"{' and '.join(sorted(ends))}: {total[0]} uses denote the symbol, and {total[1]} would"


def denoting(file: File, world: World, address: Address) -> int:
    """Count the names and attributes of a file, imports aside, that denote a symbol."""
    variables = [v for v in _brought(file, address) if stands_for(file, world, v, address)]
    named = [name for v in variables for name in file.names.by_variable[v] if name.role != "import"]
    reached = [r for r in attributes(file, world) if is_symbol(world, r.module, r.part.text, address)]
    return len(named) + len(reached)


def _brought(file: File, address: Address) -> set[Variable]:
    """Return the variables of a file that can denote a symbol: imported ones, its own, and what a star may bring."""
    names = file.names
    found = {names.variable(alias.bound) for at in names.imports for alias in at.aliases if alias.bound}
    if any(at.star for at in names.imports):
        found |= {variable for variable in names.by_variable if variable.scope == -1}
    return {v for v in [*found, Variable(0, address.name)] if v in names.by_variable}
