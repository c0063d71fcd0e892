"""What a pack proposes for a tree: judge, plan, verify, and plan again without what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from recanon.discover import excluded_by
from recanon.edit import check_edits
from recanon.errors import EditConflictError, SourceError
from recanon.executor.local import Lost, Workers
from recanon.index.facts import FileFacts
from recanon.outcome import Reverted
from recanon.pack import Pack
from recanon.plan import FileChange, NewTexts, Packed
from recanon.propose.context import Contexts
from recanon.propose.coupling import Coupling
from recanon.propose.file_judge import Tools
from recanon.propose.halves import Halves
from recanon.propose.inputs import Input
from recanon.propose.judging import Judge
from recanon.propose.made import Made
from recanon.propose.needs import reaches
from recanon.propose.patch_strings import patches_of
from recanon.propose.program_plan import Planner, ProgramPlan
from recanon.propose.retire import Retirement
from recanon.propose.selection import Selection
from recanon.propose.setters import setters_of
from recanon.rescan import Rescanner
from recanon.resolve.cycles import Importers
from recanon.resolve.kinship import Overrides
from recanon.resolve.program import Program
from recanon.scan import Progress, Unread, lost_files
from recanon.source import Source, splice
from recanon.state import State
from recanon.verify import Trial, failures

_CHUNK = 20
_MANY = 1_000  # changed files: the texts of more are kept compressed


@dataclass(frozen=True)
class Proposal:
    """What one pass over a tree proposes.

    Args:
        state: the tree.
        inputs: its candidate files, judged.
        plan: what becomes of them.
        changes: the files that change.
        reverted: files whose edits were taken back.
    """

    state: State
    inputs: Mapping[str, Input]
    plan: ProgramPlan
    changes: Mapping[str, FileChange]
    reverted: tuple[Reverted, ...]


@dataclass(frozen=True)
class Settled:
    """A proposal that passed the ladder, and the tree as it would be then."""

    proposal: Proposal
    after: State


class Proposer:
    """Make proposals for one pack.

    Args:
        pack: the pack.
        exclude: glob patterns of files that the user leaves alone.
        progress: called with a stage, how much of it is done and how much there is.
        workers: who judges and rewrites.
    """

    def __init__(self, pack: Pack, exclude: tuple[str, ...], progress: Progress, workers: Workers) -> None:
        self.pack = pack
        self.migration = pack.migration
        self.contexts = Contexts.of(self.migration)
        self.excluded = excluded_by((*self.migration.exclude, *exclude))
        self.progress = progress
        self.workers = workers
        self.judged: tuple[Program, dict[str, Input]] | None = None
        self.made: Made | None = None
        self.known: dict[tuple[str, bytes], Counter[tuple[str, str]]] = {}

    def settled(self, state: State, selection: Selection, rescanner: Rescanner) -> Settled:
        """Propose and verify until nothing fails any more; a file that failed once stays as it is, so it ends.

        Args:
            state: the tree.
            selection: what is applied.
            rescanner: reads planned texts.
        """
        refused: dict[str, Reverted] = {}
        while True:
            self.progress("resolve", 0, len(state.read.facts))
            proposal = self.propose(state, selection, refused, rescanner)
            refused = {item.path: item for item in proposal.reverted}
            self.progress("verify", 0, len(proposal.changes))
            failed, after = self.verified(proposal, selection, rescanner)
            fresh = {path: reverted for path, reverted in failed.items() if path not in refused}
            if not fresh:
                return Settled(proposal, after)
            refused.update(fresh)

    def verified(
        self, proposal: Proposal, selection: Selection, rescanner: Rescanner
    ) -> tuple[dict[str, Reverted], State]:
        """Climb the ladder, and propose once more over the result, which must find nothing to do.

        Returns:
            The files that fail, and the tree as it would be.
        """
        before = proposal.state.program
        overlay = before.overlay.over(NewTexts(proposal.changes))
        read = rescanner.scan(overlay.planned)
        after = State(before.over(overlay, read.facts), read)
        unread = tuple(item.skipped for item in read.unread if item.skipped.path in proposal.changes)
        plan, changes = proposal.plan, proposal.changes
        trial = Trial(before, after.program, changes, plan, unread, self.known, workers=self.workers)
        aside = set(lost_files(read.unread))
        found = {path: replace(item, lost=item.lost or path in aside) for path, item in failures(trial).items()}
        if not found and selection.picked is None:  # what was not picked would be proposed again
            again = self.propose(after, selection).changes
            found = {path: Reverted(path, "10 second pass", _AGAIN) for path in again if path in proposal.changes}
        return found, after

    def propose(
        self,
        state: State,
        selection: Selection,
        refused: Mapping[str, Reverted] | None = None,
        rescanner: Rescanner | None = None,
    ) -> Proposal:
        """Judge all files, plan them together and make their new bytes.

        Args:
            state: the tree.
            selection: what is applied.
            refused: files that stand as they are.
            rescanner: is told what stands in the new bytes; the worker that makes them reads them at once.
        """
        inputs = self.inputs(state)
        refused = lost_of(inputs) | dict(refused or {})
        while True:
            plan = self.planned(state, inputs, selection, refused)
            changes, conflicts = self.changed(state.program, plan, selection, rescanner)
            fresh = {item.path: item for item in conflicts if item.path not in refused}
            if not fresh:
                return Proposal(state, inputs, plan, changes, tuple(refused.values()))
            refused.update(fresh)

    def inputs(self, state: State) -> dict[str, Input]:
        """Judge all files; what is asked again of the same program is answered at once."""
        program, facts_of = state.program, state.read.facts
        if self.judged is not None and self.judged[0] is program:
            return self.judged[1]
        bare = {path: self._unjudged(facts, program) for path, facts in facts_of.items()}
        patched = frozenset((patch.module, patch.name) for item in bare.values() for patch in item.patches)
        tools = Tools(
            self.migration,
            program,
            self.pack.codemods,
            Importers(program, self.migration.canonical_modules),
            Overrides(program),
            patched=patched,
            setters=setters_of(facts_of.values(), self.migration, program),
        )
        inputs = dict(bare)
        own = {path: item for path, item in bare.items() if not self.excluded.match_file(path)}
        for path, found in Judge(tools, self.workers).judged(own):
            if isinstance(found, Lost):
                inputs[path] = replace(bare[path], lost=found)
            else:
                inputs[path] = replace(bare[path], judged=found.judged, loose=found.loose)
        coupling = Coupling.of(inputs, self.migration, program)
        halves = Halves.of(inputs, self.migration, program)
        inputs = {path: halves.settled(coupling.settled(item)) for path, item in inputs.items()}
        self.judged = (program, inputs)
        return inputs

    def _unjudged(self, facts: FileFacts, program: Program) -> Input:
        """Return what is known of a file before it is judged."""
        context, patches = self.contexts.context(facts), tuple(patches_of(facts, program))
        return Input(facts, context, (), patches, tuple(reaches(facts, program)))

    def planned(
        self, state: State, inputs: Mapping[str, Input], selection: Selection, refused: Mapping[str, Reverted]
    ) -> ProgramPlan:
        """Plan all files together, then see what of the old API can go."""
        fixed = frozenset(path for path in inputs if self.excluded.match_file(path))
        reasons = {path: f"{item.step}: {item.reason}" for path, item in refused.items()}
        planner = Planner(inputs, state.program, selection, reasons, unread=state.read.unread, fixed=fixed)
        plan = planner.plan()
        retirement = Retirement(selection, state.program, inputs, plan, state.read.unread)
        return planner.answered(plan, retirement.judged(self.pack.codemods, self.workers))

    def changed(
        self, program: Program, plan: ProgramPlan, selection: Selection, rescanner: Rescanner | None = None
    ) -> tuple[dict[str, FileChange], list[Reverted]]:
        """Make the new bytes of each file that changes; a file whose edits meet stays as it is."""
        if self.made is None or self.made.program is not program:
            self.made = Made(program)
        paths = [path for path in plan.files if plan.changes(path)]
        found: dict[str, FileChange | Reverted] = {**self.made.again(plan, selection.phases, paths)}
        edited = partial(file_change, program=program, plan=plan, selection=selection)
        work = partial(_changed, edited=edited, rescanner=rescanner, packed=len(paths) > _MANY)
        for path, result in self.workers.run(work, [path for path in paths if path not in found], _CHUNK):
            made, facts = (result.reverted(path, "edits"), None) if isinstance(result, Lost) else result
            if isinstance(made, FileChange):
                self.made.keep(plan, selection.phases, made)
                if rescanner is not None:
                    rescanner.learn((path, made.after), facts)
            found[path] = made
            if len(found) % 50 == 0:
                self.progress("rewrite", len(found), len(paths))
        made_in_order = [found[path] for path in paths]
        changes = {c.path: c for c in made_in_order if isinstance(c, FileChange) and c.before != c.after}
        return changes, [item for item in made_in_order if isinstance(item, Reverted)]


def lost_of(inputs: Mapping[str, Input]) -> dict[str, Reverted]:
    """Return the files that could not be judged, which stand as they are."""
    return {path: item.lost.reverted(path, "judging") for path, item in inputs.items() if item.lost is not None}


def _changed(
    path: str, *, edited: Callable[[str], FileChange], rescanner: Rescanner | None, packed: bool
) -> tuple[FileChange | Reverted, FileFacts | Unread | None]:
    """Make the new bytes of a file, and read what stands in them."""
    try:
        change = edited(path)
    except (EditConflictError, SourceError) as exc:
        return Reverted(path, "edits", exc.message), None
    except RecursionError:
        return Reverted(path, "edits", "what is to be rewritten is nested too deep for LibCST"), None
    facts = rescanner.job((path, change.after)) if rescanner is not None else None
    if packed:
        change = replace(change, before=Packed.of(change.before), after=Packed.of(change.after))
    return change, facts


def file_change(path: str, program: Program, plan: ProgramPlan, selection: Selection) -> FileChange:
    """Make the new bytes of one file.

    Raises:
        EditConflictError: two edits meet and differ.
        SourceError: the new text cannot be written in the file's encoding.
    """
    data = program.overlay.read(path)
    source = Source.decode(path, data)
    edits = check_edits(path, source.text, plan.edits(path, source, program))
    after = source.encode(splice(source, edits))
    return FileChange(path, data, after, tuple(edits), _phases(path, plan, selection.phases))


def _phases(path: str, plan: ProgramPlan, running: tuple[str, ...]) -> tuple[str, ...]:
    """Return the phases of a file's edits; what comes along with another phase belongs to those that run."""
    file = plan.files[path]
    own = {file.judged[number].phase for number in file.applied}
    own |= {item.phase for item in plan.patches.get(path, ()) if item.applied}
    return tuple(phase for phase in running if phase in own or own - set(running))


_AGAIN = "a second pass would change the file again"
