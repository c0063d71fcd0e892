"""`recanon explain`: why one place got its verdict."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import PlanOptions
from recanon.cli.planning import planned, tree_root
from recanon.errors import UsageError
from recanon.plan import Plan

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>[1-9][0-9]*)(?::[0-9]+)?", re.DOTALL)

Words = Annotated[
    list[str], typer.Argument(metavar="[TREE] FILE:LINE", help="The place; TREE is the current folder if left out.")
]


@command
def explain(words: Words, plan: PlanOptions) -> int:
    """Tell why a place got its verdict: the site, its origin and the way there, the reason and what to do.

    The whole tree is read, since what a name denotes is decided by other files.

    Examples:

        recanon explain app/services/chat.py:88 --pack websocket-ssot
        recanon explain ../backend app/services/chat.py:88 --pack websocket-ssot
    """
    from recanon.report.listing import place_sections
    from recanon.report.printer import say_sections

    if len(words) > 2:
        raise UsageError(f"explain takes one place, not {len(words)} words", "Write it as [TREE] FILE:LINE.")
    root = tree_root(Path(words[0] if len(words) == 2 else "."))
    path, line = _place(root, words[-1])
    made = planned(root, plan, guests=False)
    sections = place_sections(made, path, line)
    if not sections:
        raise _nothing_there(made, path, line)
    say_sections(sys.stdout, sections)
    return ExitCode.DONE


def _place(root: Path, text: str) -> tuple[str, int]:
    """Read FILE:LINE; the file is looked for from the root, then from the current folder."""
    match = _PLACE.fullmatch(text)
    if match is None:
        raise UsageError(f"{text} is no place", "Write it as FILE:LINE, such as app/main.py:12.")
    for base in (root, Path.cwd()):
        file = base / match["file"]
        if file.is_file() and file.resolve().is_relative_to(root):
            return file.resolve().relative_to(root).as_posix(), int(match["line"])
    raise UsageError(f"{match['file']} is no file in {root}", "Give the file relative to the root of the tree.")


def _nothing_there(plan: Plan, path: str, line: int) -> UsageError:
    from recanon.report.listing import nearest_lines

    for skip in plan.skipped:
        if skip.path == path:
            return UsageError(f"{path} was skipped: {skip.reason}", skip.hint)
    lines = nearest_lines(plan.findings, path, line)
    hint = f"Lines with one: {', '.join(map(str, lines))}." if lines else "The whole file holds none."
    return UsageError(f"{path}:{line} holds no mention of the old API", hint)
