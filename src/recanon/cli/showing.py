"""Show a plan: as a diff with its lists, as the lists alone, or as JSON. Nothing is written into the tree."""

from __future__ import annotations

import sys
from pathlib import Path

from recanon.cli.frontier import ExitCode
from recanon.cli.options import Format, OutputOptions
from recanon.cli.output import hand_out, write_output
from recanon.plan import Plan


def show_plan(plan: Plan, output: OutputOptions, *, write: str) -> int:
    """Show what a plan would do, and return the exit code.

    Args:
        plan: the plan.
        output: in which form, and where; the file was checked before.
        write: the command that writes it, as the user would type it, for the last line on a terminal.
    """
    if output.format is Format.DIFF:
        _diff(plan, output.output, write)
    else:
        {Format.SUMMARY: _summary, Format.JSON: _json}[output.format](plan, output.output)
    if not plan.balanced:
        return ExitCode.BUG
    if output.check and plan.changes:
        return ExitCode.CHANGES
    return ExitCode.DONE if plan.whole else ExitCode.FAILED


def _diff(plan: Plan, output: Path | None, write: str) -> None:
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
        say(sys.stdout, f"Nothing was written. {write} writes it.")
    else:
        for diff in diffs:
            write_bytes(sys.stdout, diff)
        sys.stdout.flush()
        say_plan(sys.stderr, plan)


def _summary(plan: Plan, output: Path | None) -> None:
    from recanon.report.content import account_gap, account_line, guest_lines, plan_sections
    from recanon.report.printer import say_account, say_plan
    from recanon.report.text import sections_text

    if output is None:
        say_plan(sys.stdout, plan)
        return
    lines = [account_line(plan), *guest_lines(plan), *account_gap(plan)]
    text = sections_text(plan_sections(plan)) + "".join(f"{line}\n" for line in lines)
    write_output(output, text.encode("utf-8", "backslashreplace"))
    say_account(sys.stderr, plan)


def _json(plan: Plan, output: Path | None) -> None:
    from recanon.report.json import plan_json
    from recanon.report.printer import say_account

    hand_out(output, plan_json(plan).encode("ascii"))
    say_account(sys.stderr, plan)
