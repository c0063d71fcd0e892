"""Steps 5, 8 and 9: imports, `__all__` and patch targets still resolve everywhere, and no import cycle is new."""

from __future__ import annotations

from collections.abc import Iterator

from recanon.index.facts import FileFacts
from recanon.outcome import Reverted
from recanon.propose.patch_strings import patches_of
from recanon.resolve.cycles import imported_modules, reachable
from recanon.resolve.program import Program
from recanon.verify.trial import Trial


def imports(trial: Trial) -> Iterator[Reverted]:
    """Find files whose change makes an import dangle: their own, or one that takes a name from them."""
    plans = trial.plan.files if trial.plan is not None else {}
    for path in sorted(trial.changes.keys() & plans.keys()):
        for wanted in {item for fate in plans[path].fates.fates.values() for item in fate.wanted}:
            state = trial.after.resolve(wanted.module, wanted.name).state
            if state != "found":
                yield Reverted(path, "5 imports", f"{wanted.module}.{wanted.name} is {state}")
    for path, facts in trial.after.indexed.items():
        lost = _missing(facts, trial.after) - _afterwards(
            trial, _missing(trial.before.indexed.get(path, facts), trial.before)
        )
        for module, name in sorted(lost):
            if culprit := _culprit(trial, (module, name), path):
                yield Reverted(culprit, "5 imports", f"{path} could no longer import {name} from {module}")


def exports(trial: Trial) -> Iterator[Reverted]:
    """Find files whose change leaves a name in an `__all__` that resolved before and does not any more."""
    for path, facts in trial.after.indexed.items():
        if path not in trial.before.indexed:
            continue
        for name in sorted(_hollow(facts, trial.after) - _hollow(trial.before.indexed[path], trial.before)):
            if culprit := _culprit(trial, (facts.module, name), path):
                yield Reverted(culprit, "5 exports", f"{path} lists {name} in its __all__, which would be gone")


def _hollow(facts: FileFacts, program: Program) -> set[str]:
    listed = facts.module_facts.exports or ()
    return {export.name for export in listed if program.resolve(facts.module, export.name).state == "missing"}


def _culprit(trial: Trial, lost: tuple[str, str], path: str) -> str:
    """Return which change took a name away, or "".

    That of its module, else that of the file that asks, else that of a module through which the name came before.
    """
    module, name = lost
    paths = trial.after.modules.paths
    asked = (paths.get(module, ""), path)
    chain = trial.before.resolve(module, name).chain
    came = (paths.get(step.partition(":")[0], "") for step in chain)
    return next((candidate for candidate in (*asked, *came) if candidate in trial.changes), "")


def _afterwards(trial: Trial, names: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return names of modules under the modules' names after the change."""
    return {(trial.moved(module), name) for module, name in names}


def _missing(facts: FileFacts, program: Program) -> set[tuple[str, str]]:
    return {
        (statement.module, name.name)
        for statement in facts.imports
        if statement.is_from
        for name in statement.names
        if name.name != "*" and program.resolve(statement.module, name.name).state == "missing"
    }


def patch_targets(trial: Trial) -> Iterator[Reverted]:
    """Find files whose change leaves a patch target that resolved before and does not any more."""
    for path, facts in trial.after.indexed.items():
        if path not in trial.before.indexed:
            continue
        before = _afterwards(trial, _dangling(trial.before.indexed[path], trial.before))
        for module, name in sorted(_dangling(facts, trial.after) - before):
            if culprit := _culprit(trial, (module, name), path):
                yield Reverted(culprit, "8 patch targets", f"{path} patches {module}.{name}, which would be gone")


def _dangling(facts: FileFacts, program: Program) -> set[tuple[str, str]]:
    return {
        (patch.module, patch.name)
        for patch in patches_of(facts, program)
        if program.resolve(patch.module, patch.name).state == "missing"
    }


def cycles(trial: Trial) -> Iterator[Reverted]:
    """Find files that would import, at module level, a module that imports them."""
    reached: dict[str, frozenset[str]] = {}
    for path in trial.changes:
        module = trial.after.modules.modules.get(path, "")
        if not module:  # a file beside a package of its name is never imported
            continue
        fresh = set(imported_modules(trial.after, module)) - set(imported_modules(trial.before, module))
        for target in sorted(fresh):
            if target not in reached:
                reached[target] = reachable(trial.after, frozenset({target}))
            if module in reached[target]:
                yield Reverted(path, "9 cycles", f"{target} imports {module}: importing it here would make a cycle")
