"""`recanon audit`: where a tree stands. Nothing is written into it."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import ReadOptions, Tree
from recanon.cli.output import check_output, hand_out, write_output
from recanon.cli.planning import tree_root

if TYPE_CHECKING:
    from recanon.audit import Audit


class AuditFormat(StrEnum):
    """What an audit prints."""

    TEXT = "text"
    JSON = "json"


def _list_detectors(wanted: bool) -> None:
    if wanted:
        from recanon.report.audit import detector_section
        from recanon.report.printer import say_sections

        say_sections(sys.stdout, [detector_section()])
        raise typer.Exit


@command
def audit(
    tree: Tree,
    read: ReadOptions,
    detector: Annotated[
        list[str] | None,
        typer.Option("--detector", metavar="NAME", help="Only this detector, and no yardsticks. Repeatable."),
    ] = None,
    list_detectors: Annotated[
        bool,
        typer.Option(
            "--list-detectors", callback=_list_detectors, is_eager=True, help="Print the detectors, and leave."
        ),
    ] = False,
    format: Annotated[AuditFormat, typer.Option("--format", help="Lists for a person, or JSON.")] = AuditFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to this file.")
    ] = None,
) -> int:
    """Measure how far a tree has come on its way to the canonical API. Nothing is written into the tree.

    Prints the share of places and files that use the canonical way, with what it is a share of; the figures that the
    owners of the repository know, by their own definitions, and what of that is real; and what each detector finds,
    with what to do.

    Examples:

        recanon audit . --pack websocket-ssot
        recanon audit . --pack websocket-ssot --detector cycles --detector shims
        recanon audit . --pack websocket-ssot --format json -o audit.json
    """
    from recanon.audit import choose, make_audit
    from recanon.pack import load_pack
    from recanon.report.progress import progress

    root = tree_root(tree)
    if output is not None:
        check_output(output)
    chosen = tuple(detector or ())
    choose(chosen)
    pack = load_pack(read.pack, read.pack_options())
    with progress(sys.stderr) as tick:
        made = make_audit(root, pack, read.settings(), progress=tick, detectors=chosen)
    _hand_out(made, format, output)
    return ExitCode.DONE if made.plan.account.balanced else ExitCode.BUG


def _hand_out(made: Audit, format: AuditFormat, output: Path | None) -> None:
    from recanon.report.audit import audit_json, audit_sections
    from recanon.report.printer import say_account, say_sections
    from recanon.report.text import sections_text

    if format is AuditFormat.JSON:
        hand_out(output, audit_json(made).encode("ascii"))
        say_account(sys.stderr, made.plan)
    elif output is not None:
        write_output(output, sections_text(audit_sections(made)).encode("utf-8", "backslashreplace"))
        say_account(sys.stderr, made.plan)
    else:
        say_sections(sys.stdout, audit_sections(made))
        say_account(sys.stdout, made.plan)
