"""Before something is written, a person is asked, or has said so beforehand."""

from __future__ import annotations

import sys

import typer

from recanon.cli.frontier import ExitCode
from recanon.errors import UsageError
from recanon.report.printer import say
from recanon.report.streams import is_terminal
from recanon.safe_text import safe_text


def check_can_ask(yes: bool, name: str) -> None:
    """Refuse at once where there is nobody to ask, before any work is done.

    Args:
        yes: the user has said so beforehand.
        name: of the command.

    Raises:
        UsageError: neither a terminal nor `--yes`.
    """
    if not yes and not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise UsageError(f"{name} asks before it writes, and here is no terminal to ask on", "Say --yes to go ahead.")


def agreed(yes: bool, question: str) -> bool:
    """Return whether to go ahead.

    Args:
        yes: the user has said so beforehand.
        question: what is about to happen, as a question.
    """
    if yes or typer.confirm(safe_text(question), default=False, err=True):
        return True
    say(sys.stderr, "Nothing was written.")
    return False


REFUSED_BY_USER = ExitCode.INTERRUPTED
