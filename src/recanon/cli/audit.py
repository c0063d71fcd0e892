"""`recanon audit`: where a tree stands. Nothing is written into it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
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
    from recanon.past import Stage


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


@dataclass(frozen=True)
class AuditOptions:
    """What an audit looks for, and what it prints."""

    detector: Annotated[
        list[str],
        typer.Option("--detector", metavar="NAME", help="Only this detector, and no yardsticks. Repeatable."),
    ] = field(default_factory=list)
    list_detectors: Annotated[
        bool,
        typer.Option(
            "--list-detectors", callback=_list_detectors, is_eager=True, help="Print the detectors, and leave."
        ),
    ] = False
    history: Annotated[
        bool, typer.Option("--history", help="Also how far the tree had come before each run of the journal.")
    ] = False
    format: Annotated[AuditFormat, typer.Option("--format", help="Lists for a person, or JSON.")] = AuditFormat.TEXT
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to this file.")
    ] = None


@command
def audit(tree: Tree, read: ReadOptions, options: AuditOptions) -> int:
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
    from recanon.past import compliance_before_runs
    from recanon.report.progress import progress

    root = tree_root(tree)
    if options.output is not None:
        check_output(options.output)
    chosen = tuple(options.detector)
    choose(chosen)
    pack = load_pack(read.pack, read.pack_options())
    with progress(sys.stderr) as tick:
        made = make_audit(root, pack, read.settings(), progress=tick, detectors=chosen)
        past = compliance_before_runs(root, pack, made, read.settings(), tick) if options.history else None
    _hand_out(made, past, options.format, options.output)
    return ExitCode.DONE if made.plan.account.balanced else ExitCode.BUG


def _hand_out(made: Audit, past: tuple[Stage, ...] | None, format: AuditFormat, output: Path | None) -> None:
    from recanon.report.audit import audit_json, audit_sections
    from recanon.report.printer import say_account, say_sections
    from recanon.report.text import sections_text

    if format is AuditFormat.JSON:
        hand_out(output, audit_json(made, past).encode("ascii"))
        say_account(sys.stderr, made.plan)
    elif output is not None:
        write_output(output, sections_text(audit_sections(made, past)).encode("utf-8", "backslashreplace"))
        say_account(sys.stderr, made.plan)
    else:
        say_sections(sys.stdout, audit_sections(made, past))
        say_account(sys.stdout, made.plan)
