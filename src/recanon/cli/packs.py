"""`recanon packs`: which migrations there are."""

from __future__ import annotations

import sys

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode


@command
def packs() -> int:
    """List the packs, each with its phases, codemods and options.

    A pack is one migration. Its name goes to --pack, its phases to --phase, its options to --set.

    Example:

        recanon packs
    """
    from recanon.pack import list_packs
    from recanon.report.listing import pack_section
    from recanon.report.printer import say_sections

    say_sections(sys.stdout, [pack_section(pack) for pack in list_packs()])
    return ExitCode.DONE
