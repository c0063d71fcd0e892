"""Ask recanon and its rivals for one and the same rename, and count what each got right.

    python benchmarks/rivals.py --venv DIR [--json FILE]

The tree is planted (`benchmarks/comparison/tree`): every line at which the name must change is known, and so is every
line at which another thing of that name must stay. It is filled in twice, with the old and the new name, and its own
tests pass on both. The rivals are installed into DIR, a virtual environment that is made where it is missing, and run
as their documentation says, each over a copy. Docstrings and comments are not counted: tools differ about them on
purpose.
"""

from __future__ import annotations

import argparse
import json
import shutil
import string
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path

TREE = Path(__file__).parent / "comparison" / "tree"
OLD, NEW = "utc_now", "now_utc"
RIVALS = ("libcst==1.9.0", "bowler==0.9.0", "rope==1.15.2", "ast-grep-cli==0.51.1", "pytest")
ODD = {
    "a file that does not parse": f"from shop.clock import {OLD}\n\n\ndef half(:\n    return {OLD}()\n",
    "an f-string of Python 3.12": f'from shop.clock import {OLD}\n\ntold = f"{{{OLD}():>{{"5"}}}}"\n',
}

_BOWLER = f"from bowler import Query; Query(['.']).select_function('{OLD}').rename('{NEW}').execute(interactive=False, "
_ROPE = (
    "from rope.base.project import Project; from rope.refactor.rename import Rename; "
    "project = Project('.', ropefolder=None); file = project.get_file('shop/clock.py'); "
    f"changes = Rename(project, file, file.read().index('def {OLD}(hours') + 4).get_changes('{NEW}'); "
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that can rename a function.

    Args:
        name: what it is called in the table.
        command: makes its command line from the folder of the rivals' programs.
        dry: the same for a run that only shows its changes; None where it has none.
        setup: files that it wants in the tree.
    """

    name: str
    command: Callable[[Path], list[str]]
    dry: Callable[[Path], list[str]] | None = None
    setup: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """What a tool made of the tree.

    Args:
        tool: its name.
        right: lines that changed as they must.
        missed: lines that must change and did not.
        wrong: lines that changed and must not, or to something else.
        passed: whether the tree's own tests pass afterwards.
        dry: what its dry run gives: a patch that git takes, or what else.
        again: whether a second run leaves the tree as it is.
        odd: for each odd file besides: what became of the others, and the exit code.
        code: exit code of the first run.
    """

    tool: str
    right: int
    missed: int
    wrong: int
    passed: bool
    dry: str
    again: bool
    odd: tuple[str, ...]
    code: int


def _libcst(folder: Path, *more: str) -> list[str]:
    line = [str(folder / "python"), "-m", "libcst.tool", "codemod", "rename.RenameCommand", "--no-format", *more, "."]
    return [*line, "--old_name", f"shop.clock.{OLD}", "--new_name", f"shop.clock.{NEW}"]


def _recanon(*more: str) -> list[str]:
    return [sys.executable, "-m", "recanon", "move", f"shop.clock.{OLD}", f"shop.clock.{NEW}", ".", *more]


def _ast_grep(folder: Path, *more: str) -> list[str]:
    return [str(folder / "ast-grep"), "run", "-p", OLD, "-r", NEW, "-l", "python", *more, "."]


def _python(folder: Path, code: str) -> list[str]:
    return [str(folder / "python"), "-c", code]


TOOLS = (
    Tool("recanon move", lambda _: _recanon("--apply", "--yes"), lambda _: _recanon()),
    Tool(
        "LibCST RenameCommand",
        _libcst,
        lambda folder: _libcst(folder, "--unified-diff", "3"),
        ((".libcst.codemod.yaml", "modules: ['libcst.codemod.commands']\nrepo_root: '.'\n"),),
    ),
    Tool(
        "Bowler rename",
        lambda folder: _python(folder, f"{_BOWLER}write=True, silent=True)"),
        lambda folder: _python(folder, f"{_BOWLER}write=False, silent=False)"),
    ),
    Tool(
        "rope Rename",
        lambda folder: _python(folder, f"{_ROPE}project.do(changes)"),
        lambda folder: _python(folder, f"{_ROPE}print(changes.get_description())"),
    ),
    Tool("ast-grep pattern", lambda folder: _ast_grep(folder, "-U"), _ast_grep),
    Tool("sed", lambda _: ["sh", "-c", rf"find . -name '*.py' -exec sed -i 's/\b{OLD}\b/{NEW}/g' {{}} +"]),
)


def fill(root: Path, name: str) -> None:
    """Write the planted tree with a name in its places."""
    for template in TREE.rglob("*.template"):
        target = root / template.relative_to(TREE).with_suffix("")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(string.Template(template.read_bytes().decode()).substitute(name=name).encode())


def lines(root: Path) -> dict[str, list[str]]:
    """Return the lines of every Python file."""
    files = (path for path in root.rglob("*.py") if "__pycache__" not in path.parts and path.name != "odd.py")
    return {path.relative_to(root).as_posix(): path.read_bytes().decode().split("\n") for path in files}


def is_text(line: str) -> bool:
    """Whether a line is a docstring or a comment of the planted tree."""
    return line.lstrip().startswith(("#", '"""'))


def count(before: Path, after: Path, found: Path) -> tuple[int, int, int]:
    """Return how many lines are right, missed and wrong."""
    old, new, got = lines(before), lines(after), lines(found)
    counted = [count_file(old[path], new[path], got[path]) for path in new]
    return sum(c[0] for c in counted), sum(c[1] for c in counted), sum(c[2] for c in counted)


def count_file(old: Sequence[str], new: Sequence[str], made: Sequence[str]) -> tuple[int, int, int]:
    """Return how many lines of a file are right, missed and wrong; a line that was put in besides is wrong."""
    right = missed = wrong = 0
    for tag, start, end, low, high in SequenceMatcher(None, old, made, autojunk=False).get_opcodes():
        fresh = list(made[low:high])
        for was, must in zip(old[start:end], new[start:end], strict=True):
            if tag == "equal":
                missed += was != must
            elif must in fresh:
                fresh.remove(must)
                right += was != must
            elif was != must or not is_text(was):
                wrong += 1
        wrong += 0 if tag == "equal" else max(0, len(fresh) - (end - start))
    return right, missed, wrong


def run(tool: Tool, root: Path, programs: Path) -> int:
    """Run a tool over a tree, and return its exit code."""
    for name, text in tool.setup:
        (root / name).write_text(text)
    done = subprocess.run(tool.command(programs), cwd=root, capture_output=True, check=False)
    return done.returncode


def dry_run(tool: Tool, root: Path, programs: Path) -> str:
    """Return what a dry run gives."""
    if tool.dry is None:
        return "none"
    for name, text in tool.setup:
        (root / name).write_text(text)
    before = lines(root)
    shown = subprocess.run(tool.dry(programs), cwd=root, capture_output=True, check=False).stdout
    if lines(root) != before:
        return "writes"
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    taken = subprocess.run(["git", "apply", "--check"], cwd=root, input=shown, capture_output=True, check=False)
    return "patch" if taken.returncode == 0 else "no patch"


def passes(root: Path, python: Path) -> bool:
    """Whether the tree's own tests pass."""
    done = subprocess.run([python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=root, capture_output=True)
    return done.returncode == 0


def score(tool: Tool, folder: Path, programs: Path) -> Score:
    """Run a tool over a copy of the planted tree, once more over the result, and over trees with an odd file."""
    before, after = folder / "before", folder / "after"
    root = shutil.copytree(before, folder / tool.name)
    code = run(tool, root, programs)
    counted = count(before, after, root)
    made = lines(root)
    passed = passes(root, programs / "python")
    run(tool, root, programs)
    again = lines(root) == made
    dry = dry_run(tool, shutil.copytree(before, folder / f"{tool.name} dry"), programs)
    odd = []
    for number, text in enumerate(ODD.values()):
        other = shutil.copytree(before, folder / f"{tool.name} {number}")
        (other / "shop" / "odd.py").write_text(text)
        ended = run(tool, other, programs)
        same = "others the same" if lines(other) == made else f"others {count(before, after, other)[0]} right"
        odd.append(f"{same}, exit {ended}")
    return Score(tool.name, *counted, passed, dry, again, tuple(odd), code)


def environment(folder: Path) -> Path:
    """Return the folder of the rivals' programs, installed where they are missing."""
    programs = folder / "bin"
    if not (programs / "ast-grep").is_file():
        venv.create(folder, with_pip=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "-q", *RIVALS], check=True)
    return programs


def main() -> None:
    """Run all tools and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--venv", type=Path, required=True, help="virtual environment of the rivals")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    args = parser.parse_args()
    programs = environment(args.venv.resolve())
    with tempfile.TemporaryDirectory(prefix="recanon-bench-") as name:
        folder = Path(name)
        for place, word in (("before", OLD), ("after", NEW)):
            fill(folder / place, word)
            if not passes(folder / place, programs / "python"):
                raise SystemExit(f"the tests of the planted tree fail with the name {word}")
        scores = [score(tool, folder, programs) for tool in TOOLS]
    print(f"{', '.join(RIVALS[:-1])}; Python {sys.version.split()[0]}\n")
    print(f"{'':22}{'right':>6}{'missed':>8}{'wrong':>7}  {'exit':6}{'tests':7}{'dry run':10}second run")
    for one in scores:
        tests, again = ("pass" if one.passed else "fail"), ("nothing" if one.again else "changes")
        print(f"{one.tool:22}{one.right:6}{one.missed:8}{one.wrong:7}  {one.code:<6}{tests:7}{one.dry:10}{again}")
    for number, what in enumerate(ODD):
        print(f"\nwith {what}:")
        for one in scores:
            print(f"{one.tool:22}  {one.odd[number]}")
    if args.json:
        args.json.write_text(json.dumps([asdict(one) for one in scores], indent=2) + "\n")


if __name__ == "__main__":
    main()
