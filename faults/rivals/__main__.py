"""`python -m faults.rivals`: install the rivals, measure them and recanon alike, and print the table."""

from __future__ import annotations

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from faults.rivals.measure import measure
from faults.rivals.table import table
from faults.rivals.tools import TOOLS

ROOT = Path(__file__).parents[2]
_FOLDER = ROOT / ".venvs/rivals"


def rivals(names: list[str], *, seed: int, jobs: int) -> str:
    """Return the table of the programs, so many of them measured at a time; or what says that they are not here."""
    done = subprocess.run(
        [".ci/rivals", str(_FOLDER), sys.executable, str(Path(__file__).with_name("requirements.txt"))],
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        return "The rivals cannot be installed here: not measured."
    chosen = [tool for tool in TOOLS if not names or tool.name in names]
    with ThreadPoolExecutor(jobs) as pool:
        return table(list(pool.map(partial(measure, programs=_FOLDER / "bin", seed=seed), chosen)))


def main(words: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser("python -m faults.rivals", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="programs to measure; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(words)
    if unknown := set(options.names) - {tool.name for tool in TOOLS}:
        parser.error(f"no program {', '.join(sorted(unknown))}; there are: {', '.join(tool.name for tool in TOOLS)}")
    print(rivals(options.names, seed=options.seed, jobs=options.jobs))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
