"""One way to say something to a person: tables on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from recanon.report.streams import is_terminal
from recanon.safe_text import safe_text

if TYPE_CHECKING:
    from recanon.plan import Plan
    from recanon.report.content import Section


def say(stream: TextIO, text: str, *, style: str = "") -> None:
    """Print one line.

    Args:
        stream: standard output or error.
        text: the line; what is unsafe in it is made visible.
        style: a rich style, for a terminal only.
    """
    if is_terminal(stream):
        from recanon.report.terminal import print_line

        print_line(stream, text, style=style)
    else:
        stream.write(f"{safe_text(text)}\n")


def say_sections(stream: TextIO, sections: Iterable[Section]) -> None:
    """Print sections.

    Args:
        stream: standard output or error.
        sections: what to say.
    """
    if is_terminal(stream):
        from recanon.report.terminal import print_sections

        print_sections(stream, sections)
    else:
        from recanon.report.text import sections_text

        stream.write(sections_text(sections))


def say_plan(stream: TextIO, plan: Plan) -> None:
    """Print the lists of a plan and, last, its account.

    Args:
        stream: standard output or error.
        plan: the plan to speak of.
    """
    from recanon.report.content import plan_sections

    say_sections(stream, plan_sections(plan))
    say_account(stream, plan)


def say_account(stream: TextIO, plan: Plan) -> None:
    """Print the sum over all mentions, and where it does not hold.

    Args:
        stream: standard output or error.
        plan: the plan to speak of.
    """
    from recanon.report.content import account_gap, account_line, guest_lines

    for line in (account_line(plan), *guest_lines(plan)):
        say(stream, line, style="bold")
    for line in account_gap(plan):
        say(stream, line, style="bold red")


def say_error(stream: TextIO, message: str, hint: str = "") -> None:
    """Print what went wrong, and what to do about it.

    Args:
        stream: standard error.
        message: what is wrong and where.
        hint: what the user can do.
    """
    say(stream, f"error: {message}", style="bold red")
    if hint:
        say(stream, f"hint: {hint}")
