"""`recanon guard tests`: validation tests for the migrated repository."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import PlanOptions, Tree
from recanon.cli.output import write_suite
from recanon.cli.planning import tree_root


@dataclass(frozen=True)
class SuiteOptions:
    """Where a suite goes."""

    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for the tests; made if it is not there.")
    ]
    force: Annotated[
        bool,
        typer.Option("--force", help="Overwrite files of the suite that were edited by hand, or that are not its."),
    ] = False


@command
def tests(tree: Tree, plan: PlanOptions, suite: SuiteOptions) -> int:
    """Write validation tests for the migrated repository, for pytest. Nothing else is written.

    The tests hold for the tree as the plan leaves it: before the migration they fail where it has something to do, and
    after it they pass. What the plan leaves in place is allowed in `tables.json`, each place with its reason; that list
    can only become shorter. Give the same --phase and --include as to `apply`. The tests need pytest and nothing else.

    Examples:

        recanon guard tests . --pack websocket-ssot --include review -o tests/canonical_way
        python -m pytest tests/canonical_way
    """
    from recanon.pack import load_pack
    from recanon.report.printer import say, say_account, say_sections
    from recanon.report.progress import progress
    from recanon.report.suite import suite_sections
    from recanon.suite import make_suite
    from recanon.suite.folder import check_suite_folder, with_manifest

    root = tree_root(tree)
    check_suite_folder(suite.output, force=suite.force)
    pack = load_pack(plan.pack, plan.pack_options())
    with progress(sys.stderr) as tick:
        made = make_suite(root, pack, plan.settings(), command=command_line(root, plan, suite.output), progress=tick)
    if not made.plan.account.balanced:
        say_account(sys.stderr, made.plan)
        return ExitCode.BUG
    write_suite(suite.output, with_manifest(suite.output, made.files, force=suite.force))
    say_sections(sys.stdout, suite_sections(made))
    say(sys.stdout, f"{len(made.files)} files written to {suite.output}")
    return ExitCode.DONE


def command_line(root: Path, plan: PlanOptions, output: Path) -> str:
    """Return the command that makes the suite again from the root of the tree, the same wherever the tree lies."""
    words = ["recanon", "guard", "tests", ".", "--pack", plan.pack]
    for option, values in (("--set", plan.set_), ("--exclude", plan.exclude), ("--phase", plan.phase)):
        words += [word for value in values for word in (option, value)]
    words += ["--include", plan.include.value] if plan.include else []
    full = output.resolve()
    place = full.relative_to(root).as_posix() if full.is_relative_to(root) else output.name
    return shlex.join([*words, "-o", place])
