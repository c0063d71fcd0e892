"""The plan of all files together: what one file needs of another is settled until nothing changes any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from recanon.codemod import Refusal, Rewrite, manual
from recanon.edit import Edit
from recanon.outcome import Verdict
from recanon.propose.bypasses import Bypasses
from recanon.propose.demands import Demands
from recanon.propose.fate import Renamed
from recanon.propose.file_plan import FilePlan, plan_file
from recanon.propose.inputs import Input, PatchAnswer
from recanon.propose.judged import Judged
from recanon.propose.looks import Looks
from recanon.propose.lookup_needs import LookupNeeds
from recanon.propose.needs import Needs
from recanon.propose.patches import PatchJudge, patch_edit
from recanon.propose.selection import Selection
from recanon.resolve.program import Program
from recanon.scan import Unread
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
        unread: files that could not be read as source.
        fixed: files that the user or the pack excludes.
    """

    def __init__(
        self,
        inputs: Mapping[str, Input],
        program: Program,
        selection: Selection,
        refused: Mapping[str, str],
        *,
        unread: Iterable[Unread] = (),
        fixed: frozenset[str] = frozenset(),
    ) -> None:
        self.inputs = inputs
        self.program = program
        self.selection = selection
        self.refused = refused
        self.unread = tuple(unread)
        self.fixed = fixed | frozenset(refused)
        self.demands = Demands(inputs, program, selection, self.unread, self.fixed)
        self.patched = frozenset((patch.module, patch.name) for item in inputs.values() for patch in item.patches)

    def plan(self) -> ProgramPlan:
        """Settle what every file needs of the others; names are only ever added to the needs, so it ends."""
        needs: dict[str, Needs] = {}
        plans = {path: self.file(item, Needs()) for path, item in self.inputs.items()}
        while True:
            if self.settle(self.demands.needs(plans), needs, plans):
                continue
            looks = Looks.of(plans, self.inputs, self.program)
            patches = self.patches(plans, looks)
            lookup_needs = LookupNeeds(looks, plans, self.inputs, self.selection.migration)
            if not self.settle(lookup_needs.needs(patches), needs, plans):
                return ProgramPlan(plans, patches)

    def settle(self, fresh: Mapping[str, Needs], needs: dict[str, Needs], plans: dict[str, FilePlan]) -> bool:
        """Plan the files anew of which more is needed; return whether there were any."""
        changed = {path for path, need in fresh.items() if need.adds_to(needs.get(path, Needs()))}
        for path in changed:
            needs[path] = needs.get(path, Needs()).union(fresh[path])
            plans[path] = self.file(self.inputs[path], needs[path])
        return bool(changed)

    def answered(self, plan: ProgramPlan, answers: Mapping[str, tuple[Judged, ...]]) -> ProgramPlan:
        """Return the plan with new answers for some files, which nothing else depends on."""
        files = dict(plan.files)
        for path, judged in answers.items():
            files[path] = self.file(replace(self.inputs[path], judged=judged), Needs())
        return ProgramPlan(files, plan.patches)

    def file(self, item: Input, needs: Needs) -> FilePlan:
        """Plan one file."""
        reason = self.refused.get(item.facts.path)
        if reason is not None:
            item = replace(item, judged=tuple(_refused(j, reason) for j in item.judged))
        applies = self.selection.applies
        return plan_file(item, program=self.program, applies=applies, needs=needs, patched=self.patched)

    def patches(self, plans: Mapping[str, FilePlan], looks: Looks) -> dict[str, tuple[PatchAnswer, ...]]:
        """Answer for every patching string, now that the fate of every name is settled."""
        renamed: dict[tuple[str, str], Renamed] = {
            (plan.context.module, name): item for plan in plans.values() for name, item in plan.renamed().items()
        }
        judge = PatchJudge(self.selection.migration, self.program, renamed, looks)
        bypasses = Bypasses.of(plans.values(), self.program)
        found: dict[str, tuple[PatchAnswer, ...]] = {}
        for path, item in self.inputs.items():
            answers = []
            for patch in item.patches:
                answer, phase = judge.answer(path, patch)
                if isinstance(answer, Refusal) and answer.verdict is not Verdict.MANUAL:
                    answer = bypasses.answer(patch, path, self.program) or answer
                phase = phase or item.patch_phases.get((patch.module, patch.name), "")
                phase = phase or self.selection.phase_of_module(patch.module, self.program)
                applied = path not in self.fixed and self.selection.applies_patch(path, patch, answer, phase)
                answers.append(PatchAnswer(patch, answer, phase, applied))
            found[path] = tuple(answers)
        return found


def _refused(judged: Judged, reason: str) -> Judged:
    """Say of a place in a file that stands as it was why it was not rewritten."""
    if not isinstance(judged.answer, Rewrite):
        return judged
    answer = manual(
        f"the file stands as it was: {reason}", "Change the file by hand, or mend what the check found.", "check failed"
    )
    return replace(judged, answer=answer)
