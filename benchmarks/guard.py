"""Time a guard of a tree, cold and warm, and ruff's banned-api on the same tree in the same run.

    python benchmarks/guard.py TREE [--pack websocket-ssot] [--rounds 5]

TREE is never written: everything runs on a copy of it, as a git repository, with a cache of its own. All programs are
run as users run them, one after the other in each round; medians are compared. Last it is counted how many of the
guard's places ruff sees with the exported table.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Places = list[dict[str, Any]]
Times = dict[str, list[tuple[float, float]]]


@dataclass(frozen=True)
class Bench:
    """A copy of a tree, and where results are kept.

    Args:
        folder: an empty folder for the copy, the cache and the files that are made.
        pack: id of the pack.
    """

    folder: Path
    pack: str

    @property
    def tree(self) -> Path:
        """The copy."""
        return self.folder / "tree"

    def run(self, command: Sequence[str | Path]) -> tuple[float, float, str]:
        """Run a command in the copy; return seconds on the clock, seconds of processor time, and what it printed."""
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}
        before, start = os.times(), time.perf_counter()
        done = subprocess.run(command, cwd=self.tree, env=environment, capture_output=True, text=True, check=False)
        spent, after = time.perf_counter() - start, os.times()
        if done.returncode not in (0, 1):
            raise SystemExit(f"{command}: {done.stderr}")
        worked = after.children_user + after.children_system - before.children_user - before.children_system
        return spent, worked, done.stdout

    def guard(self, *words: str | Path) -> list[str | Path]:
        """Return the command line of a guard with the recanon of this interpreter."""
        return [sys.executable, "-m", "recanon", "guard", *words, "--pack", self.pack]

    def check(self, *words: str) -> list[str | Path]:
        """Return the command line of the daily check."""
        return self.guard(".", "--baseline", self.folder / "base.json", *words)

    def git(self, *words: str) -> None:
        """Run git in the copy."""
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *words], cwd=self.tree, check=True, capture_output=True)

    def prepare(self, tree: Path) -> None:
        """Copy the tree, make it a repository of two commits, and make its baseline and its exports."""
        shutil.copytree(tree, self.tree, symlinks=True, ignore=shutil.ignore_patterns(".git", ".recanon"))
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "all")
        self.git("commit", "-q", "--allow-empty", "-m", "next")
        self.run(self.check("--update", "--allow-new"))
        self.run(self.guard("export", ".", "--ruff", "-o", self.folder / "ruff.toml"))
        text = (self.folder / "ruff.toml").read_text()
        (self.folder / "all.toml").write_text(text.partition("[lint.per-file-ignores]")[0])


def measure(bench: Bench, rounds: int, places: Places) -> Times:
    """Run all programs in turn."""
    old = sorted({place["file"] for place in places})
    other = sorted(
        path.relative_to(bench.tree).as_posix()
        for path in bench.tree.rglob("*.py")
        if b"websocket" not in path.read_bytes()
    )
    times: Times = defaultdict(list)
    for number in range(rounds):
        shutil.rmtree(bench.folder / "cache", ignore_errors=True)
        note(times, "guard, cold", bench, bench.check())
        note(times, "guard, warm, unchanged", bench, bench.check())
        note(times, "guard --changed-since HEAD~1", bench, bench.check("--changed-since", "HEAD~1"))
        for name, files in (("any file changed", other), ("file with an old use changed", old)):
            with (bench.tree / files[number * 7 % len(files)]).open("a") as file:
                file.write(f"\n# {number}\n")
            note(times, f"guard, warm, one {name}", bench, bench.check())
            bench.git("checkout", "-q", ".")
        note(times, "guard --no-cache", bench, bench.check("--no-cache"))
        ruff: list[str | Path] = [sys.executable, "-m", "ruff", "check", "--config", bench.folder / "ruff.toml", "."]
        note(times, "ruff TID251 --no-cache", bench, [*ruff, "--no-cache"])
        note(times, "ruff TID251, warm", bench, ruff)
    return times


def note(times: Times, name: str, bench: Bench, command: Sequence[str | Path]) -> None:
    """Run a command and note its times."""
    spent, worked, _ = bench.run(command)
    times[name].append((spent, worked))


def seen_by_ruff(bench: Bench, places: Places) -> Counter[tuple[str, bool]]:
    """Count the guard's places by kind, and by whether ruff names their line."""
    words: list[str | Path] = [
        *(sys.executable, "-m", "ruff"),
        "check",
        "--no-cache",
        "--output-format",
        "json",
        "--config",
        bench.folder / "all.toml",
        ".",
    ]
    found = [item for item in json.loads(bench.run(words)[2]) if item["code"] == "TID251"]
    root = bench.tree.resolve()
    lines = {
        (Path(item["filename"]).relative_to(root).as_posix(), line)
        for item in found
        for line in range(item["location"]["row"], item["end_location"]["row"] + 1)
    }
    return Counter((place["kind"], (place["file"], place["line"]) in lines) for place in places)


def main() -> None:
    """Read the command line, run everything and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--pack", default="websocket-ssot")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="recanon-bench-") as folder:
        bench = Bench(Path(folder), args.pack)
        bench.prepare(args.tree.resolve())
        empty = {"schema": "recanon/baseline/1", **json.loads((bench.folder / "base.json").read_text()), "places": []}
        (bench.folder / "empty.json").write_text(json.dumps(empty))
        told = bench.run(bench.guard(".", "--baseline", bench.folder / "empty.json", "--format", "json"))[2]
        places = json.loads(told)["new"]
        print(f"{len(list(bench.tree.rglob('*.py')))} Python files; {len(places)} places in the baseline")
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, {args.rounds} rounds: median (range)")
        medians = {}
        for name, found in measure(bench, args.rounds, places).items():
            clock, worked = sorted(spent for spent, _ in found), [cpu for _, cpu in found]
            medians[name] = statistics.median(clock)
            print(
                f"{name:44} {medians[name]:6.2f} s ({clock[0]:.2f} to {clock[-1]:.2f}),"
                f" processor {statistics.median(worked):5.2f} s"
            )
        print(f"guard warm / ruff warm: {medians['guard, warm, unchanged'] / medians['ruff TID251, warm']:.1f}")
        counts = seen_by_ruff(bench, places)
        for kind in sorted({kind for kind, _ in counts}):
            print(f"{kind:14} ruff sees {counts[kind, True]:4} of {counts[kind, True] + counts[kind, False]}")


if __name__ == "__main__":
    main()
