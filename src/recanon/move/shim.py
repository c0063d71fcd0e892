"""The old name, kept alive in the old module: it gives the same object, with a DeprecationWarning (PEP 562)."""

from __future__ import annotations

from dataclasses import replace

from recanon.edit import Edit, Span
from recanon.index.reader import read_module_facts
from recanon.move.request import Address, Move, MoveRefusedError
from recanon.move.world import World
from recanon.plan import ChangeKind, FileChange, Plan
from recanon.source import Source, splice
from recanon.verify import Trial, failures
from recanon.verify.names import names
from recanon.verify.text import parses

_SHIM = '''\
def __getattr__(name: str) -> object:
    """Give what has another name or place now, with a warning."""
    if name == "{old}":
        import warnings

{take}        warnings.warn("{path} is {new} now", DeprecationWarning, stacklevel=2)
        return {name}
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
'''


def check_shim(move: Move) -> None:
    """Check that what moves can have a shim.

    Raises:
        MoveRefusedError: it is a module.
    """
    if move.of_module:
        raise MoveRefusedError(
            f"{move.old.path} is a module, and a shim keeps the name of a function, class or value",
            "Leave --shim away.",
        )


def with_shim(plan: Plan, world: World, move: Move) -> Plan:
    """Return a plan that also keeps the old name alive, in its module and in the packages that handed it on.

    Args:
        plan: the plan of the move.
        world: the tree as it is.
        move: the move.

    Raises:
        MoveRefusedError: a module keeps the name anyway or has a `__getattr__`, or a check of the result fails.
    """
    home = world.program.modules.paths[move.old.module]
    shimmed = {change.path: _shimmed(change, move.old.module, move) for change in plan.changes if change.path == home}
    for change in plan.changes:
        if change.path != home and _hands_on_no_more(change, world, move):
            shimmed[change.path] = _shimmed(change, world.program.modules.modules[change.path], move)
    for wrong in failures(Trial(world.program, world.program, shimmed), (parses, names)).values():
        raise MoveRefusedError(f"{wrong.path}: the shim fails a check: {wrong.step}: {wrong.reason}", "Leave it away.")
    return replace(plan, changes=tuple(shimmed.get(change.path, change) for change in plan.changes))


def _hands_on_no_more(change: FileChange, world: World, move: Move) -> bool:
    """Whether a package handed the old name on, and does so no more."""
    module = world.program.modules.modules.get(change.path, "")
    facts = world.program.module_facts(module)
    package = change.path.rpartition("/")[2] == "__init__.py" and change.kind is ChangeKind.EDIT
    if not package or facts is None or move.old.name not in facts.bindings:
        return False
    symbol = world.program.resolve(module, move.old.name).symbol
    after = read_module_facts(Source.decode(change.path, change.after), module, True)
    own = symbol is not None and symbol.path == move.old.path
    return own and move.old.name not in after.bindings and move.new.name in after.bindings


def _shimmed(change: FileChange, module: str, move: Move) -> FileChange:
    before = Source.decode(change.path, change.before)
    after = Source.decode(change.path, change.after)
    package = change.path.rpartition("/")[2] == "__init__.py"
    bindings = read_module_facts(after, module, package).bindings
    if "__getattr__" in bindings:
        raise MoveRefusedError(
            f"{module} has a __getattr__ of its own, so none can be added",
            "Leave --shim away, and add the old name to it by hand.",
        )
    if move.old.name in bindings:
        raise MoveRefusedError(
            f"{module} still uses the symbol, so {module}.{move.old.name} stays reachable, and no shim can warn",
            "Leave --shim away.",
        )
    end = Span(len(before.text), len(before.text))
    edits = (*change.edits, Edit(end, "", _text(after, module, move), "shim"))
    return replace(change, after=before.encode(splice(before, edits)), edits=edits)


def _text(after: Source, module: str, move: Move) -> str:
    """Return the shim with the blank lines before it, in the newlines of the file."""
    here = move.in_place or module != move.old.module
    new = Address(module if here else move.new.module, move.new.name).path
    take = "" if here else f"        from {move.new.module} import {move.new.name}\n\n"
    path = Address(module, move.old.name).path
    text = _SHIM.format(old=move.old.name, path=path, new=new, name=move.new.name, take=take)
    have = len(after.text) - len(after.text.rstrip("\r\n"))
    lines = after.text[len(after.text) - have :].replace("\r\n", "\n").count("\n")
    gap = "\n" * max(0, 3 - lines) if after.text.strip() else ""
    return (gap + text).replace("\n", after.newline)
