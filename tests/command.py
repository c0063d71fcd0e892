"""The command line in this process, with nothing replaced: a process of its own takes a second to begin."""

from __future__ import annotations

import contextlib
from pathlib import Path
from subprocess import CompletedProcess

from typer.testing import CliRunner

from recanon.cli.main import app


def run(*words: str | Path, cwd: Path | None = None) -> CompletedProcess[bytes]:
    """Run recanon.

    Args:
        words: the command line behind its name.
        cwd: the folder to run in; the current one, if none is given.
    """
    with contextlib.chdir(cwd or Path()):
        done = CliRunner().invoke(app, [str(word) for word in words])
    return CompletedProcess([*map(str, words)], done.exit_code, done.stdout_bytes, done.stderr_bytes)


def run_text(*words: str | Path, cwd: Path | None = None) -> CompletedProcess[str]:
    """Run recanon, and return what it prints as text."""
    done = run(*words, cwd=cwd)
    return CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
