"""`recanon plan`: a migration phase by phase, as a file to read, to edit, to commit and to apply."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import Include, PlanOptions, Tree
from recanon.cli.output import check_output, read_input, write_output
from recanon.cli.planning import tree_root
from recanon.errors import UsageError

if TYPE_CHECKING:
    from recanon.decisions import Keeper

Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the plan to this file.")]
Keep = Annotated[
    Path | None, typer.Option("--keep", metavar="FILE", help="Keep the decisions of this older plan that still fit.")
]


@command
def plan(tree: Tree, options: PlanOptions, output: Output = None, keep: Keep = None) -> int:
    """Plan a migration phase by phase, with the risk of each file. Nothing is written into the tree.

    Each phase is planned over the text that those before it leave. The file is JSON: per phase its files with their
    digests and risk, and the places that are rewritten, each with its reason. To take a place out, set its decision to
    leave or delete it; to promote one that is for review, set it to apply. Then apply the file, phase by phase. After
    an edit, or when the tree has moved on, plan again with --keep.

    Examples:

        recanon plan . --pack websocket-ssot -o plan.json
        recanon plan . --pack websocket-ssot --keep plan.json -o plan.json
        recanon apply . --plan plan.json --phase exports
    """
    from recanon.decisions import Keeper
    from recanon.pack import load_pack
    from recanon.phases import make_phased_plan
    from recanon.plan_file import plan_file_text, read_plan_file
    from recanon.plan_writer import assessed, make_plan_file
    from recanon.report.plan_file import plan_file_sections
    from recanon.report.printer import say, say_sections
    from recanon.report.progress import progress

    root = tree_root(tree)
    if output is not None:
        check_output(output)
    keeper = Keeper(read_plan_file(read_input(keep), str(keep))) if keep is not None else None
    pack = load_pack(options.pack, options.pack_options())
    options = _as_before(keeper, pack.info.id, options)
    settings = options.settings()
    with progress(sys.stderr) as tick:
        phased = make_phased_plan(root, pack, settings, tick, decide=keeper.decide if keeper else None)
    if not phased.rest.files:
        raise UsageError(f"{root} holds no Python file", "Give the root folder of a Python repository.")
    phases = assessed(root, phased, pack.migration, keeper.proposed if keeper else None)
    made = make_plan_file(root, phases, phased.rest, migration=pack.migration, settings=settings)
    say_sections(sys.stdout, plan_file_sections(made))
    for place in keeper.unfit if keeper else ():
        say(sys.stdout, f"a decision that does not fit any more: {place}")
    if output is None:
        say(sys.stdout, "Nothing was written. With -o FILE the plan is kept.")
    else:
        write_output(output, plan_file_text(made).encode("ascii"))
    if not all(each.balanced for each in (*phased.phases, phased.rest)):
        return ExitCode.BUG
    return ExitCode.DONE if all(each.whole for each in phased.phases) else ExitCode.FAILED


def _as_before(keeper: Keeper | None, pack: str, options: PlanOptions) -> PlanOptions:
    """Return the options with what the older plan was made with.

    Raises:
        UsageError: the older plan is one of another pack, or holds phases that are not planned now.
    """
    if keeper is None:
        return options
    old = keeper.old
    if old.pack != pack:
        raise UsageError(f"the older plan is one of pack {old.pack}, not of {pack}", "Plan without --keep.")
    dropped = [phase.id for phase in old.phases if options.phase and phase.id not in options.phase]
    if dropped:
        raise UsageError(
            f"the older plan decides about phase {dropped[0]} too, which --phase leaves out", "Leave out --phase."
        )
    include = options.include or (Include.REVIEW if old.review else None)
    return replace(options, exclude=options.exclude or list(old.exclude), include=include)
