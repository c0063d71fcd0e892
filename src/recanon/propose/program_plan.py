"""The plan of all files together: what one file needs of another is settled until nothing changes any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from recanon.codemod import Rewrite, manual
from recanon.edit import Edit
from recanon.propose.file_plan import FilePlan, Needs, plan_file
from recanon.propose.inputs import Input, PatchAnswer
from recanon.propose.judged import Judged
from recanon.propose.patches import Patch, PatchJudge, Renamed, patch_edit
from recanon.propose.selection import Selection
from recanon.resolve.lookups import lookups
from recanon.resolve.program import Program
from recanon.source import Source


@dataclass(frozen=True)
class ProgramPlan:
    """What would become of every candidate file.

    Args:
        files: plans by path.
        patches: answers for patching strings, by path.
    """

    files: Mapping[str, FilePlan]
    patches: Mapping[str, tuple[PatchAnswer, ...]]

    def edits(self, path: str, source: Source, program: Program) -> list[Edit]:
        """Return all edits of a file.

        Raises:
            EditConflictError: a place cannot be parsed on its own.
        """
        found = self.files[path].edits(source, program)
        for item in self.patches.get(path, ()):
            if item.applied and isinstance(item.answer, Rewrite):
                found.append(patch_edit(item.patch, item.answer.target, source.text))
        return found

    def changes(self, path: str) -> bool:
        """Return whether a file has anything to be edited."""
        plan = self.files[path]
        return bool(plan.applied) or any(item.applied for item in self.patches.get(path, ()))


class Planner:
    """Plan all files together.

    Args:
        inputs: the candidate files, by path.
        program: the whole program.
        selection: what is applied.
        refused: files that must stay as they are, with the reason.
    """

    def __init__(
        self, inputs: Mapping[str, Input], program: Program, selection: Selection, refused: Mapping[str, str]
    ) -> None:
        self.inputs = inputs
        self.program = program
        self.selection = selection
        self.refused = refused

    def plan(self) -> ProgramPlan:
        """Settle what every file needs of the others; names are only ever added to the needs, so it ends."""
        needs: dict[str, Needs] = {}
        plans = {path: self.file(item, Needs()) for path, item in self.inputs.items()}
        while True:
            fresh = self.needs(plans)
            changed = {path for path, need in fresh.items() if _more(needs.get(path, Needs()), need)}
            if not changed:
                break
            for path in changed:
                needs[path] = _union(needs.get(path, Needs()), fresh[path])
                plans[path] = self.file(self.inputs[path], needs[path])
        return ProgramPlan(plans, self.patches(plans))

    def answered(self, plan: ProgramPlan, answers: Mapping[str, tuple[Judged, ...]]) -> ProgramPlan:
        """Return the plan with new answers for some files, which nothing else depends on."""
        files = dict(plan.files)
        for path, judged in answers.items():
            files[path] = self.file(replace(self.inputs[path], judged=judged), Needs())
        return ProgramPlan(files, plan.patches)

    def file(self, item: Input, needs: Needs) -> FilePlan:
        """Plan one file."""
        reason = self.refused.get(item.facts.path)
        judged = item.judged if reason is None else tuple(_refused(j, reason) for j in item.judged)
        applies = self.selection.applies
        return plan_file(item.facts, item.context, judged, program=self.program, applies=applies, needs=needs)

    def needs(self, plans: Mapping[str, FilePlan]) -> dict[str, Needs]:
        """Return what each file must keep because of others, as the plans stand."""
        found: dict[str, Needs] = {}
        paths = self.program.modules.paths
        dropped = {plan.context.module: plan.dropped_names() for plan in plans.values()}
        for plan in plans.values():
            for module, name in plan.kept_imports():
                if name in dropped.get(module, ()) and paths[module] != plan.facts.path:
                    reason = f"{plan.facts.path} imports {name} from here"
                    found[paths[module]] = _union(found.get(paths[module], Needs()), Needs(pinned={name: reason}))
        for path, item in self.inputs.items():
            for patch in item.patches:
                need = self.patch_need(path, patch, plans)
                if need is not None:
                    owner = paths[patch.module]
                    found[owner] = _union(found.get(owner, Needs()), need)
        return found

    def patch_need(self, path: str, patch: Patch, plans: Mapping[str, FilePlan]) -> Needs | None:
        """Return what a patching string needs of the module that it patches."""
        plan = plans.get(self.program.modules.paths.get(patch.module, ""))
        if plan is None or patch.name not in plan.renamed():
            return None
        where = f"{path}:{patch.text.span.start}"
        renamed = plan.renamed()[patch.name]
        follows = renamed.new and patch.text.literal and path not in self.refused
        if patch.name in plan.split_names():
            return Needs(held={patch.name: f"patched by {where}, and not every use of it can change"})
        if patch.name in plan.dropped_names() and not follows:
            reason = f"patched by {path}, and that string cannot follow"
            return Needs(pinned={patch.name: reason}, held={patch.name: reason})
        return None

    def patches(self, plans: Mapping[str, FilePlan]) -> dict[str, tuple[PatchAnswer, ...]]:
        """Answer for every patching string, now that the fate of every name is settled."""
        renamed: dict[tuple[str, str], Renamed] = {
            (plan.context.module, name): item for plan in plans.values() for name, item in plan.renamed().items()
        }
        judge = PatchJudge(self.selection.migration, self.program, renamed, self.moving(plans))
        production = frozenset(path for path, item in self.inputs.items() if item.context.production)
        found: dict[str, tuple[PatchAnswer, ...]] = {}
        for path, item in self.inputs.items():
            answers = []
            for patch in item.patches:
                answer, phase = judge.answer(path, patch, production)
                phase = phase or self.selection.phase_of_module(patch.module, self.program)
                applied = path not in self.refused and self.selection.applies_patch(item.context, answer, phase)
                answers.append(PatchAnswer(patch, answer, phase, applied))
            found[path] = tuple(answers)
        return found

    def moving(self, plans: Mapping[str, FilePlan]) -> dict[tuple[str, str], dict[str, bool]]:
        """Return which functions look a name up when they are called, and whether their import moves."""
        found: dict[tuple[str, str], dict[str, bool]] = {}
        for path, plan in plans.items():
            for lookup in lookups(plan.facts) if not plan.context.api else ():
                fate = plan.fates.fates.get(lookup.key)
                moves = fate is not None and not fate.keep
                files = found.setdefault((lookup.module, lookup.name), {})
                files[path] = files.get(path, True) and moves
        return found


def _refused(judged: Judged, reason: str) -> Judged:
    """Say of a place in a file that stands as it was why it was not rewritten."""
    if not isinstance(judged.answer, Rewrite):
        return judged
    answer = manual(
        f"the file stands as it was: {reason}", "Change the file by hand, or mend what the check found.", "check failed"
    )
    return replace(judged, answer=answer)


def _more(old: Needs, new: Needs) -> bool:
    return bool(set(new.pinned) - set(old.pinned) or set(new.held) - set(old.held))


def _union(one: Needs, other: Needs) -> Needs:
    return replace(one, pinned={**other.pinned, **one.pinned}, held={**other.held, **one.held})
