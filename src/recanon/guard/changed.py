"""What changed in a git repository since a commit, files that are not committed yet included."""

from __future__ import annotations

import os
from pathlib import Path

from recanon.errors import UsageError
from recanon.git import run_git


def changed_since(root: Path, ref: str) -> frozenset[str]:
    """Return the files below a folder that differ from where its branch left another one.

    That is the merge base of the commit and of `HEAD`, as in a pull request: what others did on their branch since does
    not count. Deleted, staged, unstaged and untracked files do. Of a renamed file both names are given.

    Args:
        root: the folder; it need not be the top of the repository.
        ref: a commit, branch or tag.

    Returns:
        Paths relative to the folder, with `/` between their parts.

    Raises:
        UsageError: git is not there, the folder is in no repository, or it has no such commit or no common one.
    """
    inside = run_git(root, "rev-parse", "--is-inside-work-tree")
    if inside is None or inside.strip() != b"true":
        raise UsageError(f"{root} is in no git repository", "Leave --changed-since out to look at everything.")
    commit = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if commit is None:
        raise UsageError(f"git knows no commit {ref}", "In CI, fetch the whole history: a shallow clone lacks it.")
    base = run_git(root, "merge-base", commit.decode().strip(), "HEAD")
    if base is None:
        raise UsageError(
            f"{ref} and HEAD have no commit in common", "In CI, fetch the whole history: a shallow clone lacks it."
        )
    options = ("--name-only", "--no-renames", "--no-ext-diff", "--ignore-submodules=dirty", "--relative", "-z")
    differing = run_git(root, "diff", *options, base.decode().strip(), "--")
    untracked = run_git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(os.fsdecode(name) for name in ((differing or b"") + (untracked or b"")).split(b"\0") if name)
