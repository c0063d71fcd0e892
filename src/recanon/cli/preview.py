"""`recanon preview`: what would change, what not, and why. Nothing is written into the tree."""

from __future__ import annotations

from recanon.cli.command import command
from recanon.cli.options import OutputOptions, PlanOptions, Tree
from recanon.cli.output import check_output
from recanon.cli.planning import planned, tree_root
from recanon.cli.showing import show_plan


@command
def preview(tree: Tree, plan: PlanOptions, output: OutputOptions) -> int:
    """Show what a migration would change, and what it leaves alone and why. Nothing is written.

    Prints the diff, then the places for review and those to be done by hand, each with what to do, and last the
    account: every mention of the old API has exactly one verdict. In a pipe, and with -o, the diff comes alone on
    standard output or into the file, and the rest goes to standard error: so it is a clean patch for `git apply`.

    Examples:

        recanon preview . --pack websocket-ssot
        recanon preview . --pack websocket-ssot --format json -o plan.json
        recanon preview . --pack websocket-ssot --check       (for CI: exit code 1 when anything would change)
    """
    root = tree_root(tree)
    if output.output is not None:
        check_output(output.output)
    return show_plan(planned(root, plan), output, write="`recanon apply` with the same words")
