"""Things in a repository that write a file when they are run: what git, Python and other tools run unasked."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from faults.trees import fill

_ME = ("-c", "user.name=n", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null")
TEXT = b"*.py filter=evil diff=evil\nother.py filter=a=b\n"


@dataclass(frozen=True, slots=True)
class Canary:
    """A thing that runs when somebody is careless.

    Args:
        name: what it is, and the name of the file that it writes.
        plant: puts it into a repository (the root), and is given a shell command that writes the file.
        careless: the command that sets it off, in the repository, to see that it is alive.
    """

    name: str
    plant: Callable[[Path, str], None]
    careless: tuple[str, ...]


def git(root: Path, *words: str) -> bytes:
    """Run git as a user does."""
    return subprocess.run(["git", "-C", root, *_ME, *words], capture_output=True, check=True).stdout


def repository(root: Path, texts: dict[str, bytes]) -> Path:
    """Make a repository with one commit of a tree, whose files git must compare at the next look."""
    committed(fill(root, {**texts, ".gitattributes": TEXT, "other.py": b"x = 1\n"}))
    git(root, "remote", "add", "origin", "ssh://git@host.invalid/x.git")
    return root


def committed(root: Path) -> Path:
    """Make a repository of a tree, with all of it in one commit."""
    git(root, "init", "-q", "-b", "main", ".")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    return root


def stale(root: Path) -> None:
    """Make git unsure of each file, so that it compares the texts."""
    for path in root.rglob("*.py"):
        os.utime(path, (1, 1))


def script(path: Path, command: str) -> None:
    """Write a program that does what a command says."""
    fill(path.parent, {path.name: f"#!/bin/sh\n{command}\nexit 1\n".encode()})
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _configured(**settings: str) -> Callable[[Path, str], None]:
    """Return a plant that sets keys of the configuration; `_` stands for a dot, `{}` for the command."""

    def plant(root: Path, command: str) -> None:
        for key, value in settings.items():
            git(root, "config", key.replace("_", "."), value.replace("{}", command))

    return plant


def _hook(root: Path, command: str) -> None:
    for name in ("post-index-change", "fsmonitor-watchman", "pre-auto-gc", "reference-transaction", "post-checkout"):
        script(root / ".git/hooks" / name, command)


def _hooks_path(root: Path, command: str) -> None:
    script(root / "tools/post-index-change", command)
    git(root, "config", "core.hooksPath", "tools")


def _odd_filter(root: Path, command: str) -> None:
    git(root, "config", "filter.a=b.clean", f"{command}; cat")


def _included(root: Path, command: str) -> None:
    fill(root, {"more.cfg": f'[core]\n\tfsmonitor = "{command}"\n'.encode()})
    git(root, "config", "include.path", "../more.cfg")


def _by_branch(root: Path, command: str) -> None:
    fill(root, {".git/branch.cfg": f'[core]\n\tfsmonitor = "{command}"\n'.encode()})
    git(root, "config", "includeIf.onbranch:**.path", "branch.cfg")


def _worktree_config(root: Path, command: str) -> None:
    git(root, "config", "extensions.worktreeConfig", "true")
    git(root, "config", "--worktree", "core.fsmonitor", command)


def _elsewhere(root: Path, command: str) -> None:
    """Make `.git` a file that leads to a repository elsewhere in the tree."""
    os.rename(root / ".git", root / "kept")
    (root / ".git").write_text("gitdir: kept\n")
    git(root, "config", "core.fsmonitor", command)


def _submodule(root: Path, command: str) -> None:
    repository(root / "sub", {"m.py": b"m = 1\n"})
    git(root, "-c", "advice.addEmbeddedRepo=false", "add", "sub")
    git(root, "commit", "-q", "-m", "submodule")
    git(root / "sub", "config", "core.fsmonitor", command)
    git(root / "sub", "config", "filter.evil.clean", f"{command}; cat")
    stale(root / "sub")


def _promised(settings: dict[str, str]) -> Callable[[Path, str], None]:
    """Return a plant by which an object is missing, and to be fetched by a command of the configuration."""

    def plant(root: Path, command: str) -> None:
        known = {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.promisor": "true",
        }
        for key, value in {**known, **settings}.items():
            git(root, "config", key, value.replace("{}", f"{command};"))
        tree = git(root, "rev-parse", "HEAD^{tree}").decode().strip()
        (root / ".git/objects" / tree[:2] / tree[2:]).unlink()
        (root / ".git/index").unlink()

    return plant


def _proxy(root: Path, command: str) -> None:
    script(root / "tools/proxy", command)
    _promised({"remote.origin.url": "git://host.invalid/x", "core.gitProxy": str(root / "tools/proxy")})(root, command)


_LOCAL = {"remote.origin.url": "/", "remote.origin.uploadpack": "{}"}
_STATUS, _DIFF = ("git", "status"), ("git", "diff", "HEAD")

GIT = (
    Canary("core.fsmonitor", _configured(core_fsmonitor="{}"), _STATUS),
    Canary("hooks", _hook, _STATUS),
    Canary("core.hooksPath", _hooks_path, _STATUS),
    Canary("filter clean", _configured(filter_evil_clean="{}; cat"), _STATUS),
    Canary("filter process", _configured(filter_evil_process="{}"), _STATUS),
    Canary("filter with an odd name", _odd_filter, _STATUS),
    Canary("diff.external", _configured(diff_external="{}"), ("sh", "-c", "echo >> other.py; git diff")),
    Canary("diff command", _configured(diff_evil_command="{}"), ("sh", "-c", "echo >> other.py; git diff")),
    Canary("textconv", _configured(diff_evil_textconv="{}"), ("sh", "-c", "echo >> other.py; git diff")),
    Canary("include.path", _included, _STATUS),
    Canary("includeIf", _by_branch, _STATUS),
    Canary("worktree configuration", _worktree_config, _STATUS),
    Canary(".git leads elsewhere", _elsewhere, _STATUS),
    Canary("submodule", _submodule, _STATUS),
    Canary("core.sshCommand", _promised({"core.sshCommand": "{}"}), _DIFF),
    Canary("core.gitProxy", _proxy, _DIFF),
    Canary("uploadpack", _promised(_LOCAL), _DIFF),
    Canary("alias", _configured(alias_evil="!{}", **{"alias_ls-files": "!{}", "alias_status": "!{}"}), ("git", "evil")),
    Canary("core.pager", _configured(core_pager="{}", pager_status="{}"), ("script", "-qc", "git -p log", "/dev/null")),
)
