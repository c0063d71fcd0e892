"""The one door to git: a repository that is looked at or committed to does not get its own commands run.

Its configuration, its hooks and its attributes can name programs (git-config(1), gitattributes(5)): a monitor of files,
filters of texts, a command that fetches what is missing. Each is turned off here. What a repository holds of other
repositories is not asked either: callers that compare say `--ignore-submodules=dirty`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from recanon.errors import RecanonError

_SECONDS = 120  # a planted FIFO, such as a `.gitignore`, keeps git waiting for ever
_OFF = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "diff.external=", "diff.autoRefreshIndex=false")
_OFF_TO_WRITE = ("commit.gpgSign=false", "gc.auto=0", "maintenance.auto=false")
# These read texts of the work tree, through the filters that the configuration names.
_COMPARING = frozenset({"status", "diff"})


class GitError(RecanonError):
    """git did not do what it was told."""


def run_git(root: Path, *words: str) -> bytes | None:
    """Return what git prints, or None where it is not there, fails, or comes to no end.

    Args:
        root: the folder that it works in.
        words: the command, such as `ls-files`, and what it is given.
    """
    return _run(root, words, _without_filters(root) if words[0] in _COMPARING else {})


def change_git(root: Path, *words: str) -> bytes:
    """Let git change a repository, and return what it prints. Its hooks and filters do not run, and nothing is signed.

    Args:
        root: the folder that it works in.
        words: the command, such as `commit`, and what it is given.

    Raises:
        GitError: it is not there, fails, or comes to no end.
    """
    done = _done((*_set(_OFF_TO_WRITE), "-C", str(root), *words), _without_filters(root))
    if done is None or done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip() if done is not None else "git is not there, or hangs"
        raise GitError(f"git {words[0]} in {root}: {said}")
    return done.stdout


def git_program() -> str | None:
    """Return the git of the user, or None. A relative entry of PATH may lead into the tree, so none counts."""
    return shutil.which("git", path=_places(os.environ))


def _run(root: Path, words: Iterable[str], variables: Mapping[str, str]) -> bytes | None:
    done = _done(("-C", str(root), *words), variables)
    return None if done is None or done.returncode else done.stdout


def _done(words: Iterable[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[bytes] | None:
    program = git_program()
    if program is None:
        return None
    try:
        return subprocess.run(
            [program, *_set(_OFF), *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={**_environment(os.environ), **variables},
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def _without_filters(root: Path) -> dict[str, str]:
    """Return variables that turn off each filter of the configuration. (An option cannot: a name may hold a `=`.)"""
    listed = _run(root, ("config", "--null", "--name-only", "--list"), {}) or b""
    names = sorted({os.fsdecode(key).rpartition(".")[0] for key in listed.split(b"\0") if key.startswith(b"filter.")})
    pairs = [(f"{name}.{key}", "") for name in names for key in ("clean", "smudge", "process")]
    pairs += [(f"{name}.required", "false") for name in names]
    given = os.environ.get("GIT_CONFIG_COUNT", "")  # the user's own settings stay
    start = int(given) if given.isdecimal() else 0
    variables = {"GIT_CONFIG_COUNT": str(start + len(pairs))}
    for number, (key, value) in enumerate(pairs, start):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def _set(settings: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for setting in settings for word in ("-c", setting))


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Nothing is fetched, nobody is asked, and the index is not written."""
    own = {
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
    }
    return {**given, **own, "PATH": _places(given)}


def _places(given: Mapping[str, str]) -> str:
    return os.pathsep.join(filter(os.path.isabs, given.get("PATH", os.defpath).split(os.pathsep)))
