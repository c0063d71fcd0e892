"""`recanon runs` and `recanon show`: what was done."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.planning import tree_root

RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, the beginning of one, or last.")]
TreeHere = Annotated[Path, typer.Argument(metavar="TREE", help="The root of the repository.", show_default=True)]

Every = Annotated[bool, typer.Option("--all", help="Also list each try between gates, with its rollback.")]


@command
def runs(tree: TreeHere = Path(), every: Every = False) -> int:
    """List the runs of a tree, the latest first: what each was, where it stands today, and its files.

    A run is one apply or one rollback. Its id goes to `recanon show` and to `recanon rollback --run`. What gates only
    tried and rolled back, one after the other, is one line.

    Example:

        recanon runs .
    """
    from recanon.recovery import interrupted
    from recanon.report.content import many
    from recanon.report.printer import say, say_sections
    from recanon.report.run_listing import runs_section
    from recanon.runs import list_runs

    root = tree_root(tree)
    say_sections(sys.stdout, [runs_section(list_runs(root), folded=not every)])
    if waiting := interrupted(root):
        say(sys.stdout, f"{many(len(waiting), 'run')} interrupted: `recanon recover` finishes or undoes what is left")
    return ExitCode.DONE


@command
def show(run: RunId, tree: TreeHere = Path()) -> int:
    """Show one run: its pack, its phases, and what became of each file.

    A file that was refused says why, and what to do.

    Example:

        recanon show 20250914T081500.123Z-a1b2c3 .
    """
    from recanon.report.printer import say_sections
    from recanon.report.run_listing import run_sections
    from recanon.runs import show_run

    say_sections(sys.stdout, run_sections(show_run(tree_root(tree), run)))
    return ExitCode.DONE
