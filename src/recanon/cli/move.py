"""`recanon move`: a symbol, module or package gets another name or another place, over the whole repository."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.asking import check_can_ask
from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import MEMORY, TIMEOUT, AllowDirty, Include, Memory, OutputOptions, Timeout, Yes
from recanon.cli.output import check_output
from recanon.cli.planning import tree_root
from recanon.cli.showing import show_plan
from recanon.cli.writing import offer_plan
from recanon.outcome import Verdict
from recanon.report.progress import progress
from recanon.settings import Bounds, Settings

if TYPE_CHECKING:
    from recanon.move.planner import Request
    from recanon.plan import Plan

Old = Annotated[str, typer.Argument(metavar="OLD", help="The full dotted name as it is.", show_default=False)]
New = Annotated[str, typer.Argument(metavar="NEW", help="The full dotted name as it shall be.", show_default=False)]
Root = Annotated[Path, typer.Argument(metavar="[TREE]", help="The root of the repository.")]
_DEFAULTS = Settings()
_SHOWN = 20


@dataclass(frozen=True)
class MoveOptions:
    """What follows the symbol, and how the tree is read."""

    include: Annotated[
        Include | None, typer.Option("--include", help="Also take the rewrites that need a person's eye.")
    ] = None
    exclude: Annotated[
        list[str], typer.Option("--exclude", metavar="GLOB", help="Leave these files alone. Repeatable.")
    ] = field(default_factory=list)
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, metavar="N", help="Worker processes; 0 means one per processor.")
    ] = _DEFAULTS.jobs
    timeout: Timeout = TIMEOUT
    memory: Memory = MEMORY
    shim: Annotated[
        bool, typer.Option("--shim", help="Keep the old name in the old module, with a DeprecationWarning.")
    ] = False
    apply: Annotated[bool, typer.Option("--apply", help="Write it, as a run that `recanon rollback` takes back.")] = (
        False
    )
    allow_dirty: AllowDirty = False

    def settings(self) -> Settings:
        """Return how the tree is read, and what is applied."""
        include = frozenset({Verdict.SAFE} | ({Verdict.REVIEW} if self.include else set()))
        bounds = Bounds(self.timeout, self.memory << 20)
        return Settings(exclude=tuple(self.exclude), jobs=self.jobs, include=include, bounds=bounds)


@command
def move(
    old: Old,
    new: New,
    options: MoveOptions,
    output: OutputOptions,
    tree: Root = Path("."),
    yes: Yes = False,
) -> int:
    """Move or rename a function, class, value, module or package over the whole repository.

    Every import, alias, re-export, `__all__`, attribute, string annotation and mock.patch target follows; what only
    looks the same stays. Shows the diff and the account; with --apply it is written as a run in the journal.

    A move that would break a place, or meet another name, is refused as a whole, with the places and the exit code 2.

    Examples:

        recanon move app.users.fetch app.users.load_user            (rename in place, preview)
        recanon move app.users.fetch app.users.load_user --apply
        recanon move app.users.fetch app.people.fetch --shim        (to another module; the old name warns)
        recanon move app.users app.people --include review          (a module; dotted paths in configuration too)
        recanon rollback . --run last
    """
    if options.apply:
        check_can_ask(yes, "move --apply")
    root = tree_root(tree)
    if output.output is not None:
        check_output(output.output)
    from recanon.move.planner import Request

    plan = _plan(root, Request(old, new, options.settings(), shim=options.shim))
    if isinstance(plan, ExitCode):
        return plan
    if options.apply:
        return offer_plan(root, plan, yes=yes, allow_dirty=options.allow_dirty)
    return show_plan(plan, output, write="The same command with --apply")


def _plan(root: Path, request: Request) -> Plan | ExitCode:
    """Make the plan; where the move is done already or cannot be, say so and return the exit code."""
    from recanon.move.planner import plan_move
    from recanon.move.request import AlreadyMovedError, MoveRefusedError
    from recanon.report.printer import say, say_error

    try:
        with progress(sys.stderr) as tick:
            return plan_move(root, request, tick)
    except AlreadyMovedError as done:
        say(sys.stdout, f"Nothing to change: {done.message}.")
        return ExitCode.DONE
    except MoveRefusedError as refused:
        say_error(sys.stderr, refused.message, refused.hint)
        for place in refused.places[:_SHOWN]:
            say(sys.stderr, f"  {place}")
        if len(refused.places) > _SHOWN:
            say(sys.stderr, f"  and {len(refused.places) - _SHOWN} more")
        return ExitCode.USAGE
