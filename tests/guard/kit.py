"""Small trees to guard, the command as users run it, and git."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from hypothesis import settings

from recanon.cache import Cache
from recanon.guard.baseline import Baseline
from recanon.guard.look import Look, Looker
from recanon.guard.ratchet import Comparison, compare, entry_of
from recanon.settings import Settings
from tests.command import run_text
from tests.helpers import WORLD, pack, write_tree

OLD = "from app.websocket_core.websocket_manager_factory import create_websocket_manager\n"
USE = OLD + "\n\nasync def f(c):\n    return await create_websocket_manager(c)\n"
CLEAN = "import os\n\n\ndef g():\n    return os.name\n"
GUARD = ("--pack", "websocket-ssot", "--set", "prefix=app", "--jobs", "1")


def tried(examples: int) -> settings:
    """Return how often a property is tried: as often as is said, the same each time, or many times more when asked."""
    times = int(os.environ.get("RECANON_TIMES", "1"))
    return settings(max_examples=examples * times, derandomize=times == 1, deadline=None)


def tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a tree with the old API below its files."""
    return write_tree(root, {**WORLD, **files})


def silent(stage: str, done: int, total: int) -> None:
    """Report to nobody."""


def look(root: Path, cache: Path | None = None) -> Look:
    """Look a tree over."""
    return Looker(root, pack(), Settings(jobs=1, bounds=None), cache=Cache(cache), progress=silent).look()


def baseline_of(seen: Look) -> Baseline:
    """Return the baseline that knows every place."""
    return Baseline("websocket-ssot", dict(pack().migration.options), frozenset(map(entry_of, seen.places)))


def compared(
    root: Path, baseline: Baseline, seen: Look | None = None, asked: Callable[[str], bool] = lambda _: True
) -> Comparison:
    """Compare a tree as it is now with a baseline."""
    return compare(seen or look(root), baseline, lambda path: (root / path).exists(), asked)


def run(cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment in a folder, with a cache of its own beside it."""
    environment = {**os.environ, **_environment(cwd)}
    return subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)


def recanon(cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run recanon in a folder, in this process."""
    return run_text(*words, cwd=cwd, env=_environment(cwd))


def guard(cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `recanon guard` on the small world."""
    return recanon(cwd, "guard", *words, *GUARD)


def _environment(cwd: Path) -> dict[str, str]:
    return {
        "XDG_CACHE_HOME": str(cwd.parent / "cache"),
        "NO_COLOR": "1",
        "COLUMNS": "200",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "PRE_COMMIT_HOME": str(cwd.parent / "pre-commit"),
    }


def git(cwd: Path, *words: str) -> str:
    """Run git, which must succeed."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    done = run(cwd, "git", *identity, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def repository(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Make a repository of a tree with the old API, and its first baseline, in one commit."""
    tree(root, files)
    git(root, "init", "-q")
    made = guard(root, ".", "--baseline", "base.json", "--update", "--allow-new")
    assert made.returncode == 0, made.stdout + made.stderr
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root
