"""Find the Python files of a tree: what git knows and does not ignore, else a walk with the same rules."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from recanon.errors import UsageError
from recanon.git import run_git
from recanon.outcome import Skipped
from recanon.patterns import file_patterns
from recanon.regular import read_regular

_NEVER = {"", "..", ".git", ".hg", ".svn", ".recanon", "__pycache__", "node_modules"}


@dataclass(frozen=True, slots=True)
class Discovery:
    """The Python files of a tree, relative to its root and sorted, and those that were passed over."""

    files: tuple[str, ...]
    skipped: tuple[Skipped, ...]


def discover(root: Path) -> Discovery:
    """Find the Python files below a folder.

    Args:
        root: the folder.

    Raises:
        UsageError: the folder is not there, is no folder, or holds no Python file.
    """
    if not root.exists():
        raise UsageError(f"{root} is not there", "Give the folder that holds the repository.")
    if not root.is_dir():
        raise UsageError(f"{root} is a file, not a folder", "Give the folder that holds the repository.")
    listed = _git_files(root)
    paths = listed if listed is not None else _walk(root)
    files: list[str] = []
    skipped: list[Skipped] = []
    linked: dict[str, bool] = {"": False}
    for path in sorted(set(paths)):
        reason = _unfit(root, path, linked)
        if reason == "":
            files.append(path)
        elif reason is not None:
            skipped.append(Skipped(path, *reason))
    if not files and not skipped:
        raise UsageError(f"{root} holds no Python file", "Is it the right folder, or is everything in it ignored?")
    return Discovery(tuple(files), tuple(skipped))


def tree_files(root: Path, endings: tuple[str, ...] = ("",)) -> list[str]:
    """List all files below a folder that git knows or does not ignore, of whatever kind, relative to it and sorted.

    Args:
        root: the folder.
        endings: what their paths may end in.
    """
    listed = _git_files(root, "*")
    found = _walk(root, endings) if listed is None else (path for path in listed if path.endswith(endings))
    return sorted(set(found))


def _unfit(root: Path, path: str, linked: dict[str, bool]) -> tuple[str, str] | str | None:
    """Return "" for a regular file, None for one that is gone, else why it is passed over."""
    full = os.path.join(root, path)
    try:
        mode = os.lstat(full).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        return f"cannot be read: {exc.strerror}", "Check the permissions of its folders."
    if stat.S_ISLNK(mode):
        if Path(os.path.realpath(full)).is_relative_to(os.path.realpath(root)):
            return "symbolic link; the file that it names is worked on in its own place", ""
        return "symbolic link that leads out of the tree", "Run recanon on the tree that holds the file."
    if _below_link(root, path.rpartition("/")[0], linked):
        return "its folder is a symbolic link", "Run recanon on the folder that the link names."
    return "" if stat.S_ISREG(mode) else ("not a regular file", "")


def _below_link(root: Path, folder: str, linked: dict[str, bool]) -> bool:
    """Return whether a folder or one above it, below the root, is a symbolic link; each is looked at once."""
    if folder not in linked:
        above = folder.rpartition("/")[0]
        linked[folder] = _below_link(root, above, linked) or os.path.islink(os.path.join(root, folder))
    return linked[folder]


def _git_files(root: Path, pattern: str = "*.py") -> list[str] | None:
    """Return what git lists below the root, or None where git has no say."""
    listed = run_git(root, "ls-files", "-coz", "--exclude-standard", "--", pattern)
    if not listed:
        return None
    found = [os.fsdecode(name) for name in listed.split(b"\0") if name]
    found = [path for path in found if not _NEVER.intersection(path.split("/"))]
    folders = _folders(found)
    environments = {folder for folder in folders if os.path.isfile(os.path.join(root, folder, "pyvenv.cfg"))}
    return [path for path in found if not environments & _folders([path])] if environments else found


def _folders(paths: Iterable[str]) -> set[str]:
    """Return every folder above some files; "" is the root."""
    found = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _walk(root: Path, endings: tuple[str, ...] = (".py",)) -> Iterator[str]:
    rules: list[tuple[str, GitIgnoreSpec]] = []  # those of a folder stand behind those of the folders above it
    for base, folders, files in os.walk(root):
        here = os.path.relpath(base, root).replace(os.sep, "/")
        here = "" if here == "." else here + "/"
        if ".gitignore" in files:
            rules.append((here, _rules(Path(base, ".gitignore"))))
        folders[:] = sorted(f for f in folders if f not in _NEVER and not _ignored(rules, f"{here}{f}/", base, f))
        for name in files:
            if name.endswith(endings) and not _matches(rules, here + name):
                yield here + name


def _rules(path: Path) -> GitIgnoreSpec:
    try:
        return file_patterns(read_regular(path).decode("utf-8", "replace").split("\n"))
    except OSError:
        return file_patterns([])


def _ignored(rules: Sequence[tuple[str, GitIgnoreSpec]], path: str, base: str, name: str) -> bool:
    return os.path.exists(os.path.join(base, name, "pyvenv.cfg")) or _matches(rules, path)


def _matches(rules: Sequence[tuple[str, GitIgnoreSpec]], path: str) -> bool:
    """Ask the nearest file of rules first: it may take back what one above it ignores (gitignore(5))."""
    for base, spec in reversed(rules):
        if path.startswith(base):
            answer = spec.check_file(path[len(base) :]).include
            if answer is not None:
                return bool(answer)
    return False


def excluded_by(patterns: Iterable[str]) -> GitIgnoreSpec:
    """Return the rules that glob patterns of excluded files make."""
    return file_patterns(patterns)
