"""The one door to git, for reading alone: a repository that is only looked at does not get its own commands run.

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

_SECONDS = 120  # a planted FIFO, such as a `.gitignore`, keeps git waiting for ever
_OFF = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "diff.external=", "diff.autoRefreshIndex=false")
# These read texts of the work tree, through the filters that the configuration names.
_COMPARING = frozenset({"status", "diff"})


def run_git(root: Path, *words: str) -> bytes | None:
    """Return what git prints, or None where it is not there, fails, or comes to no end.

    Args:
        root: the folder that it works in.
        words: the command, such as `ls-files`, and what it is given.
    """
    return _run(root, words, _without_filters(root) if words[0] in _COMPARING else {})


def git_program() -> str | None:
    """Return the git of the user, or None. A relative entry of PATH may lead into the tree, so none counts."""
    return shutil.which("git", path=_places(os.environ))


def _run(root: Path, words: Iterable[str], variables: Mapping[str, str]) -> bytes | None:
    program = git_program()
    if program is None:
        return None
    command = [program, *_set(_OFF), "-C", str(root), *words]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={**_environment(os.environ), **variables},
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout


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
