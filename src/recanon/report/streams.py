"""Where output goes: is it a terminal, does it take colour, and how do exact bytes get there."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console


def is_terminal(stream: TextIO) -> bool:
    """Return whether a person looks at this stream.

    Args:
        stream: standard input, output or error.
    """
    return not stream.closed and stream.isatty()


def wants_colour(stream: TextIO) -> bool:
    """Return whether escape sequences may be written: a terminal that knows them, and `NO_COLOR` is not set.

    Args:
        stream: standard output or error.
    """
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def make_console(stream: TextIO) -> Console:
    """Return a rich console for a terminal; markup and guessing of numbers and paths are off.

    Args:
        stream: standard output or error.
    """
    from rich.console import Console

    return Console(
        file=stream,
        force_terminal=wants_colour(stream),
        color_system="auto" if wants_colour(stream) else None,
        markup=False,
        highlight=False,
        emoji=False,
    )


def prepare(stream: TextIO) -> None:
    """Make a stream take every character: what its encoding does not know is written as an escape, and is no crash.

    Args:
        stream: standard output or error.
    """
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def write_bytes(stream: TextIO, data: bytes) -> None:
    """Write exact bytes behind what was written as text.

    Args:
        stream: standard output.
        data: what to write.
    """
    stream.flush()
    rest = memoryview(data)
    while rest:  # with PYTHONUNBUFFERED there is no buffer, and the system may take less than it is given
        rest = rest[stream.buffer.write(rest) :]
