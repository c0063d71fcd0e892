"""G5: a repository that tries to get its code run by being looked at, planned for, written to and rolled back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from faults.canaries import GIT, Canary, committed, repository, script, stale
from faults.command_line import TREE, ask, world
from faults.hostile_journals import packed
from faults.model import Fault, Loss, Trial, judged
from faults.trees import fill

Words = tuple[str | Path, ...]

_MORE = 120  # files besides: enough for worker processes
# `python -m` loads some modules from the current folder before it comes to ours: these are only tried with `recanon`.
LATE = (
    "click", "concurrent", "hashlib", "jinja2", "json", "libcst", "linecache", "msgspec", "multiprocessing", "pathspec",
    "pickle", "rich", "secrets", "select", "selectors", "socket", "sqlite3", "subprocess", "traceback",
    "typer", "usercustomize", "sitecustomize", "conftest", "setup",
)  # fmt: skip
EARLY = (
    "abc", "ast", "collections", "contextlib", "enum", "functools", "importlib", "inspect", "os", "re",
    "recanon", "types", "typing",
)  # fmt: skip
PROGRAMS = ("git", "ruff", "python", "python3", "sh", "patch", "pager")
_PYPROJECT = """\
[[tool.recanon.gate]]
run = "sh -c '{}'"

[tool.ruff]
extend = "more.toml"

[tool.fixit]
enable = [".setup"]

[tool.coverage.run]
plugins = ["setup"]

[tool.pytest.ini_options]
addopts = "-p conftest"
"""


def looking(trial: Trial) -> None:
    """Plant all canaries of Python in one tree, those of git each in its own, and run every command over them."""
    with trial.place() as place:
        _python(trial, place)
    for canary in trial.some(GIT, 1):
        with trial.place() as place:
            _git(trial, place, canary)


def _python(trial: Trial, place: Path) -> None:
    root, pack = world(place, {f"app/more/m{number}.py": b"def fetch():\n    pass\n" for number in range(_MORE)})
    committed(root)
    marks, names = place / "marks", _plant(root, place / "marks")
    _careless(root, names)
    dead = names - _sung(marks)
    trial.point("all canaries are alive", *judged((not dead, Loss.SILENT, f"dead: {sorted(dead)}")))
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environ = {**own, "PATH": f":.:tools:{own['PATH']}"}
    lines = _commands(root, pack, place)[: 1 if trial.quick else None]
    _run_all(trial, root, [(_recanon(), *words) for words in lines], names=names, environ=environ)
    for name in EARLY:
        (root / f"{name}.py").unlink()
    again = [(sys.executable, "-m", "recanon", *words) for words in lines[:5]]
    _run_all(trial, root, again, names=names - set(EARLY), environ=environ)


def _run_all(trial: Trial, root: Path, lines: Iterable[Words], *, names: set[str], environ: Mapping[str, str]) -> None:
    marks = root.parent / "marks"
    for words in lines:
        for mark in marks.iterdir():
            mark.unlink()
        done = subprocess.run(words, cwd=root, env=environ, capture_output=True, stdin=subprocess.DEVNULL, check=False)
        sung, name = _sung(marks), " ".join(map(str, words[:4]))
        for canary in sorted(names):
            trial.point(f"{canary}: {name}", *judged((canary not in sung, Loss.LOST, "it was run")))
        told = (done.returncode in (0, 2, 3), Loss.SILENT, f"{done.returncode}: {done.stderr[-300:]!r}")
        trial.point(f"what came of {name}", *judged(told))


def _plant(root: Path, marks: Path) -> set[str]:
    """Plant the canaries; return their names."""
    marks.mkdir()
    text = "open({!r}, 'w').close()\nraise ImportError('not the module that you look for')\n"
    fill(root, {f"{name}.py": text.format(str(marks / name)).encode() for name in (*LATE, *EARLY)})
    fill(root, {"evil.pth": f"import os; open({str(marks / 'pth')!r}, 'w').close()\n".encode()})
    fill(root, {"codemods/evil/pack.toml": b'[pack]\nid = "evil"\n'})
    fill(root, {"codemods/evil/evil.py": f"open({str(marks / 'pack')!r}, 'w').close()\n".encode()})
    fill(root, {"pyproject.toml": _PYPROJECT.format(f"touch {marks / 'gate'}").encode()})
    fill(root, {".fixit.toml": b'[tool.fixit]\nenable = [".conftest"]\n', ".coveragerc": b"[run]\nplugins = setup\n"})
    for program in PROGRAMS:
        for folder in (root, root / "tools", root / ".venv/bin"):
            script(folder / program, f"touch {marks / program}.program")
    packed("./codemods/evil")(root)
    return {*LATE, *EARLY, "pth", "pack", "gate", *(f"{program}.program" for program in PROGRAMS)}


def _careless(root: Path, names: set[str]) -> None:
    """Do what a careless tool does: import from the current folder, take programs from it, run what its files name."""
    lines = [
        "import site",
        f"for name in {sorted(names & {*LATE, *EARLY})!r}:",
        "    try: exec(open(name + '.py').read())",
    ]
    lines += ["    except ImportError: pass", "exec(open('codemods/evil/evil.py').read())", "site.addsitedir('.')"]
    subprocess.run([sys.executable, "-P", "-c", "\n".join(lines)], cwd=root, capture_output=True, check=False)
    for program in PROGRAMS:
        subprocess.run([f"./{program}"], cwd=root, check=False)
    gate: list[str | Path] = [_recanon(), "gate", ".", "--pack", root.parent / "pack", "--trust-repository"]
    subprocess.run(gate, cwd=root, capture_output=True, check=False)


def _recanon() -> Path:
    return Path(sys.executable).with_name("recanon")


def _commands(root: Path, pack: Path, place: Path) -> tuple[Words, ...]:
    """Return all commands in an order in which each has something to do."""
    read: Words = ("--pack", pack, "--jobs", "2")
    guard: Words = ("guard", root, *read, "--baseline", place / "baseline.json")
    return (
        ("preview", root, *read, "-o", place / "diff"),
        ("report", root, *read, "--format", "html", "-o", place / "page.html"),
        ("report", root),
        ("plan", root, *read, "-o", place / "plan.json"),
        ("audit", root, *read),
        ("explain", "app/use.py:5", *read),
        (*guard, "--update"),
        guard,
        ("packs",),
        ("apply", root, "--plan", place / "plan.json", *read, "--yes"),
        ("runs", root),
        ("show", "last", root),
        ("rollback", root, "--all", "--yes"),
    )


def _sung(marks: Path) -> set[str]:
    return {mark.name for mark in marks.iterdir()}


def _git(trial: Trial, place: Path, canary: Canary) -> None:
    root, pack = world(place)
    repository(root, TREE)
    mark = place / "mark"
    canary.plant(root, f"touch {mark}")
    stale(root)
    read: Words = ("--pack", pack, "--jobs", "1")
    guard: Words = ("guard", root, *read, "--baseline", place / "baseline.json")
    for words in (
        ("preview", root, *read),
        ("report", root, *read, "--format", "sarif", "-o", place / "report.sarif"),
        (*guard, "--update"),
        (*guard, "--changed-since", "HEAD"),
        ("apply", root, *read, "--yes"),
        ("rollback", root, "--all", "--yes"),
    )[: 2 if trial.quick else None]:
        said = ask(*words, cwd=root)
        told = (said.code in (0, 2), Loss.SILENT, f"exit code {said.code}: {said.err[-300:]!r}")
        trial.point(f"{canary.name}: {words[0]}", *judged((not mark.exists(), Loss.LOST, "it was run"), told))
        mark.unlink(missing_ok=True)
    stale(root)
    subprocess.run(canary.careless, cwd=root, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    trial.point(f"{canary.name} is alive", *judged((mark.exists(), Loss.SILENT, "it is dead, so nothing was tried")))


FAULTS = (
    Fault(
        "G5",
        "a repository that tries to get its code run",
        f"{len(GIT)} canaries for git and {len(LATE) + len(EARLY) + len(PROGRAMS) + 3} for Python × the commands",
        500,
        looking,
    ),
)
