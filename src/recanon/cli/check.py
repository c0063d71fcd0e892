"""`recanon check`: whether a pack keeps what its examples promise."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode


class CheckFormat(StrEnum):
    """What check prints."""

    TEXT = "text"
    JSON = "json"


@command
def check(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="The pack: an id of `recanon packs`, or a path.")],
    format: Annotated[CheckFormat, typer.Option("--format", help="Text for a person, or JSON.")] = CheckFormat.TEXT,
    jobs: Annotated[int, typer.Option("--jobs", min=0, metavar="N", help="Processes; 0: one per processor.")] = 0,
) -> int:
    """Check a pack: run its examples, and tell what they do not reach.

    Each example is run twice, so that the second pass shows that nothing is left to do. The first that changes
    something and the first that does not, of each codemod, are run in many shapes: line ends, encodings, layouts of
    the import, surroundings of the use, layouts of the call. What no example reaches is told, and is no failure.

    The exit code is 1 when a check fails. The code of the pack is run.

    Examples:

        recanon check websocket-ssot
        recanon check ./one_clock --format json
    """
    from recanon.report.check import check_data, check_sections, failure_lines
    from recanon.report.printer import say, say_sections
    from recanon.report.progress import progress
    from recanon.testing.check import report_of

    with progress(sys.stderr) as tick:
        report = report_of(pack, jobs=jobs, progress=tick)
    if format is CheckFormat.JSON:
        sys.stdout.write(json.dumps(check_data(report), indent=2) + "\n")
    else:
        say_sections(sys.stdout, check_sections(report))
        for line in failure_lines(report):
            say(sys.stdout, line)
    return ExitCode.CHANGES if report.failures else ExitCode.DONE
