"""The plan of all files together: what one file needs of another is settled until nothing changes any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from recanon.codemod import Refusal, Rewrite, manual
from recanon.edit import Edit
from recanon.outcome import Verdict
from recanon.propose.bypasses import Bypasses
from recanon.propose.fate import Renamed
from recanon.propose.file_plan import FilePlan, plan_file
from recanon.propose.inputs import Input, PatchAnswer
from recanon.propose.judged import Judged
from recanon.propose.looks import Looks
from recanon.propose.lookup_needs import LookupNeeds
from recanon.propose.needs import Needs, dynamic_patch
from recanon.propose.patch_strings import Patch
from recanon.propose.patches import PatchJudge, patch_edit, turns_mock
from recanon.propose.searches import (
    identifiers,
    importers_of,
    imports_module,
    mentions_in_bytes,
    names_module,
    quotes,
)
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
        self.patched = frozenset((patch.module, patch.name) for item in inputs.values() for patch in item.patches)

    def plan(self) -> ProgramPlan:
        """Settle what every file needs of the others; names are only ever added to the needs, so it ends."""
        needs: dict[str, Needs] = {}
        plans = {path: self.file(item, Needs()) for path, item in self.inputs.items()}
        while True:
            if self.settle(self.needs(plans), needs, plans):
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

    def needs(self, plans: Mapping[str, FilePlan]) -> dict[str, Needs]:
        """Return what each file must keep because of others, as the plans stand."""
        found: dict[str, Needs] = {}
        for path, need in (*self.import_needs(plans), *self.reach_needs(plans), *self.hidden_needs(plans)):
            found[path] = found.get(path, Needs()).union(need)
        for path, item in self.inputs.items():
            for patch in item.patches:
                wanted = self.patch_need(path, patch, plans)
                if wanted is not None:
                    owner = self.program.modules.paths[patch.module]
                    found[owner] = found.get(owner, Needs()).union(wanted)
        return found

    def import_needs(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """Imports that stay need the name; those that could move, in a phase that does not run, come along."""
        paths = self.program.modules.paths
        dropped = {plan.context.module: plan.dropped_names() for plan in plans.values()}
        for path, plan in plans.items():
            for module, name in plan.kept_imports():
                if name not in dropped.get(module, ()) or paths[module] == path:
                    continue
                if path not in self.fixed and self.can_follow(self.inputs[path], module, name):
                    yield path, Needs(coupled=frozenset({(module, name)}))
                else:
                    yield paths[module], Needs.fixed(name, f"{path} imports {name} from here")

    def can_follow(self, item: Input, module: str, name: str) -> bool:
        """Return whether every place that takes a name from a module could be rewritten, whatever the phase."""
        taken = [
            j
            for j in item.judged
            if j.binding is not None
            and item.facts.imports[j.binding[0]].module == module
            and item.facts.imports[j.binding[0]].names[j.binding[1]].name == name
        ]
        return bool(taken) and all(self.selection.applies(item.context, j, coupled=True) for j in taken)

    def reach_needs(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """A name that is reached as an attribute of its module, or by a string, stays with its uses."""
        for item in self.inputs.values():
            for reach in item.reaches:
                owner = self.program.modules.paths.get(reach.module, "")
                if owner not in plans:
                    continue
                names = {reach.name}.intersection(plans[owner].renamed())
                if self.program.resolve(reach.module, reach.name).state != "found":
                    names |= plans[owner].bringing(reach.name)
                for name in names:
                    yield owner, Needs.fixed(name, reach.reason)

    def hidden_needs(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """Files that cannot be read, paths put together at run time, and aliases that hide an old name."""
        overlay = self.program.overlay
        changing = {
            (plan.context.module, name): path
            for path, plan in plans.items()
            for name in plan.dropped_names() | plan.split_names()
        }
        unclear = [(path, "patches a path that it puts together") for path in self.inputs if self.dynamic(path)]
        unclear += [(item.skipped.path, "cannot be read and may patch it") for item in self.unread if item.places]
        for path, why in unclear:
            for (module, name), owner in changing.items():
                if mentions_in_bytes(overlay, path, module, name, own=path == owner):
                    yield owner, Needs.fixed(name, f"{path} {why}")
        for path, item in self.inputs.items():
            for (module, name), owner in changing.items():
                if name in item.loose and owner != path and imports_module(overlay, path, module):
                    yield owner, Needs.fixed(name, f"{path} names it and knows the module")
        yield from self.renamed_needs(plans)
        for owner, plan in plans.items():
            aliases = plan.bound(plan.changed_aliases()) | plan.split_names()
            for name in aliases - set(self.selection.migration.by_name):
                if quotes(overlay, owner, name):
                    yield owner, Needs.fixed(name, f"{owner} names it in a string")
            for name in plan.turned_aliases():
                others = (p for p in importers_of(overlay, plan.context.module, name) if p != owner)
                found = next(others, "")
                if found:
                    yield owner, Needs.fixed(name, f"{found} may import {name} from here")

    def renamed_needs(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """A module-level class that takes the canonical name keeps the old one where another file may know it."""
        renamed = {(p.context.module, n): path for path, p in plans.items() for n in p.relabelled()}
        if not renamed:
            return
        for path, data, words in identifiers(self.program.overlay, frozenset(name for _, name in renamed)):
            for (module, name), owner in renamed.items():
                known = name in words and module.rpartition(".")[2] in words
                if owner != path and known and names_module(data, module):
                    yield owner, Needs(pinned={name: f"{path} may take {name} from here"})

    def dynamic(self, path: str) -> bool:
        """Whether a file patches a name whose path it puts together when it runs."""
        return dynamic_patch(self.inputs[path].facts)

    def patch_need(self, path: str, patch: Patch, plans: Mapping[str, FilePlan]) -> Needs | None:
        """Return what a patching string needs of the module that it patches."""
        plan = plans.get(self.program.modules.paths.get(patch.module, ""))
        if plan is None or patch.name not in plan.renamed():
            return None
        renamed = plan.renamed()[patch.name]
        follows = renamed.new and patch.text.literal and path not in self.fixed
        if patch.name in plan.split_names():
            return Needs(held={patch.name: f"patched by {path}, and not every use of it can change"})
        if patch.name in plan.renamed() and turns_mock(patch, self.program):
            return Needs.fixed(patch.name, f"patched by {path}, and the mock would be one of an async function")
        if plan.unfits(lambda s, n: s.scope == 0 and n.bound == patch.name, patch.text.given):
            return Needs.fixed(patch.name, f"patched by {path}, and what stands in for it would not fit the new call")
        if patch.name in plan.dropped_names() and not follows:
            return Needs.fixed(patch.name, f"patched by {path}, and that string cannot follow")
        return None

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
                phase = phase or self.selection.phase_of_module(patch.module, self.program)
                applied = path not in self.fixed and self.selection.applies_patch(item.context, answer, phase)
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
