"""A branch on which a migration is committed phase by phase, in a folder of its own: no checkout is touched."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from recanon.git import GitError, change_git, run_git

_TRAILER = "Recanon-Phase"


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch with its worktree.

    Args:
        repository: a folder of the repository, perhaps not its root.
        name: of the branch.
        folder: the worktree's.
    """

    repository: Path
    name: str
    folder: Path

    @property
    def tree(self) -> Path:
        """Where the folder of the repository lies in the worktree."""
        prefix = run_git(self.repository, "rev-parse", "--show-prefix") or b""
        return self.folder / os.fsdecode(prefix.rstrip(b"\n"))

    @property
    def base(self) -> str:
        """The commit that it starts at."""
        return _text(change_git(self.repository, "merge-base", "HEAD", f"refs/heads/{self.name}"))

    def exists(self) -> bool:
        """Return whether the repository has a branch of that name."""
        return run_git(self.repository, "rev-parse", "--verify", "--quiet", f"refs/heads/{self.name}") is not None

    def open(self) -> bool:
        """Make the branch and its worktree; return whether they were there already, left by a go that was cut short.

        Raises:
            GitError: it is no repository, or has a branch of that name that was made elsewhere.
        """
        if run_git(self.repository, "rev-parse", "--verify", "HEAD") is None:
            raise GitError(f"{self.repository} is no git repository with a commit", "A branch needs one.")
        if self._is_checked_out():
            return True
        if self.exists():
            raise GitError(
                f"{self.repository} has a branch {self.name} already", "Delete it, or choose another with --branch."
            )
        change_git(self.repository, "worktree", "prune")
        change_git(self.repository, "worktree", "add", "--quiet", "-b", self.name, str(self.folder), "HEAD")
        return False

    def _is_checked_out(self) -> bool:
        head = run_git(self.folder, "symbolic-ref", "HEAD") if self.folder.is_dir() else None
        return head is not None and _text(head) == f"refs/heads/{self.name}"

    def commits(self) -> dict[str, str]:
        """Return the commits that are on the branch by the phase that they hold."""
        form = f"%H %(trailers:key={_TRAILER},valueonly,separator=%x2C)"
        listed = _text(change_git(self.folder, "log", f"--format={form}", f"{self.base}..{self.name}"))
        pairs = (line.partition(" ") for line in listed.splitlines())
        return {phase: commit for commit, _, phase in pairs if phase}

    def commit(self, phase: str, message: str, paths: Iterable[str]) -> str:
        """Commit some files; return the commit, "" where none of them has changed.

        Args:
            phase: what they belong to.
            message: what was done.
            paths: relative to `tree`.

        Raises:
            GitError: git cannot, for want of a name and an address of the user perhaps.
        """
        tree = self.tree
        change_git(tree, "--literal-pathspecs", "add", "--all", "--", *sorted(paths))
        if run_git(tree, "diff", "--cached", "--quiet", "--ignore-submodules=all") is not None:
            return ""
        change_git(tree, "commit", "--quiet", "--no-verify", "--message", f"{message}\n\n{_TRAILER}: {phase}")
        return _text(change_git(tree, "rev-parse", "HEAD"))

    def close(self) -> None:
        """Take the worktree away; the branch stays, unless nothing is on it.

        Raises:
            GitError: something in the worktree is in no commit; it stays as it is.
        """
        empty = not self.commits()
        change_git(self.repository, "worktree", "remove", str(self.folder))
        if empty:
            change_git(self.repository, "branch", "--quiet", "-D", self.name)


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace").strip()
