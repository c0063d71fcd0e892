"""ruff, which is installed beside recanon, in a process of its own."""

from __future__ import annotations

import subprocess

from ruff.__main__ import find_ruff_bin

from recanon.errors import RecanonError


def run_ruff(*words: str, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run ruff without its configuration and without its cache.

    The program is begun itself and not by way of `python -m ruff`: a Python takes longer to begin than ruff to end.

    Args:
        words: its command, with what belongs to it.
        text: what it reads from standard input.

    Raises:
        RecanonError: there is no ruff.
    """
    try:
        program = find_ruff_bin()
    except FileNotFoundError as exc:
        raise RecanonError(f"there is no ruff: {exc}", 'Install it beside recanon: pip install "ruff>=0.12"') from exc
    command, *rest = words
    return subprocess.run(
        [program, command, "--isolated", "--no-cache", *rest], input=text, capture_output=True, check=False
    )
