"""What must hold of any change of a file, whatever it is."""

from __future__ import annotations

import tokenize
from io import BytesIO

from recanon.plan import FileChange


def check_change(change: FileChange) -> None:
    """Check what must hold of any change of a file.

    Args:
        change: the change.

    Raises:
        AssertionError: the new text does not compile, has another kind of line end or another byte-order mark, or a
            line that no edit touches is no more.
    """
    try:
        compile(change.after, change.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as exc:
        raise AssertionError(f"the new text does not compile: {exc}") from exc
    for what, differs in (
        ("byte-order mark", _has_mark(change.after) is not _has_mark(change.before)),
        ("final line end", change.after.endswith(b"\n") is not change.before.endswith(b"\n")),
        ("kind of line end", not _newlines(change.after) <= _newlines(change.before)),
    ):
        if differs:
            raise AssertionError(f"another {what}")
    _check_untouched_lines(change)


def _check_untouched_lines(change: FileChange) -> None:
    """Lines that no edit touches must stand in the new text, to the byte and in order."""
    encoding, _ = tokenize.detect_encoding(BytesIO(change.before).readline)
    text = change.before.decode(encoding)
    touched = {at for edit in change.edits for at in range(edit.span.start, max(edit.span.end, edit.span.start + 1))}
    rest = iter(change.after.split(b"\n"))
    at = 0
    for line in text.split("\n"):
        if not touched & set(range(at, at + len(line) + 1)):
            raw = line.encode(encoding.removesuffix("-sig"))
            bare = [raw, b"\xef\xbb\xbf" + raw]
            if not any(other in bare for other in rest):
                raise AssertionError(f"the line {line!r} is no more, or at another place")
        at += len(line) + 1


def _newlines(data: bytes) -> set[bytes]:
    lone = data.replace(b"\r\n", b"")
    return {
        kind for kind, there in ((b"\r\n", b"\r\n" in data), (b"\n", b"\n" in lone), (b"\r", b"\r" in lone)) if there
    }


def _has_mark(data: bytes) -> bool:
    return data.startswith(b"\xef\xbb\xbf")
