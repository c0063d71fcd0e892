"""Who asks for a module that a guest deletes: no other step of the ladder sees a module that is no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from recanon.index.facts import FileFacts, ImportStatement
from recanon.outcome import Reverted
from recanon.propose.patch_strings import patches_of
from recanon.resolve.program import Program
from recanon.verify import Step, Trial


def orphans(deleted: Iterable[str]) -> Step:
    """Return a step that finds deleted files whose module is still imported or patched.

    Args:
        deleted: the files.
    """
    paths = tuple(deleted)

    def step(trial: Trial) -> Iterator[Reverted]:
        named = trial.before.modules.modules  # a file beside a package of its name has none
        gone = {named[path]: path for path in paths if path in named}
        gone = {module: path for module, path in gone.items() if not trial.after.modules.holds(module)}
        for asker, facts in trial.after.indexed.items() if gone else ():
            yield from _asked(trial, asker, facts, gone)

    return step


def _asked(trial: Trial, asker: str, facts: FileFacts, gone: Mapping[str, str]) -> Iterator[Reverted]:
    for statement in facts.imports:
        for module in _modules(statement, trial.after):
            if module in gone:
                yield Reverted(gone[module], "5 imports", f"{asker} could no longer import {module}")
    for patch in patches_of(facts, trial.before):
        if patch.module in gone:
            reason = f"{asker} patches {patch.module}.{patch.name}, which would be gone"
            yield Reverted(gone[patch.module], "8 patch targets", reason)


def _modules(statement: ImportStatement, after: Program) -> Iterator[str]:
    """Yield the modules that an import may name, one that is a name of its package left out."""
    if statement.is_from:
        yield statement.module
    for name in statement.names:
        if not statement.is_from:
            yield name.name
        elif after.resolve(statement.module, name.name).state != "found":
            yield f"{statement.module}.{name.name}"
