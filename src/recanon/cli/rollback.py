"""`recanon rollback`: files, a phase, a run or everything, back to the bytes before."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.asking import REFUSED_BY_USER, agreed, check_can_ask
from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import Tree, Yes
from recanon.cli.planning import tree_root
from recanon.errors import UsageError

if TYPE_CHECKING:
    from recanon.rollback import Request

Paths = Annotated[list[str] | None, typer.Argument(metavar="PATHS", help="Files to give back, relative to TREE.")]


@dataclass(frozen=True)
class RollbackOptions:
    """What to give back, and how."""

    all_: Annotated[bool, typer.Option("--all", help="Give back all runs, or PATHS through all runs.")] = False
    run: Annotated[str | None, typer.Option("--run", metavar="ID", help="Give back this run.")] = None
    phase: Annotated[str | None, typer.Option("--phase", metavar="NAME", help="Give back this phase.")] = None
    merge: Annotated[
        bool, typer.Option("--merge", help="Where a file was edited since, keep those edits by a three-way merge.")
    ] = False
    force: Annotated[
        bool, typer.Option("--force", help="Where a file was edited since, replace it and keep the edited text beside.")
    ] = False


@command
def rollback(tree: Tree, options: RollbackOptions, paths: Paths = None, yes: Yes = False) -> int:
    """Give files back as they were before a run, byte for byte.

    A file that was edited after the run is refused and named, unless --merge or --force says otherwise. A run or phase
    of which later runs changed files is refused as a whole: roll those back first, or name the files.

    Files named alone go back to before the last run that wrote them. A run is named by its id, the beginning of one, or
    by the word last.

    Examples:

        recanon rollback . app/services/chat.py
        recanon rollback . --all
        recanon rollback . --run last --merge
    """
    check_can_ask(yes, "rollback")
    root = tree_root(tree)
    request = _request(root, paths or [], options)
    if not agreed(yes, f"Give back {request} in {root}?"):
        return REFUSED_BY_USER
    return _roll_back(root, request)


def _request(root: Path, paths: list[str], options: RollbackOptions) -> Request:
    """Put what is asked for into one value; what contradicts itself is refused before anybody is asked."""
    from recanon.rollback import Mode, Request

    if not (paths or options.all_ or options.run or options.phase):
        raise UsageError("rollback is not told what to give back", "Name files, or say --all, --run or --phase.")
    if options.all_ and (options.run or options.phase):
        raise UsageError("--all gives back every run and phase", "Leave out --all, or --run and --phase.")
    if options.merge and options.force:
        raise UsageError("--merge keeps later edits and --force replaces them", "Choose one.")
    return Request(
        tuple(_relative(root, path) for path in paths),
        run=options.run,
        phase=options.phase,
        everything=options.all_,
        mode=Mode.MERGE if options.merge else Mode.FORCE if options.force else Mode.REFUSE,
    )


def _relative(root: Path, path: str) -> str:
    """Read a path as relative to the tree; where nothing is there, as relative to the current folder."""
    beneath = Path(path)
    if beneath.is_absolute() or not (root / beneath).exists():
        # Only the folder is resolved: the file itself may be gone, or be a link by now, and is named as it was.
        full = (Path.cwd() / beneath).parent.resolve() / beneath.name
        if full.is_relative_to(root):
            beneath = full.relative_to(root)
    return beneath.as_posix()


def _roll_back(root: Path, request: Request) -> int:
    from recanon.report.printer import say_sections
    from recanon.report.progress import file_step, progress
    from recanon.report.run_listing import result_sections
    from recanon.rollback import rollback as roll_back

    with progress(sys.stderr) as tick:
        result = roll_back(root, request, progress=file_step(tick, "giving back"))
    say_sections(sys.stdout, result_sections(result, verb="given back"))
    return ExitCode.DONE if result.complete else ExitCode.FAILED
