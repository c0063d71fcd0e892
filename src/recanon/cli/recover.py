"""`recanon recover`: what a crash or a kill left half done, finished or taken back."""

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
    from recanon.recovery import Half


@dataclass(frozen=True)
class RecoverOptions:
    """What shall become of interrupted runs."""

    finish: Annotated[bool, typer.Option("--finish", help="Write the files that they did not come to.")] = False
    undo: Annotated[bool, typer.Option("--undo", help="Give back the files that they have written.")] = False

    def check(self) -> None:
        """Check that one way is asked for, if any.

        Raises:
            UsageError: both are.
        """
        if self.finish and self.undo:
            raise UsageError("--finish and --undo contradict each other", "Choose one.")


@command
def recover(tree: Tree, options: RecoverOptions, yes: Yes = False) -> int:
    """Find runs that were interrupted by a kill, a full disk or a power cut, and finish them or take them back.

    Every file holds its old or its new text, whenever the run was interrupted. Without an option this says which hold
    which, takes temporary files away, and exits with 1 where a run waits. With --finish the run goes on from the
    journal alone: it is not planned again. A file that was edited since is refused and named.

    It can itself be interrupted, and be run again.

    Examples:

        recanon recover .
        recanon recover . --finish
        recanon recover . --undo --yes
    """
    from recanon.recovery import put_in_order
    from recanon.report.printer import say, say_sections
    from recanon.report.upkeep import order_sections

    options.check()
    asks = options.finish or options.undo
    if asks:
        check_can_ask(yes, "recover")
    root = tree_root(tree)
    order = put_in_order(root)
    say_sections(sys.stdout, order_sections(order))
    if not order.halves:
        say(sys.stdout, "No run waits to be finished.")
        return ExitCode.DONE
    if not asks:
        return ExitCode.CHANGES
    if not agreed(yes, _question(root, options, order.halves)):
        return REFUSED_BY_USER
    return _done(root, options)


def _question(root: Path, options: RecoverOptions, halves: tuple[Half, ...]) -> str:
    from recanon.report.content import many

    if options.finish:
        return f"Write {many(sum(len(half.missing) for half in halves), 'file')} in {root}?"
    return f"Give back {many(sum(len(half.written) for half in halves), 'file')} in {root}?"


def _done(root: Path, options: RecoverOptions) -> int:
    from recanon.recovery import finish, take_back
    from recanon.report.printer import say_sections
    from recanon.report.progress import file_step, progress
    from recanon.report.run_listing import result_sections

    work, stage, verb = (finish, "writing", "written") if options.finish else (take_back, "giving back", "given back")
    with progress(sys.stderr) as tick:
        results = work(root, progress=file_step(tick, stage))
    for result in results:
        say_sections(sys.stdout, result_sections(result, verb=verb))
    return ExitCode.DONE if all(result.complete for result in results) else ExitCode.FAILED
