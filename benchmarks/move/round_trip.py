"""Make each of the fifteen moves with recanon, make it once more, and take it back.

    python -m benchmarks.move.round_trip CHECKOUTS --work FOLDER [--recanon PATH]

Prints for each move how many files it changed, made or removed, what a second call said (there is nothing left to
move: exit code 2, and no byte changes), and how many files differ from the checkout once the run is taken back.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.move.harm import differing
from benchmarks.move.places import Places
from benchmarks.move.tools import ran, recanon
from benchmarks.move.truth import Move, Repository, repositories


def there_and_back(places: Places, repository: Repository, move: Move, command: str) -> str:
    """Make a move, make it again and take it back, in a fresh copy; return what was seen as a line."""
    checkout, tree = places.checkouts / repository.name, places.copy(repository, f"{move.id}-back")
    first = recanon(command)(places, tree, move)
    moved = differing(checkout, tree)
    second = recanon(command)(places, tree, move)
    again = set(differing(checkout, tree)) ^ set(moved)
    back = ran([command, "rollback", str(tree), "--all", "--yes"], tree)
    left = differing(checkout, tree)
    done = f"exit {first.exit}, {len(moved)} files differ"
    return (
        f"{move.id:18} {done}; again: exit {second.exit}, {len(again)} more; back: exit {back.exit}, {len(left)} left"
    )


def main() -> None:
    """Read the command line and make the moves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--recanon", default=str(Path(sys.executable).with_name("recanon")))
    args = parser.parse_args()
    places = Places(args.checkouts.resolve(), args.work.resolve())
    for repository in repositories(Path(__file__).parent):
        for move in repository.moves:
            print(there_and_back(places, repository, move, args.recanon), flush=True)


if __name__ == "__main__":
    main()
