"""Write a plan as one run, and say how it is taken back."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from recanon.cli.asking import REFUSED_BY_USER, agreed
from recanon.cli.frontier import ExitCode
from recanon.errors import UsageError
from recanon.plan import ChangeKind, Plan

_NAMED = 10  # files in a message


def check_committed(root: Path, paths: Iterable[str], *, allow_dirty: bool) -> None:
    """See that git could give back the files that are about to be written, so that nobody's work mixes with ours.

    Args:
        root: the tree's root.
        paths: the files.
        allow_dirty: the user wants them written all the same.

    Raises:
        UsageError: some have changes that are not committed.
    """
    from recanon.report.content import many
    from recanon.uncommitted import uncommitted

    found = () if allow_dirty else uncommitted(root, paths)
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise UsageError(
            f"{many(len(found), 'file')} to be written have changes that are not committed: "
            f"{', '.join(found[:_NAMED])}{more}",
            "Nothing was written. Commit or stash them, or say --allow-dirty.",
        )


def standing(plan: Plan) -> list[str]:
    """Return the files that stand now and that a plan changes or takes away."""
    return [change.path for change in plan.changes if change.kind is not ChangeKind.CREATE]


def offer_plan(root: Path, plan: Plan, *, yes: bool, allow_dirty: bool) -> int:
    """Say shortly what a plan does, ask, and write it; return the exit code.

    Args:
        root: the tree's root.
        plan: the plan.
        yes: the user has agreed beforehand.
        allow_dirty: also files with changes that are not committed.
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
    check_committed(root, standing(plan), allow_dirty=allow_dirty)
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
