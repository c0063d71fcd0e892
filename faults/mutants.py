"""Planted bugs: each takes one guard of recanon away, and a row of the campaign must see it.

`python -m faults.mutants [NAME ...]` tries them, each in a process of its own, and prints which are caught; exit code 1
when one is not. The patches hold in forked processes too, but not in those of the command line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from faults import bugs, bugs_of_input
from faults.bugs import Bug
from faults.model import Fault, Loss, Score
from faults.registry import all_faults
from faults.running import run_row
from faults.table import lay_out

BUGS = (*bugs.BUGS, *bugs_of_input.BUGS)
_HEAD = ("planted bug", "row", "caught", "seen as")


@dataclass(frozen=True, slots=True)
class Catch:
    """What came of a planted bug.

    Args:
        bug: its name.
        row: the row that must see it.
        missing: why this machine cannot try that row, or "".
        seen: what the row saw, or "".
    """

    bug: str
    row: str
    missing: str
    seen: str

    @property
    def caught(self) -> bool:
        """Whether the row saw it."""
        return bool(self.seen)


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Plant a bug during the block; "" plants none."""
    if not name:
        yield
        return
    with {bug.name: bug for bug in BUGS}[name].plant():
        yield


def try_all(names: Sequence[str], *, seed: int, jobs: int) -> list[Catch]:
    """Plant bugs one by one, and see whether their rows see them."""
    rows = {fault.id: fault for fault in all_faults()}
    chosen = [bug for bug in BUGS if not names or bug.name in names]
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(partial(_try, rows=rows, seed=seed), chosen))


def _try(bug: Bug, *, rows: dict[str, Fault], seed: int) -> Catch:
    score = run_row(rows[bug.row], seed=seed, quick=True, mutant=bug.name)
    return Catch(bug.name, bug.row, score.missing, _seen(score))


def _seen(score: Score) -> str:
    """Return the first failure; a row that did not come to its end has seen nothing."""
    return score.failures[0] if score.points and score.failures else ""


def table(catches: Sequence[Catch]) -> str:
    """Return what came of the planted bugs as a table in Markdown."""
    return lay_out([_HEAD, *(_line(catch) for catch in catches)])


def _line(catch: Catch) -> tuple[str, ...]:
    if catch.missing:
        return catch.bug, catch.row, f"not tried: {catch.missing}", "-"
    losses = [loss.value for loss in Loss if f": {loss.value}: " in catch.seen]
    return catch.bug, catch.row, "yes" if catch.caught else "NO", losses[0] if losses else "-"


def last_line(catches: Sequence[Catch]) -> str:
    """Return the line that sums it up."""
    tried = [catch for catch in catches if not catch.missing]
    return f"planted bugs: {len(tried)} tried, {sum(catch.caught for catch in tried)} caught"


def failed(catches: Sequence[Catch]) -> bool:
    """Return whether one was not caught."""
    return any(not catch.caught and not catch.missing for catch in catches)


def main(words: list[str]) -> int:
    """Try what is asked for; return the exit code."""
    parser = argparse.ArgumentParser("python -m faults.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(words)
    if unknown := set(options.names) - {bug.name for bug in BUGS}:
        parser.error(f"no planted bug {', '.join(sorted(unknown))}; there are: {'; '.join(bug.name for bug in BUGS)}")
    catches = try_all(options.names, seed=options.seed, jobs=options.jobs)
    print(table(catches))
    print(last_line(catches))
    return 1 if failed(catches) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
