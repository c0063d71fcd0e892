"""A diff for a person on a terminal: coloured by line, and nothing in it can steer the terminal or deceive the eye."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from recanon.report.streams import wants_colour
from recanon.safe_text import is_deceptive, safe_text

_RESET = "\x1b[0m"
_BADGE = "! invisible or direction-changing characters in this file's diff, shown as <U+NNNN>: read it with care"
_STYLES = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m", "\\": "\x1b[2m"}
_HEADER, _WARNING = "\x1b[1m", "\x1b[1;33m"


def show_diff(stream: TextIO, diff: bytes) -> None:
    """Show the diff of one file on a terminal.

    Args:
        stream: a terminal.
        diff: what `recanon.diff.unified_diff` made.
    """
    colour = wants_colour(stream)
    for text, style in _styled(diff.decode("utf-8", "surrogateescape")):
        stream.write(f"{style}{text}{_RESET}\n" if colour and style else f"{text}\n")


def _styled(diff: str) -> Iterator[tuple[str, str]]:
    lines = diff.removesuffix("\n").split("\n")
    body = False
    for line in lines:
        if not body and line.startswith("@@"):
            body = True
            if is_deceptive(diff):
                yield _BADGE, _WARNING
        # Tabs become blanks, so that no control character at all is left; the mark in front takes no part in tab stops.
        shown = safe_text(line[:1] + line[1:].expandtabs())
        yield shown, _STYLES.get(line[:1], "") if body else _HEADER
