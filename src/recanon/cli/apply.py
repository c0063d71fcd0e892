"""`recanon apply`: the previewed edits, written as runs that can be taken back."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from recanon.cli.asking import REFUSED_BY_USER, agreed, check_can_ask
from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.gates import ApplyGateOptions, asked_of, write_gated
from recanon.cli.options import Tree, Yes
from recanon.cli.planning import tree_root
from recanon.cli.steps import ApplyOptions, Step, pack_of, steps
from recanon.cli.writing import check_committed, say_short, standing, write_plan

if TYPE_CHECKING:
    from recanon.gates.config import Standing


@command
def apply(tree: Tree, options: ApplyOptions, gates: ApplyGateOptions, yes: Yes = False) -> int:
    """Write what preview shows as one run in the journal, or a plan file phase by phase, each as a run of its own.

    The text before is kept in .recanon/ at the root of the tree, and `recanon rollback` gives it back byte for byte. A
    file that was changed since the plan was made is refused and named; the rest goes on, and the exit code is 3. Where
    git knows of changes in these files that are not committed, nothing is written and the exit code is 2.

    With --plan the file decides what is rewritten. A phase is begun only when the one before it is complete; what was
    applied already is passed over.

    With --gate, what holds before a run must hold afterwards: only tests that passed before and fail after count. When
    a gate fails, the run is rolled back and the exit code is 3; with --bisect only the guilty files are.

    Examples:

        recanon apply . --pack websocket-ssot
        recanon apply . --pack websocket-ssot --phase production --yes
        recanon apply . --plan plan.json --phase exports
        recanon apply . --pack websocket-ssot --gate "python -m pytest -q" --gate "diagnostics: mypy app" --bisect
    """
    check_can_ask(yes, "apply")
    root = tree_root(tree)
    options.check()
    boundary = Boundary(gates, gates.asked(root, pack_of(options)), options.allow_dirty)
    for step in steps(root, options):
        code = _apply(root, step, boundary, yes=yes)
        if code != ExitCode.DONE:
            return code
    return ExitCode.DONE


@dataclass(frozen=True)
class Boundary:
    """The gates that may be asked, how they are run, and whether files may be written that are not committed."""

    options: ApplyGateOptions
    gates: tuple[Standing, ...]
    allow_dirty: bool


def _apply(root: Path, step: Step, boundary: Boundary, *, yes: bool) -> int:
    """Apply one step and return the exit code."""
    from recanon.report.content import many
    from recanon.report.plan_file import step_sections
    from recanon.report.printer import say, say_sections

    if step.done:
        say(sys.stdout, f"phase {', '.join(step.plan.phases)} has nothing left to apply")
        return ExitCode.DONE
    say_short(step.plan)
    say_sections(sys.stdout, step_sections(step.stale, step.held))
    if not step.plan.balanced:
        say(sys.stderr, "Nothing was written: a plan whose account does not hold is not to be trusted.")
        return ExitCode.BUG
    unfinished = ExitCode.FAILED if step.stale or not step.plan.whole else ExitCode.DONE
    if not step.plan.changes:
        say(sys.stdout, "Nothing to change.")
        return unfinished
    check_committed(root, standing(step.plan), allow_dirty=boundary.allow_dirty)
    if not agreed(yes, f"Write {many(len(step.plan.changes), 'file')} in {root}?"):
        return REFUSED_BY_USER
    if asked := asked_of(boundary.gates, root, step.plan):
        return write_gated(root, step.plan, asked, read=step.options, options=boundary.options) or unfinished
    return write_plan(root, step.plan) or unfinished
