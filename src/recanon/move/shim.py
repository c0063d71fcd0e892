"""The old name, kept alive in the old module: it gives the same object, with a DeprecationWarning (PEP 562)."""

from __future__ import annotations

from dataclasses import replace

from recanon.edit import Edit, Span
from recanon.index.reader import read_module_facts
from recanon.move.request import Move, MoveRefusedError
from recanon.move.world import World
from recanon.plan import FileChange, Plan
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


def check_shim(world: World, move: Move) -> None:
    """Check that the old module can keep the old name alive.

    Raises:
        MoveRefusedError: what moves is a module, or its module has a `__getattr__` of its own.
    """
    if move.of_module:
        raise MoveRefusedError(
            f"{move.old.path} is a module, and a shim keeps the name of a function, class or value",
            "Leave --shim away.",
        )
    facts = world.program.module_facts(move.old.module)
    if facts is not None and "__getattr__" in facts.bindings:
        raise MoveRefusedError(
            f"{move.old.module} has a __getattr__ of its own, so none can be added",
            "Leave --shim away, and add the old name to it by hand.",
        )


def with_shim(plan: Plan, world: World, move: Move) -> Plan:
    """Return a plan that also keeps the old name alive.

    Args:
        plan: the plan of the move.
        world: the tree as it is.
        move: the move.

    Raises:
        MoveRefusedError: the old module keeps the name anyway, or a check of the result fails.
    """
    home = world.program.modules.paths[move.old.module]
    changes = {change.path: change for change in plan.changes}
    changes[home] = _shimmed(changes[home], move)
    trial = Trial(world.program, world.program, {home: changes[home]})
    for wrong in failures(trial, (parses, names)).values():
        raise MoveRefusedError(f"{home}: the shim fails a check: {wrong.step}: {wrong.reason}", "Leave --shim away.")
    return replace(plan, changes=tuple(changes[path] for path in sorted(changes)))


def _shimmed(change: FileChange, move: Move) -> FileChange:
    before = Source.decode(change.path, change.before)
    after = Source.decode(change.path, change.after)
    package = change.path.rpartition("/")[2] == "__init__.py"
    if move.old.name in read_module_facts(after, move.old.module, package).bindings:
        raise MoveRefusedError(
            f"{move.old.module} still uses the symbol, so {move.old.path} stays reachable, and no shim can warn",
            "Leave --shim away.",
        )
    end = Span(len(before.text), len(before.text))
    edits = (*change.edits, Edit(end, "", _text(after, move), "shim"))
    return replace(change, after=before.encode(splice(before, edits)), edits=edits)


def _text(after: Source, move: Move) -> str:
    """Return the shim with the blank lines before it, in the newlines of the file."""
    take = "" if move.in_place else f"        from {move.new.module} import {move.new.name}\n\n"
    text = _SHIM.format(old=move.old.name, path=move.old.path, new=move.new.path, name=move.new.name, take=take)
    have = len(after.text) - len(after.text.rstrip("\r\n"))
    lines = after.text[len(after.text) - have :].replace("\r\n", "\n").count("\n")
    gap = "\n" * max(0, 3 - lines) if after.text.strip() else ""
    return (gap + text).replace("\n", after.newline)
