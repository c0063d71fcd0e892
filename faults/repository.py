"""A git repository in each of the states in which somebody's work could be lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_WHO = ("-c", "user.name=x", "-c", "user.email=x@x", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null")
_WORK = "\n# somebody's work\n"


def git(root: Path, *words: str, fails: bool = False) -> str:
    """Run git in a repository.

    Args:
        root: its folder.
        words: the command.
        fails: whether it may fail, as a merge with conflicts does.
    """
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *_WHO, "-C", str(root), *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode and not fails:
        raise OSError(f"git {' '.join(words)}: {done.stderr}")
    return done.stdout


def committed(root: Path) -> Path:
    """Make a repository of a tree, with all of it committed."""
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "all")
    return root


@dataclass(frozen=True, slots=True)
class Dirt:
    """A state of a repository.

    Args:
        name: of the state.
        make: brings a committed repository into it; told of the file that is to be written.
        refused: whether that file must not be written.
    """

    name: str
    make: Callable[[Path, Path], None]
    refused: bool


def _edit(file: Path) -> None:
    file.write_text(file.read_text() + _WORK)


def _modified(root: Path, file: Path) -> None:
    _edit(file)


def _staged(root: Path, file: Path) -> None:
    _edit(file)
    git(root, "add", "-A")


def _staged_and_back(root: Path, file: Path) -> None:
    text = file.read_text()
    _staged(root, file)
    file.write_text(text)


def _untracked(root: Path, file: Path) -> None:
    git(root, "rm", "-q", "--cached", str(file.relative_to(root)))
    git(root, "commit", "-q", "-m", "less")


def _named_alone(root: Path, file: Path) -> None:
    _untracked(root, file)
    git(root, "add", "-N", str(file.relative_to(root)))


def _ignored(root: Path, file: Path) -> None:
    _untracked(root, file)
    (root / ".gitignore").write_text(f"/{file.relative_to(root)}\n")


def _mode(root: Path, file: Path) -> None:
    file.chmod(0o755)


def _elsewhere(root: Path, file: Path) -> None:
    (root / "notes.txt").write_text("mine")
    _edit(root / "shop/__init__.py")


def _clean(root: Path, file: Path) -> None:
    """Leave it as it is."""


def _branches(root: Path, name: str) -> None:
    """Make two branches that change a file in different ways."""
    git(root, "checkout", "-q", "-b", "other")
    (root / name).write_text((root / name).read_text() + "# theirs\n")
    git(root, "commit", "-q", "-a", "-m", "theirs")
    git(root, "checkout", "-q", "main")
    (root / name).write_text((root / name).read_text() + "# ours\n")
    git(root, "commit", "-q", "-a", "-m", "ours")


def _merging(root: Path, file: Path) -> None:
    _branches(root, str(file.relative_to(root)))
    git(root, "merge", "-q", "other", fails=True)
    file.write_text(
        file.read_text().replace("<<<<<<< HEAD\n", "").replace("=======\n", "").replace(">>>>>>> other\n", "")
    )


def _merging_elsewhere(root: Path, file: Path) -> None:
    _branches(root, "shop/__init__.py")
    git(root, "merge", "-q", "other", fails=True)


def _rebasing_elsewhere(root: Path, file: Path) -> None:
    _branches(root, "shop/__init__.py")
    git(root, "rebase", "-q", "other", fails=True)


def _without_commit(root: Path, file: Path) -> None:
    git(root, "update-ref", "-d", "HEAD")


def _no_repository(root: Path, file: Path) -> None:
    (root / ".git").rename(root.parent / "git")
    _edit(file)


def _stashed(root: Path, file: Path) -> None:
    _edit(file)
    git(root, "stash", "-q")


STATES = (
    Dirt("clean", _clean, False),
    Dirt("modified", _modified, True),
    Dirt("staged", _staged, True),
    Dirt("staged, and back again in the tree", _staged_and_back, True),
    Dirt("untracked", _untracked, True),
    Dirt("to be added", _named_alone, True),
    Dirt("ignored", _ignored, False),
    Dirt("another mode", _mode, True),
    Dirt("other files are dirty", _elsewhere, False),
    Dirt("a merge with conflicts in it", _merging, True),
    Dirt("a merge with conflicts in another file", _merging_elsewhere, False),
    Dirt("a rebase with conflicts in another file", _rebasing_elsewhere, False),
    Dirt("no commit yet", _without_commit, True),
    Dirt("no repository", _no_repository, False),
    Dirt("stashed", _stashed, False),
)
