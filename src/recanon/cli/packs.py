"""`recanon packs`: which migrations there are, and what one of them does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.output import check_output, hand_out
from recanon.errors import UsageError


@command
def packs(
    pack: Annotated[str, typer.Argument(metavar="[PACK]", help="Show this one whole: an id, or a path.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the page of PACK to this file.")
    ] = None,
) -> int:
    """List the packs, each with its phases, codemods and options; or print the page of one of them, as Markdown.

    A pack is one migration. Its name goes to --pack, its phases to --phase, its options to --set. Listing runs no code
    of a pack. The page of one holds its codemods with their examples, and loading these runs the pack's code.

    Examples:

        recanon packs
        recanon packs ./one_clock -o docs/one-clock.md
    """
    if pack:
        return _page(pack, output)
    if output is not None:
        raise UsageError("-o is for the page of one pack", "Name the pack, or leave out -o.")
    from recanon.pack import list_packs
    from recanon.report.listing import pack_section
    from recanon.report.printer import say_sections

    say_sections(sys.stdout, [pack_section(pack) for pack in list_packs()])
    return ExitCode.DONE


def _page(name: str, output: Path | None) -> int:
    from recanon.pack import load_pack
    from recanon.report.pack_page import pack_page

    if output is not None:
        check_output(output)
    hand_out(output, pack_page(load_pack(name)).encode())
    return ExitCode.DONE
