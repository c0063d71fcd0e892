"""A session: from a tree and a pack to a plan. It neither prints nor writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from recanon.discover import Discovery, discover
from recanon.errors import UsageError
from recanon.executor.choice import workers_for
from recanon.executor.local import Workers, without_collector
from recanon.freeze import freeze, offsets
from recanon.guests.phase import PhaseGuests, with_guest
from recanon.outcome import Finding, Verdict
from recanon.overlay import Overlay
from recanon.pack import Pack
from recanon.plan import Plan
from recanon.plan_cache import keep_plan
from recanon.proposal import Proposal, Proposer, lost_of
from recanon.propose.selection import Selection
from recanon.rescan import Rescanner
from recanon.right_tree import check_options, check_right_tree
from recanon.scan import Progress, silent
from recanon.settings import Settings
from recanon.state import Prior, State, read_state

Decide = Callable[[Plan, Overlay], Iterable[Finding] | None]
"""Called with the plan of a phase and the tree that it is made for; returns the places that shall be rewritten, or None
for those of the plan."""

_OFFERED = frozenset({Verdict.SAFE, Verdict.REVIEW})


def make_plan(
    root: Path,
    pack: Pack,
    settings: Settings,
    progress: Progress | None = None,
    *,
    decide: Decide | None = None,
    prior: Prior | None = None,
) -> Plan:
    """Plan a migration, all of its phases at once; nothing is written into the tree.

    Args:
        root: the tree.
        pack: the pack.
        settings: how to read and what to apply.
        progress: called with a stage, how much of it is done and how much there is.
        decide: what is rewritten; by default what the plan rewrites.
        prior: what is known of the tree.

    Raises:
        UsageError: the tree is no folder or holds no Python file, or a phase is unknown.
        MovedError: a file changed meanwhile.
    """
    known, tick = prior or Prior(), progress or silent
    found, cache = _found(root, known, tick), known.cache if decide is None else None
    with opened(root, pack, settings, tick, replace(known, found=found)) as session:
        plan = session.step(session.state, settings.phases, decide)[0]
        if cache is not None:
            keep_plan(cache, found, settings, session.state.read.digests, plan)
        return plan


def _found(root: Path, prior: Prior, progress: Progress) -> Discovery:
    """Return the files of a tree; they are listed only where that was not done already."""
    if prior.found is not None:
        return prior.found
    progress("discover", 0, 1)
    return discover(root)


@contextmanager
def opened(
    root: Path, pack: Pack, settings: Settings, progress: Progress, prior: Prior | None = None
) -> Iterator[Session]:
    """Read a tree, as far as it is not known before, and give a session over it.

    Raises:
        UsageError: the tree is no folder, a phase is unknown, or no canonical module of the pack is in the tree.
        MovedError: a file changed meanwhile.
    """
    known = prior or Prior()
    found, cache = _found(root, known, progress), known.cache
    overlay = Overlay(root, found.files)
    with without_collector(), workers_for(settings) as workers:
        state = known.state or read_state(overlay, pack.migration, settings, progress, cache=cache)
        _check_canonical(pack, state)
        rescanner = Rescanner(state.read, pack.migration.triggers, workers, found.files)
        yield Session(found, settings, state, Proposer(pack, settings.exclude, progress, workers), rescanner)
        if cache is not None:
            cache.keep_facts(found.files, state.read, state.program.modules_read())


def weigh(found: Discovery, state: State, pack: Pack, settings: Settings, progress: Progress) -> Plan:
    """Return every mention with its verdict, and no new texts: what a plan says before it rewrites and verifies.

    Args:
        found: the files of the tree.
        state: the tree, as it was read.
        pack: the pack.
        settings: how to read and what to apply.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        UsageError: a phase is unknown, or no canonical module of the pack is in the tree.
    """
    _check_canonical(pack, state)
    progress("resolve", 0, len(state.read.facts))
    with Workers(settings.jobs, settings.bounds) as workers:
        proposer = Proposer(pack, settings.exclude, progress, workers)
        selection = Selection.of(pack.migration, proposer.contexts, settings.phases, settings.include)
        inputs = proposer.inputs(state)
        lost = lost_of(inputs)
        weighed = Proposal(state, inputs, proposer.planned(state, inputs, selection, lost), {}, tuple(lost.values()))
        return freeze(found, weighed, proposer, selection)


def _check_canonical(pack: Pack, state: State) -> None:
    """Stop where the tree has old names but no canonical module at all: the options name another tree.

    Raises:
        UsageError: no canonical module of the pack is in the tree.
    """
    if any(facts.mentions for facts in state.read.facts.values()):
        check_options(pack, state.program.modules)


@dataclass(frozen=True)
class Session:
    """A tree that was read, and the pack that runs over it.

    Args:
        found: the files of the tree.
        settings: how to read and what to apply.
        state: the tree as it is on the disk.
        proposer: makes proposals of the pack.
        rescanner: reads planned texts.
    """

    found: Discovery
    settings: Settings
    state: State
    proposer: Proposer
    rescanner: Rescanner

    def check_right_tree(self) -> None:
        """Stop where there is neither a mention nor a canonical module.

        Raises:
            UsageError: it is another tree.
        """
        read = self.state.read
        if not read.unread and not any(facts.mentions for facts in read.facts.values()):
            check_right_tree(self.proposer.pack, self.state.program.modules)

    def phased(self, decide: Decide | None) -> tuple[tuple[Plan, ...], Plan]:
        """Plan each phase over the text that those before it leave.

        Args:
            decide: what is rewritten, phase by phase; by default what each plan rewrites.

        Returns:
            The plan of each phase that runs, and a last one that rewrites nothing and says what is left.
        """
        plans = []
        state = self.state
        for phase in self.selection(self.settings.phases).phases or ("",):
            plan, state = self.step(state, (phase,) if phase else (), decide)
            plans.append(plan)
        nothing = self.selection((), frozenset())
        refused = {item.path: item for plan in plans for item in plan.reverted}
        rest = self.proposer.propose(state, nothing, refused)
        return tuple(plans), freeze(self.found, rest, self.proposer, nothing)

    def step(self, state: State, phases: tuple[str, ...], decide: Decide | None) -> tuple[Plan, State]:
        """Plan some phases at once, and once more if other places are decided upon than would be rewritten.

        Args:
            state: the tree.
            phases: the phases; those that run by default if none is named.
            decide: what is rewritten.

        Returns:
            The plan, and the tree as it would be then.
        """
        selection = self.selection(phases)
        plan, after = self.planned(state, selection)
        decided = decide(plan, state.program.overlay) if decide is not None else None
        if decided is not None:
            places = set(decided)
            picked = offsets(state.program.overlay, places)
            left = {finding for finding in plan.findings if finding.verdict in _OFFERED} - places
            selection = replace(
                selection,
                include=_OFFERED,
                picked=picked,
                left=offsets(state.program.overlay, left),
                taken_out=offsets(state.program.overlay, {finding for finding in left if finding.applied}),
                unasked=selection.include,
            )
            plan, after = self.planned(state, selection)
        return plan, after

    def planned(self, state: State, selection: Selection) -> tuple[Plan, State]:
        """Plan what is selected: what the codemods of all phases come to, and what their guests make of that, in order.

        Args:
            state: the tree.
            selection: what is applied.

        Returns:
            The plan, and the tree as it would be then.

        Raises:
            UsageError: a guest cannot be loaded, or writes what the codemods would change again.
        """
        settled = self.proposer.settled(state, selection, self.rescanner)
        plan, after = freeze(self.found, settled.proposal, self.proposer, selection), settled.after
        for phase in self.proposer.migration.phases:
            for guest in phase.guests if phase.id in selection.phases else ():
                changed = frozenset(change.path for change in plan.changes if phase.id in change.phases)
                part = self.guests.run(phase, guest, after.program.overlay, changed)
                plan = with_guest(plan, part, state.program.overlay)
                after = self.over({change.path: change.after for change in part.changes}, after)
        if plan.guests:
            self._check_settled(plan, after, selection)
        return plan, after

    @property
    def guests(self) -> PhaseGuests:
        """What runs the guests of the phases."""
        proposer, review = self.proposer, Verdict.REVIEW in self.settings.include
        exclude = (*proposer.migration.exclude, *self.settings.exclude)
        return PhaseGuests(self.found, proposer.pack.folder, exclude, self.settings, review, proposer.progress)

    def _check_settled(self, plan: Plan, after: State, selection: Selection) -> None:
        """Stop where a guest writes what the codemods take away.

        Raises:
            UsageError: it does.
        """
        again = set(self.proposer.propose(after, selection).changes) if selection.picked is None else set()
        for part in plan.guests:
            for path in sorted(again.intersection(change.path for change in part.changes)):
                raise UsageError(
                    f"phase {part.phases[0]}: {part.pack} writes what the codemods of the pack would change: {path}",
                    "Leave the file out under `exclude` of the guest in pack.toml, or see what it does there.",
                )

    def over(self, texts: Mapping[str, bytes], state: State | None = None) -> State:
        """Return a tree with other texts over it.

        Args:
            texts: bytes by path.
            state: the tree; the one that was read, if none is given.
        """
        before = (state or self.state).program
        overlay = before.overlay.over(texts)
        read = self.rescanner.scan(overlay.planned)
        return State(before.over(overlay, read.facts), read)

    def selection(self, phases: tuple[str, ...], include: frozenset[Verdict] | None = None) -> Selection:
        """Return what is applied in some phases; in those that run by default where none is named."""
        chosen = self.settings.include if include is None else include
        return Selection.of(self.proposer.migration, self.proposer.contexts, phases, chosen)
