"""Move fifteen symbols of three public repositories with recanon, rope and LibCST, and count what each gets right.

    python -m benchmarks.move CHECKOUTS --work FOLDER [--tool recanon ...] [--only ID ...] [--recanon PATH] [--json OUT]

CHECKOUTS holds a clone of each repository that the data files beside this script name, under its name and at its
commit. It is never written: each tool works on a fresh copy of its own. FOLDER keeps the environments that the
script makes (one for each repository, one for the rivals), the copies and what was measured.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.move import harm, table
from benchmarks.move.denoted import Jedi
from benchmarks.move.places import Places
from benchmarks.move.score import score
from benchmarks.move.suite import baseline, passed
from benchmarks.move.tools import Tool, libcst, recanon, rope, rope_text
from benchmarks.move.trees import Trees, stand_in
from benchmarks.move.truth import Move, Repository, repositories


def measure(
    places: Places, repository: Repository, move: Move, named: tuple[str, Tool], *, suite: bool
) -> dict[str, object]:
    """Let one tool make one move in a fresh copy, and judge what came of it."""
    label, tool = named
    before = places.checkouts / repository.name
    after = places.copy(repository, f"{move.id}-{label}")
    ran = tool(places, after, move)
    tests = tested(places, repository, after) if suite else {}
    questions = harm.asked(places.rivals().parent / "ruff", places.copy(repository, "before"), after)
    laid = stand_in(after, move)
    jedi = Jedi(places.rivals(), places.tests_of(repository).parent.parent, after, move)
    found = score(jedi, Trees(before, after, laid), move)
    shutil.rmtree(places.work / "copies" / f"{repository.name}-before")
    return {
        "repository": repository.name,
        "move": move.id,
        "kind": move.kind,
        "tool": label,
        "exit": ran.exit,
        "seconds": round(ran.seconds, 2),
        "said": ran.said,
        "sites": len(move.sites) + len(move.strings),
        "right": len(found.right),
        "missed": sorted(found.missed),
        "wrong": sorted(found.wrong),
        "beside": found.beside,
        "no_definition": laid,
        "tests": tests,
        **questions,
    }


def tested(places: Places, repository: Repository, after: Path) -> dict[str, object]:
    """Run the tests after a move; name those that passed twice before and do not pass now."""
    good = baseline(places, repository)
    tests, seconds = passed(places, repository, after)
    return {"before": len(good), "lost": sorted(good - tests), "seconds": round(seconds, 1)}


def run(
    places: Places, tools: Mapping[str, Tool], only: set[str], results: Path, *, suite: bool
) -> list[dict[str, object]]:
    """Let each tool make each move, and keep what was measured as it comes."""
    rows: list[dict[str, object]] = json.loads(results.read_text()) if results.exists() else []
    for repository in repositories(Path(__file__).parent):
        for move in repository.moves:
            for label, tool in tools.items():
                if only and move.id not in only:
                    continue
                row = measure(places, repository, move, (label, tool), suite=suite)
                print(table.line(row), flush=True)
                rows = [old for old in rows if (old["move"], old["tool"]) != (move.id, label)] + [row]
                results.write_text(json.dumps(rows, indent=1))
    return rows


def main() -> None:
    """Read the command line, run the tools and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--tool", action="append", choices=["recanon", "rope", "rope-text", "libcst"])
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="the move to make; repeatable")
    parser.add_argument("--recanon", default=str(Path(sys.executable).with_name("recanon")))
    parser.add_argument("--no-tests", action="store_true", help="do not run the tests of the repositories")
    parser.add_argument("--json", type=Path, help="where the results are kept; by default in the work folder")
    args = parser.parse_args()
    known: dict[str, Tool] = {"recanon": recanon(args.recanon), "rope": rope, "rope-text": rope_text, "libcst": libcst}
    tools = {name: tool for name, tool in known.items() if name in (args.tool or known)}
    args.work.mkdir(parents=True, exist_ok=True)
    places = Places(args.checkouts.resolve(), args.work.resolve())
    rows = run(places, tools, set(args.only), args.json or places.work / "results.json", suite=not args.no_tests)
    print(table.markdown(rows), table.totals(rows), sep="\n\n")


if __name__ == "__main__":
    main()
