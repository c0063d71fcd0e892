"""Time a preview of a tree, and LibCST's own rename codemod on the same candidate files in the same run.

    python benchmarks/preview.py TREE [--pack websocket-ssot] [--rounds 3] [--old NAME --new NAME] [--no-rival]

TREE is never written: the rival works on a copy of the candidate files. Both programs are run as users run them, one
after the other in each round, and medians are compared. Peak memory is that of the largest single process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OLD = "netra_backend.app.websocket_core.websocket_manager_factory.create_websocket_manager"
NEW = "netra_backend.app.websocket_core.websocket_manager:get_websocket_manager"


@dataclass(frozen=True, slots=True)
class Measure:
    """One run of a program: wall time in seconds, peak memory in megabytes."""

    seconds: float
    megabytes: float


def measured(command: Sequence[str], cwd: Path | None = None) -> tuple[Measure, bytes]:
    """Run a command in a process of its own, so that its peak memory is its own, and measure it."""
    probe = (
        "import json, resource, subprocess, sys, time; start = time.perf_counter();"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL);"
        "spent = time.perf_counter() - start;"
        "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024;"
        "sys.stderr.write(json.dumps([spent, peak, done.returncode])); sys.stdout.buffer.write(done.stdout)"
    )
    done = subprocess.run([sys.executable, "-c", probe, *command], capture_output=True, cwd=cwd, check=True)
    spent, peak, _ = json.loads(done.stderr)
    return Measure(spent, peak), done.stdout


def preview_command(tree: Path, pack: str, *options: str) -> list[str]:
    """Return the command line of a preview with the recanon of this interpreter."""
    return [sys.executable, "-m", "recanon", "preview", str(tree), "--pack", pack, *options]


def candidates(tree: Path, pack: str) -> tuple[list[str], int, int]:
    """Return the files of a tree that hold a mention, how many files it has, and how many recanon would change."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = preview_command(tree, pack, "--format", "json", "-o", out.name)
        subprocess.run(command, check=True, capture_output=True)
        plan = json.loads(Path(out.name).read_bytes())
    return sorted({row["file"] for row in plan["mentions"]}), plan["tree"]["files"], len(plan["files"])


def copy_of(tree: Path, files: Sequence[str], folder: Path) -> None:
    """Copy files of a tree into a folder, and make it a LibCST codemod repository."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree / name, target)
    (folder / ".libcst.codemod.yaml").write_text("modules: ['libcst.codemod.commands']\nrepo_root: '.'\n")


def rival(tree: Path, files: Sequence[str], folder: Path, names: tuple[str, str]) -> Measure:
    """Run LibCST's rename over a copy of the files."""
    copy_of(tree, files, folder)
    command = [sys.executable, "-m", "libcst.tool", "codemod", "rename.RenameCommand", "--old_name", names[0]]
    command += ["--new_name", names[1], "--no-format", "--hide-progress", "-j", str(os.cpu_count() or 1), *files]
    return measured(command, folder)[0]


def size_of(tree: Path) -> float:
    """Return the size of all Python files of a tree, in megabytes."""
    return sum(path.stat().st_size for path in tree.rglob("*.py") if path.is_file()) / 1e6


def show(name: str, found: Sequence[Measure]) -> float:
    """Print the median and the spread of some runs, and return the median."""
    seconds = sorted(item.seconds for item in found)
    median = statistics.median(seconds)
    peak = max(item.megabytes for item in found)
    print(f"{name:28} {median:7.2f} s  ({seconds[0]:.2f} to {seconds[-1]:.2f})   peak {peak:6.0f} MB")
    return median


def main() -> None:
    """Read the command line, run both programs and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--pack", default="websocket-ssot")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--old", default=OLD, help="name that the rival renames")
    parser.add_argument("--new", default=NEW, help="name that the rival renames it to")
    parser.add_argument("--no-rival", action="store_true", help="time recanon only")
    args = parser.parse_args()
    tree: Path = args.tree.resolve()
    files, total, changed = candidates(tree, args.pack)
    print(f"{tree.name}: {total} Python files, {size_of(tree):.0f} MB; {len(files)} hold a mention, {changed} change")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, {args.rounds} rounds")
    ours: list[Measure] = []
    theirs: list[Measure] = []
    with tempfile.TemporaryDirectory(prefix="recanon-bench-") as folder:
        for _ in range(args.rounds):
            ours.append(measured(preview_command(tree, args.pack, "--format", "summary"))[0])
            if not args.no_rival:
                theirs.append(rival(tree, files, Path(folder, "copy"), (args.old, args.new)))
    median = show("recanon preview", ours)
    if theirs:
        other = show(f"LibCST rename, {len(files)} files", theirs)
        print(f"LibCST rename / recanon preview: {other / median:.1f}")
    print(f"peak of this script: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
