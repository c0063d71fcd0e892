"""The command line in this process, with nothing replaced: a process of its own takes a second to begin."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from typer.testing import CliRunner

from recanon.cli.main import app


def run(*words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> CompletedProcess[bytes]:
    """Run recanon.

    Args:
        words: the command line behind its name.
        cwd: the folder to run in; the current one, if none is given.
        env: variables of the environment besides those that are set.
    """
    with contextlib.chdir(cwd or Path()), patch.dict(os.environ, env or {}):
        done = CliRunner().invoke(app, [str(word) for word in words])
    return CompletedProcess([*map(str, words)], done.exit_code, done.stdout_bytes, done.stderr_bytes)


def run_text(
    *words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> CompletedProcess[str]:
    """Run recanon, and return what it prints as text."""
    done = run(*words, cwd=cwd, env=env)
    return CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
