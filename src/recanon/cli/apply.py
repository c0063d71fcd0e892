"""`recanon apply`: the previewed edits, written as one run that can be taken back."""

from __future__ import annotations

import sys
from pathlib import Path

from recanon.cli.asking import REFUSED_BY_USER, agreed, check_can_ask
from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import PlanOptions, Tree, Yes
from recanon.cli.planning import planned, tree_root
from recanon.plan import Plan


@command
def apply(tree: Tree, plan: PlanOptions, yes: Yes = False) -> int:
    """Write what preview shows, as one run in the journal.

    The text before is kept in .recanon/ at the root of the tree, and `recanon rollback` gives it back byte for byte. A
    file that was changed since the plan was made is refused and named; the rest goes on, and the exit code is 3.

    Examples:

        recanon apply . --pack websocket-ssot
        recanon apply . --pack websocket-ssot --phase production --yes
    """
    from recanon.report.content import many
    from recanon.report.printer import say

    check_can_ask(yes, "apply")
    root = tree_root(tree)
    made = planned(root, plan)
    _say_short(made)
    if not made.account.balanced:
        say(sys.stderr, "Nothing was written: a plan whose account does not hold is not to be trusted.")
        return ExitCode.BUG
    if not made.changes:
        say(sys.stdout, "Nothing to change.")
        return ExitCode.DONE
    if not agreed(yes, f"Write {many(len(made.changes), 'file')} in {root}?"):
        return REFUSED_BY_USER
    return _write(root, made)


def _say_short(plan: Plan) -> None:
    from recanon.report.content import plan_sections
    from recanon.report.printer import say_account, say_sections

    short = [section for section in plan_sections(plan) if section.title in ("changes", "skipped", "reverted")]
    say_sections(sys.stdout, short)
    say_account(sys.stdout, plan)


def _write(root: Path, plan: Plan) -> int:
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
