"""`recanon gate`: gates tried on a tree as it is, before a phase is applied between them."""

from __future__ import annotations

import sys

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.gates import GateOptions, surveyor_of
from recanon.cli.options import ReadOptions, Tree
from recanon.cli.planning import tree_root
from recanon.errors import UsageError


@command
def gate(tree: Tree, read: ReadOptions, gates: GateOptions) -> int:
    """Try gates on a tree as it is: what they find, how long they take, and whether apply could use them.

    What is judged between before and after a run is called readable here. Nothing is written, unless a command does so,
    which is named then. The exit code is 1 when a gate is red, and 2 when a compliance has no places to be told of.

    Examples:

        recanon gate . --pack websocket-ssot --gate "python -m pytest -q"
        recanon gate . --pack websocket-ssot --gate "compliance>=25" --gate "diagnostics: mypy app"
    """
    from recanon.gates.gated import try_gates
    from recanon.gates.reading import cannot_tell, problems, unfit
    from recanon.pack import pack_id
    from recanon.report.gates import reading_section
    from recanon.report.printer import say_sections
    from recanon.report.progress import progress

    root = tree_root(tree)
    pack = pack_id(read.pack)
    asked = tuple(entry.gate for entry in gates.standing(root) if entry.asked(root, pack, (entry.phase,)))
    if not asked:
        raise UsageError("gate has no gate to try", "Give one with --gate, or write it into your configuration.")
    with progress(sys.stderr) as tick:
        surveyor = surveyor_of(root, read)
        readings = try_gates(root, asked, surveyor=surveyor, seconds=gates.gate_timeout, progress=tick)
    # A gate that is about the tree as it will be, such as a compliance, is compared with itself here.
    told = {gate: unfit(gate, now) or ", ".join(problems(gate, now, now).values()) for gate, now in readings.items()}
    red = {gate: why for gate, why in told.items() if why}
    say_sections(sys.stdout, [reading_section(readings, red)])
    if any(cannot_tell(gate, now) for gate, now in readings.items()):
        return ExitCode.USAGE
    return ExitCode.CHANGES if red else ExitCode.DONE
