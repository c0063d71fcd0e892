"""A session: from a tree and a pack to a plan. It neither prints nor writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from recanon.discover import Discovery, discover, excluded_by
from recanon.edit import check_edits
from recanon.errors import EditConflictError, SourceError, UsageError
from recanon.executor.local import Workers, without_collector
from recanon.outcome import Account, Finding, Reverted, Skipped
from recanon.overlay import Overlay
from recanon.pack import Pack
from recanon.plan import FileChange, Plan
from recanon.propose.account import FileAccount, alias_mentions, imported_mentions, unread_findings
from recanon.propose.context import Contexts
from recanon.propose.file_judge import Tools
from recanon.propose.inputs import Input
from recanon.propose.judge import judge_file
from recanon.propose.needs import loose_names, reaches
from recanon.propose.patch_strings import patches_of
from recanon.propose.program_plan import Planner, ProgramPlan
from recanon.propose.retire import Retirement
from recanon.propose.selection import Selection
from recanon.resolve.cycles import Importers
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Rescanner, Scan, scan
from recanon.settings import Settings
from recanon.source import Source, splice
from recanon.verify import Trial, failures

Progress = Callable[[str, int, int], None]


def make_plan(root: Path, pack: Pack, settings: Settings, progress: Progress | None = None) -> Plan:
    """Plan a migration; nothing is written.

    Args:
        root: the tree.
        pack: the pack.
        settings: how to read and what to apply.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        UsageError: the tree is no folder or holds no Python file, or a phase is unknown.
    """
    return Session(root, pack, settings, progress or _silent).plan()


def _silent(stage: str, done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Proposal:
    """What one pass over a tree proposes."""

    program: Program
    inputs: Mapping[str, Input]
    plan: ProgramPlan
    changes: Mapping[str, FileChange]
    reverted: tuple[Reverted, ...]


class Session:
    """One run of a pack over a tree."""

    def __init__(self, root: Path, pack: Pack, settings: Settings, progress: Progress) -> None:
        self.root = root
        self.pack = pack
        self.migration = pack.migration
        self.settings = settings
        self.progress = progress
        self.contexts = Contexts.of(self.migration)
        self.selection = Selection.of(self.migration, self.contexts, settings.phases, settings.include)
        self.judged: tuple[Program, dict[str, Input]] | None = None
        self.known: dict[tuple[str, bytes], Counter[tuple[str, str]]] = {}
        self.excluded = excluded_by((*self.migration.exclude, *settings.exclude))

    def plan(self) -> Plan:
        """Plan the migration."""
        self.progress("discover", 0, 1)
        found = discover(self.root)
        overlay = Overlay(self.root, found.files)
        total = len(found.files)
        self.progress("read", 0, total)
        with without_collector(), Workers(self.settings.jobs) as workers:
            triggers = self.migration.triggers
            read = scan(overlay, triggers, self.settings, workers, lambda done: self.progress("read", done, total))
            program = Program(overlay, ModuleMap.of(found.files), read.facts)
            self.check_canonical(program, read)
            proposal = self.settled(program, read, Rescanner(read, triggers, workers, overlay.files))
        return self.frozen(found, read, proposal)

    def check_canonical(self, program: Program, read: Scan) -> None:
        """Stop where the tree has old names but no canonical module at all: the options name another tree.

        Raises:
            UsageError: no canonical module of the pack is in the tree.
        """
        modules = sorted({path.rpartition(".")[0] for path in self.migration.canonical.values()})
        mentions = any(facts.mentions for facts in read.facts.values())
        if mentions and modules and not any(module in program.modules.paths for module in modules):
            options = ", ".join(f"--set {name}={value}" for name, value in self.migration.options.items())
            raise UsageError(
                f"the tree has no module {modules[0]}, the canonical one of pack {self.pack.info.id}",
                f"Check the pack's options ({options}), or the folder.",
            )

    def settled(self, program: Program, read: Scan, rescanner: Rescanner) -> Proposal:
        """Propose and verify until nothing fails any more; a file that failed once stays as it is, so it ends."""
        refused: dict[str, Reverted] = {}
        while True:
            self.progress("resolve", 0, len(read.facts))
            proposal = self.propose(program, read, refused)
            refused = {item.path: item for item in proposal.reverted}
            self.progress("verify", 0, len(proposal.changes))
            failed = self.verified(program.overlay, rescanner, proposal)
            fresh = {path: reverted for path, reverted in failed.items() if path not in refused}
            if not fresh:
                return proposal
            refused.update(fresh)

    def verified(self, overlay: Overlay, rescanner: Rescanner, proposal: Proposal) -> dict[str, Reverted]:
        """Climb the ladder, and propose once more over the result, which must find nothing to do."""
        planned = {path: change.after for path, change in proposal.changes.items()}
        after = rescanner.scan(planned)
        program = proposal.program.over(overlay.over(planned), after.facts)
        found = failures(self.trial(proposal, program, after))
        if found:
            return found
        again = self.propose(program, after)
        return {
            path: Reverted(path, "10 second pass", "a second pass would change the file again")
            for path in again.changes
            if path in proposal.changes
        }

    def trial(self, proposal: Proposal, program: Program, after: Scan) -> Trial:
        """Set up what the ladder looks at."""
        unread = tuple(item.skipped for item in after.unread)
        return Trial(proposal.program, program, proposal.changes, proposal.plan, unread, self.known)

    def propose(self, program: Program, read: Scan, refused: Mapping[str, Reverted] | None = None) -> Proposal:
        """Judge all files, plan them together and make their new bytes."""
        refused = dict(refused or {})
        inputs = self.inputs(program, read)
        while True:
            plan = self.planned(inputs, program, read, {p: f"{r.step}: {r.reason}" for p, r in refused.items()})
            changes, conflicts = self.changed(program, plan)
            fresh = {item.path: item for item in conflicts if item.path not in refused}
            if not fresh:
                return Proposal(program, inputs, plan, changes, tuple(refused.values()))
            refused.update(fresh)

    def inputs(self, program: Program, read: Scan) -> dict[str, Input]:
        """Judge all files; what is asked again of the same program is answered at once."""
        if self.judged is not None and self.judged[0] is program:
            return self.judged[1]
        roots = frozenset(path.rpartition(".")[0] for path in self.migration.canonical.values())
        patches = {path: tuple(patches_of(facts, program)) for path, facts in read.facts.items()}
        patched = frozenset((patch.module, patch.name) for found in patches.values() for patch in found)
        tools = Tools(self.migration, program, self.pack.codemods, Importers(program, roots), patched)
        inputs: dict[str, Input] = {}
        for path, facts in read.facts.items():
            context = self.contexts.context(facts)
            if self.excluded.match_file(path):
                inputs[path] = Input(facts, context, (), patches[path], tuple(reaches(facts, program)))
            else:
                judged = judge_file(tools, facts, context)
                loose = frozenset() if context.about_old_api else loose_names(facts, program)
                inputs[path] = Input(facts, context, judged, patches[path], tuple(reaches(facts, program)), loose)
        self.judged = (program, inputs)
        return inputs

    def planned(
        self, inputs: Mapping[str, Input], program: Program, read: Scan, refused: Mapping[str, str]
    ) -> ProgramPlan:
        """Plan all files together, then see what of the old API can go."""
        fixed = frozenset(path for path in inputs if self.excluded.match_file(path))
        planner = Planner(inputs, program, self.selection, refused, unread=read.unread, fixed=fixed)
        plan = planner.plan()
        retirement = Retirement(self.migration, program, inputs, plan, read.unread)
        return planner.answered(plan, retirement.judged(self.pack.codemods))

    def changed(self, program: Program, plan: ProgramPlan) -> tuple[dict[str, FileChange], list[Reverted]]:
        """Make the new bytes of each file that changes; a file whose edits meet stays as it is."""
        changes: dict[str, FileChange] = {}
        conflicts: list[Reverted] = []
        paths = [path for path in plan.files if plan.changes(path)]
        for number, path in enumerate(paths):
            if number % 50 == 0:
                self.progress("rewrite", number, len(paths))
            try:
                change = self.change(path, program, plan)
            except (EditConflictError, SourceError) as exc:
                conflicts.append(Reverted(path, "edits", exc.message))
                continue
            if change.before != change.after:
                changes[path] = change
        return changes, conflicts

    def change(self, path: str, program: Program, plan: ProgramPlan) -> FileChange:
        """Make the new bytes of one file."""
        data = program.overlay.read(path)
        source = Source.decode(path, data)
        edits = check_edits(path, source.text, plan.edits(path, source, program))
        phase = plan.files[path].context.phase
        # A file that comes along with another phase belongs to the phases that run.
        own = {phase} if phase in self.selection.phases else set(self.selection.phases)
        own = own if plan.files[path].applied else set()
        phases = own | {item.phase for item in plan.patches.get(path, ()) if item.applied}
        after = source.encode(splice(source, edits))
        return FileChange(path, data, after, tuple(edits), tuple(p for p in self.selection.phases if p in phases))

    def frozen(self, found: Discovery, read: Scan, proposal: Proposal) -> Plan:
        """Freeze a proposal into a plan with its account."""
        findings: list[Finding] = list(unread_findings(read.unread))
        mentions = len(findings)
        unexplained: list[str] = []
        for path, item in proposal.inputs.items():
            account = self.account(path, item, proposal)
            mentions += len(item.facts.mentions) + _imported_only(item, self.migration)
            for finding, mention in (*account.findings(), *account.imported(self.migration)):
                if finding is None:
                    line, column = account.source.position(mention.span.start)
                    unexplained.append(f"{path}:{line}:{column} {mention.word}")
                else:
                    findings.append(finding)
        findings.sort(key=lambda f: (f.path, f.line, f.column, f.word))
        skipped: list[Skipped] = [*found.skipped, *(item.skipped for item in read.unread)]
        return Plan(
            pack=self.pack.info.id,
            options=dict(self.migration.options),
            phases=self.selection.phases,
            changes=tuple(proposal.changes[path] for path in sorted(proposal.changes)),
            findings=tuple(findings),
            skipped=tuple(sorted(skipped, key=lambda item: item.path)),
            reverted=tuple(sorted(proposal.reverted, key=lambda item: item.path)),
            account=Account.of(mentions, findings, tuple(unexplained)),
            files=len(found.files),
            candidates=len(read.facts) + len(read.unread),
        )

    def account(self, path: str, item: Input, proposal: Proposal) -> FileAccount:
        """Return the account of one file."""
        source = Source.decode(path, proposal.program.overlay.read(path))
        excluded = "the path is excluded" if self.excluded.match_file(path) else ""
        return FileAccount(source, item, proposal.plan, excluded)


def _imported_only(item: Input, migration: object) -> int:
    """Count names imported from old modules that hold no trigger word."""
    spans = [mention.span for mention in item.facts.mentions]
    named = (*imported_mentions(item.facts, migration), *alias_mentions(item.facts, migration))  # type: ignore[arg-type]
    return sum(1 for span, _ in named if not any(span.holds(other) for other in spans))
