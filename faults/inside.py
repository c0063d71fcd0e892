"""The command line in this process: where a process of its own would only take its second to begin."""

from __future__ import annotations

from collections.abc import Sequence

from typer.testing import CliRunner

from recanon.cli.main import app


def said(words: Sequence[str]) -> tuple[int, str]:
    """Run recanon; return its exit code and all that it said.

    Args:
        words: the command line behind its name.
    """
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout + done.stderr
