"""`python -m faults`: run the campaign, each row in a process of its own, and print the table.

The last line is `faults: N points, 0 torn, 0 lost, 0 unrecovered, 0 silent`; exit code 1 when one of these is not 0, a
row died, or fewer points were tried than its row asks for.
"""

from __future__ import annotations

import argparse
import compileall
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from faults import mutants
from faults.model import Fault, Trial
from faults.registry import all_faults
from faults.rivals.__main__ import rivals
from faults.running import encode, run_rows
from faults.table import failures, last_line, table


def main(words: list[str]) -> int:
    """Run what is asked for; return the exit code."""
    options = _options(words)
    known = {fault.id: fault for fault in all_faults()}
    if unknown := [name for name in [*options.only, *([options.row] if options.row else [])] if name not in known]:
        print(f"no row {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    if options.row:
        print(_alone(known[options.row], options))
        return 0
    _compile()
    with TemporaryDirectory(prefix="recanon-faults-cache-") as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        return _campaign(options, known)


def _campaign(options: argparse.Namespace, known: Mapping[str, Fault]) -> int:
    """Try what is asked for, print what came of it, and return the exit code."""
    chosen = [fault for fault in known.values() if not options.only or fault.id in options.only]
    scores = run_rows(chosen, seed=options.seed, quick=options.quick, jobs=options.jobs)
    print(table(chosen, scores))
    told = failures(chosen, scores, quick=options.quick)
    print("\n".join(told), end="\n" if told else "", flush=True)
    slipped = False if options.only or options.quick else _beside(options)
    print(last_line(scores), flush=True)
    return 1 if told or slipped else 0


def _compile() -> None:
    """Make the bytecode of recanon: rows count system calls, and the first process must not make more than the next."""
    for folder in ("src", "codemods"):
        compileall.compile_dir(Path(__file__).parents[1] / folder, quiet=2)


def _beside(options: argparse.Namespace) -> bool:
    """Print how other programs fare, and which planted bugs are caught; return whether one was not."""
    print("\nThe same kills and the same full disk for other programs:\n", flush=True)
    print(rivals([], seed=options.seed, jobs=options.jobs), flush=True)
    print("\nBugs that were planted in recanon, each seen by a row:\n", flush=True)
    catches = mutants.try_all([], seed=options.seed, jobs=options.jobs)
    print(mutants.table(catches))
    print(mutants.last_line(catches), flush=True)
    return mutants.failed(catches)


def _alone(fault: Fault, options: argparse.Namespace) -> str:
    """Try one row in this process; return its score for the process that asked."""
    trial = Trial(seed=options.seed, quick=options.quick)
    begun = time.monotonic()
    if missing := fault.missing():
        return encode(trial.score(fault, 0.0), missing)
    with mutants.planted(options.mutant):
        fault.run(trial)
    return encode(trial.score(fault, time.monotonic() - begun))


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m faults", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="ROW", help="rows to try, such as A1; all by default")
    parser.add_argument("--quick", action="store_true", help="the smaller twin: fewer points of each row")
    parser.add_argument("--seed", type=int, default=1, help="of all that is left to chance (default 1)")
    parser.add_argument("--jobs", type=int, default=2, help="rows that are tried at a time (default 2)")
    parser.add_argument("--row", default="", help=argparse.SUPPRESS)
    parser.add_argument("--mutant", default="", help=argparse.SUPPRESS)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
