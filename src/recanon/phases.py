"""A migration phase by phase: each is planned over the text that those before it leave. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recanon.pack import Pack
from recanon.plan import Plan
from recanon.scan import Progress, silent
from recanon.session import Decide, opened
from recanon.settings import Settings


@dataclass(frozen=True, slots=True)
class PhasedPlan:
    """The plans of several phases, one after the other.

    Args:
        phases: a plan for each phase that runs, in order. Its findings and the bytes before belong to the text that
            the phases before it leave.
        rest: what is left when all have run, as a plan that rewrites nothing.
    """

    phases: tuple[Plan, ...]
    rest: Plan


def make_phased_plan(
    root: Path, pack: Pack, settings: Settings, progress: Progress | None = None, *, decide: Decide | None = None
) -> PhasedPlan:
    """Plan a migration phase by phase.

    Args:
        root: the tree.
        pack: the pack.
        settings: how to read, which phases to plan, and what to apply.
        progress: called with a stage, how much of it is done and how much there is.
        decide: called with the plan of each phase and the tree as it is then; returns the findings that alone shall be
            rewritten, also those that are for review, or None for what the plan rewrites.

    Raises:
        UsageError: the tree is no folder, a phase is unknown, or the tree has neither a mention nor a canonical module.
    """
    with opened(root, pack, settings, progress or silent) as session:
        session.check_right_tree()
        plans, rest = session.phased(decide)
    return PhasedPlan(plans, rest)
