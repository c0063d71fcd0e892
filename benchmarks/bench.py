"""Measure recanon beside other tools on one tree, in turns, and count what each got right.

    python -m benchmarks.bench --programs FOLDER [--tree TREE | --files 10000] [--rounds 3] [--out FOLDER]

Without TREE a tree is made (`make_tree.py`), in which every line that must change is known. The job is one rename with
its import: `create_websocket_manager` of the factory module becomes `get_websocket_manager` of the canonical one. What
LibCST, Bowler and rope need minutes for is given to them for the files alone that hold the name. Tools that write work
on a copy, which is laid out anew before each round; one that takes more than a minute has one round. Medians are told
with their spread, and as ratios to ruff, which only reads and lints. In a tree in which nothing is planted it is
counted what each tool broke (`harm.py`). `results.json` is written into the folder, for `plot.py`.
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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path

from benchmarks.harm import Reader, harm
from benchmarks.make_tree import make_tree
from benchmarks.rivals import count_file
from benchmarks.tree_uses import API, CANON, FACTORY, NEW, OLD, OLD_FUNCTION

PACK = ("--pack", "websocket-ssot")
_SECONDS = 900  # for one run of one tool
_LONG = 60  # seconds from which on one round is enough
_BOWLER = (
    "import sys; from bowler import Query; "
    f"Query(sys.argv[1:]).select_function('{OLD}').rename('{NEW}')"
    ".execute(interactive=False, write=True, silent=True)"
)
_ROPE = (
    "from rope.base.project import Project; from rope.refactor.rename import Rename; "
    f"project = Project('.', ropefolder=None); file = project.get_file('{FACTORY.replace('.', '/')}.py'); "
    f"changes = Rename(project, file, file.read().index('def {OLD}(') + 4).get_changes('{NEW}'); project.do(changes)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tool runs.

    Args:
        programs: the folder of the other tools' programs.
        root: the tree.
        files: those of it that hold the name.
    """

    programs: Path
    root: Path
    files: Sequence[str]


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that is measured.

    Args:
        name: what it is called.
        command: what is timed.
        over: the whole tree, which it must not write, or a copy of the files that hold the name.
        writes: how it writes, where that is another command than the one that is timed.
        cached: whether a cache of an earlier run is there.
        rewrites: whether what is timed writes.
    """

    name: str
    command: Callable[[Place], list[str]]
    over: str = "tree"
    writes: Callable[[Place], list[str]] | None = None
    cached: bool = False
    rewrites: bool = False


def _recanon(command: str, *more: str) -> Callable[[Place], list[str]]:
    return lambda place: [sys.executable, "-m", "recanon", command, str(place.root), *PACK, *more]


def _ast_grep(*more: str) -> Callable[[Place], list[str]]:
    words = ["run", "-p", OLD, "-r", NEW, "-l", "python", *more]
    return lambda place: [f"{place.programs}/ast-grep", *words, str(place.root)]


def _ruff(place: Place) -> list[str]:
    return [f"{place.programs}/ruff", "check", "--select", "F401", "--isolated", "--no-cache", str(place.root)]


def _libcst(place: Place) -> list[str]:
    words = ["-m", "libcst.tool", "codemod", "rename.RenameCommand", "--no-format", "--hide-progress"]
    names = ["--old_name", OLD_FUNCTION, "--new_name", f"{CANON}:{NEW}"]
    return [f"{place.programs}/python", *words, *names, "-j", str(os.cpu_count() or 1), *place.files]


def _python(code: str, *, files: bool) -> Callable[[Place], list[str]]:
    return lambda place: [f"{place.programs}/python", "-c", code, *(place.files if files else ())]


APPLY = _recanon("apply", "--yes", "--no-cache")
TOOLS = (
    Tool("recanon, cold", _recanon("preview", "--no-cache", "-o", os.devnull), writes=APPLY),
    Tool("recanon, warm", _recanon("preview", "-o", os.devnull), cached=True),
    Tool("ruff F401", _ruff),
    Tool("ast-grep", _ast_grep(), writes=_ast_grep("-U")),
    Tool("recanon, candidates", _recanon("preview", "--no-cache", "-o", os.devnull), "candidates"),
    Tool("LibCST rename", _libcst, "candidates", rewrites=True),
    Tool("Bowler rename", _python(_BOWLER, files=True), "candidates", rewrites=True),
    Tool("rope rename", _python(_ROPE, files=False), "candidates", rewrites=True),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One run: seconds, seconds of processors, peak memory of its largest process in megabytes, and its exit code."""

    seconds: float
    processor: float
    megabytes: float
    code: int


def measured(words: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Measure:
    """Run a program and measure it."""
    begun = time.perf_counter()
    with subprocess.Popen(words, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() - begun > _SECONDS:
                process.kill()
            time.sleep(0.002)
        spent = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    return Measure(spent, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode)


def candidates(root: Path) -> list[str]:
    """Return the files that hold the name, relative to the tree."""
    found = (path for path in sorted(root.rglob("*.py")) if OLD.encode() in path.read_bytes())
    return [path.relative_to(root).as_posix() for path in found]


def copied(root: Path, files: Sequence[str], folder: Path) -> Path:
    """Lay out a copy of some files, with what LibCST's runner asks for."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, folder / path)
    (folder / ".libcst.codemod.yaml").write_text("modules: ['libcst.codemod.commands']\nrepo_root: '.'\n")
    return folder


class Bench:
    """Runs tools in turns.

    Args:
        programs: the folder of the other tools' programs.
        root: the tree.
        scratch: for copies and caches.
    """

    def __init__(self, programs: Path, root: Path, scratch: Path) -> None:
        self.programs, self.root, self.scratch = programs, root, scratch
        self.files = candidates(root)

    def run(self, tool: Tool, *, write: bool = False) -> Measure:
        """Run a tool once, on a fresh copy where it writes."""
        root = self.root
        if write or tool.over == "candidates":
            root = copied(self.root, self._needed(tool), self.scratch / "copy")
        command = tool.writes if write and tool.writes is not None else tool.command
        env = {**os.environ, "XDG_CACHE_HOME": str(self.scratch / "cache")}
        return measured(command(Place(self.programs, root, self.files)), root, env)

    def _needed(self, tool: Tool) -> list[str]:
        """The files in a tool's copy: those that hold the name and the modules of the API, or all files."""
        if tool.over == "tree":
            return [path.relative_to(self.root).as_posix() for path in self.root.rglob("*.py")]
        return [*self.files, *(path for path in API if path not in self.files and (self.root / path).is_file())]

    def keep(self, tool: Tool) -> None:
        """Let a tool write, and keep the files that hold the name as it leaves them."""
        if tool.writes is not None:  # what is timed does not write
            self.run(tool, write=True)
        for path in self.files:
            (self._kept(tool) / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.scratch / "copy" / path, self._kept(tool) / path)

    def _kept(self, tool: Tool) -> Path:
        return self.scratch / "kept" / tool.name.replace(" ", "-")

    def made(self, tool: Tool) -> dict[str, tuple[str, str]]:
        """Return the text before and after of each file that holds the name."""
        return {path: (_text(self.root / path), _text(self._kept(tool) / path)) for path in self.files}

    def score(self, tool: Tool, planted: Sequence[dict[str, str]]) -> dict[str, int]:
        """Count the lines that a tool got right, missed and got wrong, and the imports among them."""
        wanted = [line for line in planted if line["old"] == OLD_FUNCTION]
        counted = {"right": 0, "missed": 0, "wrong": 0, "imports": 0}
        for path, (before, after) in self.made(tool).items():
            old, made = before.split("\n"), after.split("\n")
            own = [line for line in wanted if line["file"] == path]
            must = list(old)
            for line in own:
                must[int(line["line"]) - 1] = line["after"]
            right, missed, wrong = count_file(old, must, made)
            counted["right"] += right
            counted["missed"] += missed
            counted["wrong"] += wrong
            counted["imports"] += sum(line["after"] in made for line in own if line["kind"] == "import")
        return counted

    def harm(self, tool: Tool) -> dict[str, int]:
        """Count the lines that a tool changed, and what it broke."""
        made, ruff, names = self.made(tool), f"{self.programs}/ruff", frozenset({OLD, NEW})
        before = harm(Reader(self.root, {}), self.files, names, self.root, ruff)
        texts = {path: after for path, (_, after) in made.items()}
        after = harm(Reader(self.root, texts), self.files, names, self._kept(tool), ruff)
        return {"lines": sum(_changed(*both) for both in made.values()), **after.beyond(before)}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _changed(before: str, after: str) -> int:
    """Return how many lines of a text are gone or others."""
    blocks = SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for kind, i1, i2, j1, j2 in blocks if kind != "equal")


def main() -> None:
    """Read the command line, measure, and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, required=True, help="folder of the other tools' programs")
    parser.add_argument("--tree", type=Path, help="measure on this tree, in which nothing is planted")
    parser.add_argument("--files", type=int, default=10_000, help="size of the tree that is made")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, help="write results.json into this folder")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="recanon-bench-") as name:
        scratch = Path(name)
        root = args.tree.resolve() if args.tree else scratch / "tree"
        planted = [] if args.tree else [asdict(line) for line in make_tree(root, args.files, 1)]
        result = results(Bench(args.programs.absolute(), root, scratch), planted, args.rounds)
    show(result)
    if args.out:
        (args.out / "results.json").write_text(json.dumps(result, indent=1) + "\n")


def results(bench: Bench, planted: Sequence[dict[str, str]], rounds: int) -> dict[str, object]:
    """Run all tools in turns; return what was measured and counted."""
    found: dict[str, list[Measure]] = {tool.name: [] for tool in TOOLS}
    kept: list[Tool] = []
    for tool in TOOLS:
        if tool.cached:
            bench.run(tool)
    for _ in range(rounds):
        for tool in TOOLS:
            if any(run.seconds > _LONG for run in found[tool.name]):
                continue
            found[tool.name].append(bench.run(tool))
            print(f"{tool.name:20} {found[tool.name][-1].seconds:8.2f} s", file=sys.stderr, flush=True)
            if tool not in kept and (tool.writes is not None or tool.rewrites):
                bench.keep(tool)
                kept.append(tool)
    # Counting fills this process, and what it starts would be said to be as large as it is.
    counted = {tool.name: bench.score(tool, planted) if planted else bench.harm(tool) for tool in kept}
    return {
        "python": sys.version.split()[0],
        "processors": os.cpu_count(),
        "files": sum(1 for _ in bench.root.rglob("*.py")),
        "megabytes": sum(path.stat().st_size for path in bench.root.rglob("*.py")) / 1e6,
        "candidates": len(bench.files),
        "tools": [
            {
                "name": tool.name,
                "over": tool.over,
                "seconds": sorted(run.seconds for run in found[tool.name]),
                "processor": statistics.median(run.processor for run in found[tool.name]),
                "megabytes": max(run.megabytes for run in found[tool.name]),
                "codes": sorted({run.code for run in found[tool.name]}),
                "score": counted.get(tool.name),
            }
            for tool in TOOLS
        ],
    }


def show(result: dict[str, object]) -> None:
    """Print the table, in Markdown."""
    tools = result["tools"]
    assert isinstance(tools, list)
    ruff = next(statistics.median(tool["seconds"]) for tool in tools if tool["name"] == "ruff F401")
    print(
        f"{result['files']} files, {result['megabytes']:.0f} MB, {result['candidates']} hold the name; "
        f"Python {result['python']}, {result['processors']} processors\n"
    )
    heads = next(list(tool["score"]) for tool in tools if tool["score"])
    columns = ["tool", "over", "seconds (spread)", "to ruff", "processor", "peak MB", *heads]
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for tool in tools:
        seconds, median = tool["seconds"], statistics.median(tool["seconds"])
        counted = [str(tool["score"][key]) if tool["score"] else "" for key in heads]
        ended = " (ended)" if -9 in tool["codes"] else ""
        cells = [
            tool["name"], tool["over"], f"{median:.2f} ({seconds[0]:.2f} to {seconds[-1]:.2f}){ended}",
            f"{median / ruff:.2f}", f"{tool['processor']:.1f}", f"{tool['megabytes']:.0f}", *counted,
        ]  # fmt: skip
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
