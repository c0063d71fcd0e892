"""`recanon preview`: what would change, what not, and why. Nothing is written into the tree."""

from __future__ import annotations

import sys
from pathlib import Path

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import Format, OutputOptions, PlanOptions, Tree
from recanon.cli.output import check_output, hand_out, write_output
from recanon.cli.planning import planned, tree_root
from recanon.plan import Plan


@command
def preview(tree: Tree, plan: PlanOptions, output: OutputOptions) -> int:
    """Show what a migration would change, and what it leaves alone and why. Nothing is written.

    Prints the diff, then the places for review and those to be done by hand, each with what to do, and last the
    account: every mention of the old API has exactly one verdict. In a pipe, and with -o, the diff comes alone on
    standard output or into the file, and the rest goes to standard error: so it is a clean patch for `git apply`.

    Examples:

        recanon preview . --pack websocket-ssot
        recanon preview . --pack websocket-ssot --format json -o plan.json
        recanon preview . --pack websocket-ssot --check       (for CI: exit code 1 when anything would change)
    """
    root = tree_root(tree)
    if output.output is not None:
        check_output(output.output)
    made = planned(root, plan)
    {Format.DIFF: _diff, Format.SUMMARY: _summary, Format.JSON: _json}[output.format](made, output.output)
    if not made.account.balanced:
        return ExitCode.BUG
    return ExitCode.CHANGES if output.check and made.changes else ExitCode.DONE


def _diff(plan: Plan, output: Path | None) -> None:
    from recanon.diff import plan_diff
    from recanon.report.diff_view import show_diff
    from recanon.report.printer import say, say_plan
    from recanon.report.streams import is_terminal, write_bytes

    diffs = (diff for _, diff, _ in plan_diff(plan.changes))
    if output is not None:
        write_output(output, b"".join(diffs))
        say_plan(sys.stderr, plan)
    elif is_terminal(sys.stdout):
        for diff in diffs:
            show_diff(sys.stdout, diff)
        sys.stdout.write("\n")
        say_plan(sys.stdout, plan)
        say(sys.stdout, "Nothing was written. `recanon apply` with the same words writes it.")
    else:
        for diff in diffs:
            write_bytes(sys.stdout, diff)
        sys.stdout.flush()
        say_plan(sys.stderr, plan)


def _summary(plan: Plan, output: Path | None) -> None:
    from recanon.report.content import account_gap, account_line, plan_sections
    from recanon.report.printer import say_account, say_plan
    from recanon.report.text import sections_text

    if output is None:
        say_plan(sys.stdout, plan)
        return
    lines = [account_line(plan), *account_gap(plan)]
    text = sections_text(plan_sections(plan)) + "".join(f"{line}\n" for line in lines)
    write_output(output, text.encode("utf-8", "backslashreplace"))
    say_account(sys.stderr, plan)


def _json(plan: Plan, output: Path | None) -> None:
    from recanon.report.json import plan_json
    from recanon.report.printer import say_account

    hand_out(output, plan_json(plan).encode("ascii"))
    say_account(sys.stderr, plan)
