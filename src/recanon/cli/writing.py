"""Write a plan as one run, and say how it is taken back."""

from __future__ import annotations

import sys
from pathlib import Path

from recanon.cli.asking import REFUSED_BY_USER, agreed
from recanon.cli.frontier import ExitCode
from recanon.plan import Plan


def offer_plan(root: Path, plan: Plan, *, yes: bool) -> int:
    """Say shortly what a plan does, ask, and write it; return the exit code.

    Args:
        root: the tree's root.
        plan: the plan.
        yes: the user has agreed beforehand.
    """
    from recanon.report.content import many
    from recanon.report.printer import say

    say_short(plan)
    if not plan.balanced:
        say(sys.stderr, "Nothing was written: a plan whose account does not hold is not to be trusted.")
        return ExitCode.BUG
    unfinished = ExitCode.DONE if plan.whole else ExitCode.FAILED
    if not plan.changes:
        say(sys.stdout, "Nothing to change.")
        return unfinished
    if not agreed(yes, f"Write {many(len(plan.changes), 'file')} in {root}?"):
        return REFUSED_BY_USER
    return write_plan(root, plan) or unfinished


_SHORT = {"changes", "hidden", "skipped", "reverted", "guests"}


def say_short(plan: Plan) -> None:
    """Print what changes, what is skipped or taken back, and the account."""
    from recanon.report.content import plan_sections
    from recanon.report.printer import say_account, say_sections

    short = [section for section in plan_sections(plan) if section.title in _SHORT]
    say_sections(sys.stdout, short)
    say_account(sys.stdout, plan)


def write_plan(root: Path, plan: Plan) -> int:
    """Write a plan as one run of the journal; return the exit code."""
    from recanon.apply import apply_plan
    from recanon.report.printer import say, say_sections
    from recanon.report.progress import file_step, progress
    from recanon.report.run_listing import result_sections

    with progress(sys.stderr) as tick:
        result = apply_plan(root, plan, progress=file_step(tick, "writing"))
    say_sections(sys.stdout, result_sections(result, verb="written"))
    if result.run:
        say(sys.stdout, f"To take it back: recanon rollback {root} --run {result.run}")
    return ExitCode.DONE if result.complete else ExitCode.FAILED
