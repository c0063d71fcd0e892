"""`recanon verify` and `recanon gc`: the keeping of the journal."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.planning import tree_root

TreeHere = Annotated[Path, typer.Argument(metavar="TREE", help="The root of the repository.", show_default=True)]
Dry = Annotated[bool, typer.Option("--dry-run", help="Say what would go, and take nothing away.")]


class VerifyFormat(StrEnum):
    """What verify prints."""

    TEXT = "text"
    JSON = "json"


AsFormat = Annotated[VerifyFormat, typer.Option("--format", help="Text for a person, or JSON for a script.")]


@command
def verify(tree: TreeHere = Path(), format: AsFormat = VerifyFormat.TEXT) -> int:
    """Check that everything can still be given back: each kept text is read and compared with its digest.

    A file whose way back is broken is named, and the exit code is 1; a rollback refuses that file and gives the others
    back. Nothing is changed.

    Example:

        recanon verify .
    """
    from recanon.report.printer import say_sections
    from recanon.report.progress import progress
    from recanon.report.upkeep import health_json, health_sections
    from recanon.upkeep import verify_journal

    root = tree_root(tree)
    with progress(sys.stderr) as tick:
        health = verify_journal(root, partial(tick, "checking") if tick else None)
    if format is VerifyFormat.JSON:
        sys.stdout.write(health_json(health))
    else:
        say_sections(sys.stdout, health_sections(health))
    return ExitCode.CHANGES if health.damaged else ExitCode.DONE


@command
def gc(tree: TreeHere = Path(), dry_run: Dry = False) -> int:
    """Take kept texts away that nobody needs: those of runs that were rolled back, and what a crash left half done.

    Whatever can be given back now can be given back afterwards. The list of runs stays; `audit --history` ends where
    texts were taken away.

    Examples:

        recanon gc . --dry-run
        recanon gc .
    """
    from recanon.report.printer import say_sections
    from recanon.report.upkeep import dropped_sections
    from recanon.upkeep import drop_unneeded

    dropped = drop_unneeded(tree_root(tree), dry=dry_run)
    say_sections(sys.stdout, dropped_sections(dropped, dry=dry_run))
    return ExitCode.DONE
