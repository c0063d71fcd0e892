"""What Python itself makes of the bytes of a file, apart from recanon."""

from __future__ import annotations

import ast
import tokenize
import warnings
from io import BytesIO


def parses(data: bytes) -> bool:
    """Return whether the running Python reads a file of these bytes, whether it compiles it or not."""
    return compiles(data, ast.PyCF_ONLY_AST)


def compiles(data: bytes, flags: int = 0) -> bool:
    """Return whether the running Python compiles a file of these bytes, in an encoding that can write them too.

    Of bytes in memory it does not decode the comments, of a file it does: so they are decoded first.
    """
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        if data.decode(encoding).encode(encoding) != data:
            return False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "file.py", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError):
        return False
    return True


def decoded(data: bytes) -> str:
    """Return the text of a file that compiles, without its byte-order mark.

    Raises:
        SyntaxError: its cookie is wrong.
        UnicodeError: its bytes are.
    """
    encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    return data.decode(encoding)


def encoded(text: str, like: bytes) -> bytes:
    """Write a text in the encoding of a file, with its mark where it has one."""
    encoding, _ = tokenize.detect_encoding(BytesIO(like).readline)
    return text.encode(encoding)


def newlines(data: bytes) -> set[bytes]:
    """Return the kinds of line ends in a file."""
    lone = data.replace(b"\r\n", b"")
    kinds = ((b"\r\n", b"\r\n" in data), (b"\n", b"\n" in lone), (b"\r", b"\r" in lone))
    return {kind for kind, there in kinds if there}
