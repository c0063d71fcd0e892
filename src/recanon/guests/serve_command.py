"""Runs in the worker processes: a few files in, and how the command ended that edited them in the copy of the tree."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from recanon.executor.process import CommandError, Place, run_command
from recanon.guests.messages import Batch, Ran, Setup, packed, unpacked
from recanon.guests.spec import FILES, words_of

_KEEP = 8_192  # bytes of output kept at either end
_FAILS = 2  # tools that edit files say 1 for "changed something" or "something is left to do"


def serve(setup: bytes) -> Callable[[bytes], bytes]:
    """Return what runs the command on some files."""
    told = unpacked(setup, Setup)
    words = words_of(told.guest.where)

    def answer(item: bytes) -> bytes:
        names = [f"./{os.fsdecode(name)}" for name in unpacked(item, Batch).paths]
        line = [part for word in words for part in (names if word == FILES else [word])]
        return packed(_ran(line, told))

    return answer


def _ran(line: list[str], told: Setup) -> Ran:
    with tempfile.TemporaryDirectory(dir=os.fsdecode(told.scratch), ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        (scratch / "tmp").mkdir()
        try:
            ended = run_command(line, Place(Path(os.fsdecode(told.root)), scratch, told.seconds), keep=_KEEP)
        except CommandError as exc:
            return Ran(exc.message)
    if ended.late:
        return Ran(f"it was ended after {told.seconds:g} seconds", ended.text)
    if ended.code < 0:
        return Ran(f"it was ended by signal {-ended.code}", ended.text)
    return Ran(f"it ended with exit code {ended.code}" if ended.code >= _FAILS else "", ended.text)
