"""Source text with its exact bytes: encoding, byte-order mark, line starts, digest and splice."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, count
from operator import add

from recanon.edit import Edit, Span, check_edits
from recanon.errors import SourceError

LINE_END = re.compile(r"\r\n|\r|\n")


def digest_of(data: bytes | None) -> str:
    """Return the SHA-256 of bytes in hexadecimal; "" where there are none at all: no file."""
    return "" if data is None else digest(data)


def digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Source:
    """One file as it is: the decoded text, and what is needed to get the very same bytes back.

    Args:
        path: the file, relative to the tree's root, with `/` between its parts.
        text: the decoded text without its byte-order mark; newlines are kept as they are.
        encoding: the codec of the file (PEP 263).
        bom: whether the file begins with a UTF-8 byte-order mark.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    bom: bool = False

    @classmethod
    def decode(cls, path: str, data: bytes) -> Source:
        """Decode the bytes of a file.

        Raises:
            SourceError: the bytes do not decode by the file's cookie, or would not encode back to the same bytes.
        """
        bom = data.startswith(codecs.BOM_UTF8)
        encoding = _encoding(path, data)
        try:
            text = data[3:].decode(encoding) if bom else data.decode(encoding)
        except (UnicodeError, LookupError) as exc:
            raise SourceError(
                f"{path} is not {encoding}: {exc}", "Add the right PEP 263 coding cookie, or convert the file."
            ) from exc
        source = cls(path, text, encoding, bom)
        if source.encode(text) != data:
            raise SourceError(f"{path} does not round-trip through {encoding}", "Convert the file to UTF-8.")
        return source

    def encode(self, text: str) -> bytes:
        """Encode a text in the way of this file.

        Raises:
            SourceError: a character is outside the file's encoding.
        """
        try:
            body = text.encode(self.encoding)
        except UnicodeError as exc:
            raise SourceError(f"{self.path}: the new text does not fit {self.encoding}: {exc}") from exc
        return codecs.BOM_UTF8 + body if self.bom else body

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line, lines as Python's tokenizer counts them."""
        if "\r" in self.text:
            return [0, *(match.end() for match in LINE_END.finditer(self.text))]
        return list(map(add, accumulate(map(len, self.text.split("\n")[:-1]), initial=0), count()))

    @cached_property
    def newline(self) -> str:
        """The newline that the file uses most early on: its first one, or `\\n` where it has none."""
        match = LINE_END.search(self.text)
        return match.group() if match else "\n"

    def offset(self, line: int, utf8_column: int) -> int:
        """Return the offset of an `ast` position (line from 1, column in UTF-8 bytes from 0)."""
        start = self.line_starts[line - 1]
        head = self.text[start : start + utf8_column]
        if head.isascii():
            return start + utf8_column
        return start + len(self.text[start : start + utf8_column].encode()[:utf8_column].decode())

    def position(self, offset: int) -> tuple[int, int]:
        """Return line (from 1) and column (from 1, in characters) of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_of(self, offset: int) -> int:
        """Return the line (from 1) of an offset."""
        return bisect_right(self.line_starts, offset)

    def line_span(self, line: int) -> Span:
        """Return the span of a line (from 1), its newline included."""
        starts = self.line_starts
        end = starts[line] if line < len(starts) else len(self.text)
        return Span(starts[line - 1], end)

    def cut(self, span: Span) -> str:
        """Return the text of a span."""
        return self.text[span.start : span.end]


def text_key(path: str, data: bytes) -> tuple[str, bytes]:
    """Return what stands for a text of a file where something is remembered of it: the path, and SHA-256 of the bytes.

    Args:
        path: the file.
        data: its bytes.
    """
    return path, hashlib.sha256(data).digest()


def occurrences(text: str, word: str, start: int = 0, stop: int | None = None) -> Iterator[int]:
    """Yield the offsets at which a word stands with no further word character before or behind it.

    Args:
        text: the text.
        word: the word.
        start: where to begin to look.
        stop: where the word must be at its end; None for the end of the text.
    """
    at = text.find(word, start, stop)
    while at >= 0:
        end = at + len(word)
        if not (_is_word(text[at - 1 : at]) or _is_word(text[end : end + 1])):
            yield at
        at = text.find(word, end, stop)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def splice(source: Source, edits: Iterable[Edit]) -> str:
    """Return the text with the edits done; every character outside their spans stays.

    Raises:
        EditConflictError: two edits meet and differ, or the text at a span is not the one that the edit expects.
    """
    pieces: list[str] = []
    at = 0
    for edit in check_edits(source.path, source.text, edits):
        pieces += (source.text[at : edit.span.start], edit.replacement)
        at = edit.span.end
    pieces.append(source.text[at:])
    return "".join(pieces)


def _encoding(path: str, data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as exc:
        raise SourceError(
            f"{path} is neither UTF-8 nor names its encoding: {exc.msg}", "Add a PEP 263 coding cookie, or convert it."
        ) from exc
    return "utf-8" if encoding == "utf-8-sig" else encoding
