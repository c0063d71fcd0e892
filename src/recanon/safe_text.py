"""Text from a tree, made fit to be shown: what is invisible or steers a terminal becomes visible.

A file name can hold an escape sequence that retitles a window or writes to the clipboard (CWE-150), and a line of
source can hold characters that make it read differently from what it does (CVE-2021-42574). Neither may reach a screen.
"""

from __future__ import annotations

import re

# What turns the direction of text, has no width, or ends a line for some programs and not for others.
_HIDDEN = "\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f"
_BEGINNINGS = (b"\xd8\x9c", b"\xe2\x80", b"\xe2\x81", b"\xef\xbb\xbf", b"\xf3\xa0")  # of those in UTF-8
_DECEPTIVE = re.compile(f"[{_HIDDEN}]")
_UNSAFE = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff{_HIDDEN}]")


def safe_text(text: str) -> str:
    """Return the text with every control, bidirectional, zero-width and undecodable character spelled out.

    Args:
        text: anything that came from the tree: a path, a line, a message that holds one.

    Returns:
        C0, DEL, C1 and undecodable bytes as `\\xNN`; the others as `<U+202E>`.
    """
    return _UNSAFE.sub(_visible, text)


def is_deceptive(text: str) -> bool:
    """Return whether the text holds a character that changes how it reads without being seen.

    Args:
        text: a line of source, or more.
    """
    return _DECEPTIVE.search(text) is not None


def holds_deceptive(data: bytes) -> bool:
    """Return whether a text holds a character that changes how it reads without being seen.

    Args:
        data: the text in UTF-8; what is none counts for nothing. Most texts are not decoded.
    """
    return any(sign in data for sign in _BEGINNINGS) and is_deceptive(data.decode("utf-8", "replace"))


def deceptive_in(text: str) -> list[str]:
    """Return which characters a text holds that change how it reads without being seen, each once.

    Args:
        text: lines of source.
    """
    return sorted(set(_DECEPTIVE.findall(text)))


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0xA0:
        return f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:  # a byte that did not decode, kept by `surrogateescape`
        return f"\\x{code - 0xDC00:02x}"
    return f"<U+{code:04X}>"
