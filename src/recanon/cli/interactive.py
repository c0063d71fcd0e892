"""`apply --interactive`: a person takes or leaves each hunk, as with `git add -p`."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable

import typer

from recanon.hunks import Hunk, split

_HELP = """\
y  take this hunk
n  leave it
a  take it and all later ones of this file
q  leave it and all later ones, and go on with those taken
s  split it into its single edits
?  this help"""

Ask = Callable[[str], str]


def left_out(hunks: list[Hunk], ask: Ask | None = None) -> list[Hunk]:
    """Ask about each hunk, and return those that are left.

    Args:
        hunks: of a plan.
        ask: asks a question and returns the answer; by default on the terminal.
    """
    ask = ask or _ask
    waiting = deque(hunks)
    left: list[Hunk] = []
    whole = ""
    while waiting:
        hunk = waiting.popleft()
        answer = "y" if hunk.path == whole else _answer(hunk, ask)
        if answer == "s":
            waiting.extendleft(reversed(split(hunk)))
        elif answer == "a":
            whole = hunk.path
        elif answer in {"n", "q"}:
            left.append(hunk)
        if answer == "q":
            left += waiting
            break
    return left


def _answer(hunk: Hunk, ask: Ask) -> str:
    """Show a hunk and ask until the answer is one of the letters."""
    from recanon.diff import unified_diff
    from recanon.report.diff_view import show_diff
    from recanon.report.printer import say

    letters = "ynaqs?" if len(hunk.change.edits) > 1 else "ynaq?"
    reasons = [f"{place.verdict}: {place.reason}" for place in hunk.places]
    for reason in dict.fromkeys(reasons or [f"made by {edit.codemod}" for edit in hunk.change.edits]):
        say(sys.stdout, reason, style="bold")
    show_diff(sys.stdout, unified_diff(hunk.change))
    while True:
        answer = ask(f"Take this hunk [{','.join(letters)}]").strip().lower()[:1]
        if answer and answer in letters and answer != "?":
            return answer
        for line in _HELP.splitlines():
            say(sys.stdout, line)


def _ask(question: str) -> str:
    return str(typer.prompt(question, err=True, prompt_suffix="? "))
