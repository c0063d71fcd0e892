"""Run recanon as its users do: in a process of its own, by its command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WEBSOCKET = ("--pack", "websocket-ssot", "--set", "prefix=app", "--jobs", "1")
_SECONDS = 300


def recanon(*words: str | Path, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command of recanon; its output is a pipe, and nobody answers it.

    Args:
        words: the command line.
        cwd: where.
        environ: what else stands in its environment.
    """
    return subprocess.run(
        [sys.executable, "-P", "-m", "recanon", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
