"""`recanon guard`: a finished migration stays finished. The tree is only read; the baseline is written on request."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.groups import DefaultGroup
from recanon.cli.guard_tests import tests
from recanon.cli.guarding import (
    GuardFormat,
    GuardOptions,
    asked_for,
    check_known,
    looked,
    read_baseline,
    read_tree,
    repeated,
)
from recanon.cli.options import NoCache, ReadOptions, Tree
from recanon.cli.output import check_output, hand_out, write_output
from recanon.cli.planning import tree_root
from recanon.errors import UsageError

if TYPE_CHECKING:
    from recanon.guard.baseline import Baseline
    from recanon.guard.look import Look
    from recanon.guard.ratchet import Comparison
    from recanon.report.guard import GuardReport

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILES", help="Speak only of these files and folders.", show_default=False),
]


@command
def check(tree: Tree, read: ReadOptions, guard: GuardOptions, files: Files = None) -> int:
    """Stop new uses of the old API: compare a tree with its baseline. Made for CI and pre-commit.

    Exit code 1 when a place uses, defines or hands on the old API and is not in the baseline; each is shown with the
    canonical way and the command that mends it. Also when the baseline holds what is no longer there, so that it only
    ever shrinks. A place is known by what stands on its line, and not by the line's number.

    The whole tree is read each time, since what a name denotes is decided by other files. What did not change is
    remembered in the user's cache folder. With FILES or --changed-since only those files are spoken of: a change in one
    file can make uses in others new (a re-export), which a run over the whole tree shows.

    The first baseline, then every day, and after places were mended:

        recanon guard . --pack PACK --baseline FILE --update --allow-new
        recanon guard . --pack PACK --baseline FILE
        recanon guard . --pack PACK --baseline FILE --update

    `recanon guard export --help` tells how ruff and import-linter can stop the same imports, and `recanon guard tests
    --help` how to write a pytest suite for the migrated repository. A folder of such a name is reached by ./export.
    """
    from recanon.guard.ratchet import compare
    from recanon.pack import load_pack
    from recanon.report.guard import GuardReport

    file, root, words = guard.file(), tree_root(tree), repeated(read)
    pack = load_pack(read.pack, read.pack_options())
    first = ["recanon", "guard", str(tree), *words, "--baseline", str(file), "--update", "--allow-new"]
    baseline, text = read_baseline(file, pack, first, make=guard.update and guard.allow_new)
    asked = asked_for(root, files or [], guard.changed_since, {entry.path for entry in baseline.entries})
    look = looked(root, pack, read, guard.no_cache)
    check_known(root, pack, baseline, look)
    found = compare(look, baseline, lambda path: os.path.lexists(root / path), asked)
    if guard.update:
        holds = _update(file, baseline, found, guard.allow_new)
    else:
        _tell(GuardReport(found, str(tree), str(file), text, pack.info.id, tuple(words)), guard.format)
        holds = found.holds
    return _code(look, holds)


@command
def export(
    tree: Tree,
    read: ReadOptions,
    ruff: Annotated[bool, typer.Option("--ruff", help="For ruff: the table banned-api of TID251.")] = False,
    import_linter: Annotated[bool, typer.Option("--import-linter", help="For import-linter: a contract.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the configuration to this file.")
    ] = None,
    no_cache: NoCache = False,
) -> int:
    """Write what a guard stops as configuration for a tool that a team runs already.

    Both tools know imports alone, and by their names: not calls, not strings that patch a name, not what a name
    denotes. What stands in the tree already is let through: by ruff in whole files, by import-linter import by import.

    Examples:

        recanon guard export . --pack PACK --ruff -o ruff-guard.toml
        ruff check --config ruff-guard.toml .
        recanon guard export . --pack PACK --import-linter -o .importlinter
        lint-imports --config .importlinter
    """
    from recanon.guard.export import Exporter
    from recanon.pack import load_pack

    if ruff == import_linter:
        raise UsageError("one tool is needed", "Give --ruff or --import-linter.")
    if output is not None:
        check_output(output)
    root = tree_root(tree)
    pack = load_pack(read.pack, read.pack_options())
    exporter = Exporter(pack.info.id, pack.migration, read_tree(root, pack, read, no_cache).program)
    hand_out(output, (exporter.ruff() if ruff else exporter.import_linter()).encode())
    return ExitCode.DONE


guard = typer.Typer(
    name="guard",
    cls=DefaultGroup,
    help="Stop new uses of the old API against a baseline. Also: guard export, guard tests.",
    add_completion=False,
)
guard.command(name="check")(check)
guard.command(name="export")(export)
guard.command(name="tests")(tests)


def _update(path: Path, baseline: Baseline, found: Comparison, allow_new: bool) -> bool:
    """Write the baseline where it changes, and tell what changed; return whether nothing new is left."""
    from recanon.guard.ratchet import updated
    from recanon.report.content import many
    from recanon.report.printer import say

    after = updated(baseline, found, allow_new)
    data = after.text().encode("ascii")
    if not path.exists() or path.read_bytes() != data:
        write_output(path, data, "--baseline")
    added = len(found.new) if allow_new else 0
    changes = f"{len(found.gone):,} taken out, {len(found.moved):,} followed, {added:,} put in"
    say(sys.stdout, f"{path}: {many(len(after.entries), 'place')}; {changes}", style="bold")
    left = len(found.new) - added
    if left:
        say(sys.stdout, f"{many(left, 'new place')} not put in: run without --update to see where", style="bold red")
    return not left


def _tell(report: GuardReport, format: GuardFormat) -> None:
    from recanon.report.guard import guard_annotations, guard_json, guard_line, guard_sections
    from recanon.report.printer import say, say_sections
    from recanon.report.sarif_guard import guard_sarif

    match format:
        case GuardFormat.JSON:
            sys.stdout.write(guard_json(report))
        case GuardFormat.GITHUB:
            for line in guard_annotations(report):
                sys.stdout.write(f"{line}\n")
            say(sys.stdout, guard_line(report))
        case GuardFormat.SARIF:
            sys.stdout.write(guard_sarif(report))
        case GuardFormat.TEXT:
            say_sections(sys.stdout, guard_sections(report))
            say(sys.stdout, guard_line(report), style="bold green" if report.comparison.holds else "bold red")


def _code(look: Look, holds: bool) -> int:
    from recanon.report.printer import say

    for place in look.unexplained:
        say(sys.stderr, f"unexplained: {place}. This is a bug in recanon.", style="bold red")
    if look.unexplained:
        return ExitCode.BUG
    return ExitCode.DONE if holds else ExitCode.CHANGES
