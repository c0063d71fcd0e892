"""Take a run's edits out of a text that somebody has edited since: a three-way merge by git, in a folder of its own."""

from __future__ import annotations

import os
from pathlib import Path

from recanon.disk import FileSystem, RefusedError
from recanon.git import git_program

_NAMES = ("edited", "after", "before")
_SECONDS = 60
_NO_GIT = ("it was edited after the run, and git cannot be run to merge", "Install git.")


def merge(files: FileSystem, edited: bytes, *, after: bytes, before: bytes) -> bytes:
    """Return the edited text with the change from `before` to `after` taken out.

    Args:
        files: the operations on files.
        edited: the text that stands there now.
        after: the text that the run wrote.
        before: the text before the run.

    Raises:
        RefusedError: edits meet, the text is binary, or git cannot be run.
    """
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(prefix="recanon-merge-") as place:
        folder = files.folder(Path(place))
        try:
            for name, data in zip(_NAMES, (edited, after, before), strict=True):
                files.put(folder, name, data=data)
        finally:
            os.close(folder)
        git = git_program()
        if git is None:
            raise RefusedError(*_NO_GIT)
        try:
            done = subprocess.run(
                [git, "merge-file", "-p", "-q", *_NAMES],
                cwd=place, env=_environment(place), stdin=subprocess.DEVNULL, capture_output=True,
                timeout=_SECONDS, check=False,
            )  # fmt: skip
        except (FileNotFoundError, subprocess.TimeoutExpired) as exc:
            raise RefusedError(*_NO_GIT) from exc
    # git answers with the number of conflicts, or with a negative code (seen as 128 and more) for an error.
    if done.returncode:
        raise RefusedError(
            "it was edited after the run in the lines that the run changed",
            "Edit it by hand, or roll back with force: the edited text is then kept beside it.",
        )
    return done.stdout


def _environment(place: str) -> dict[str, str]:
    # Nobody's settings, and no repository above the folder, have a say in how texts are merged.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CEILING_DIRECTORIES": place}
