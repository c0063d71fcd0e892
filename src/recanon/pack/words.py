"""The nearest known word, for messages about a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or lists them all."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, 1, 0.5)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(words) or 'none'}."
