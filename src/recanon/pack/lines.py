"""On which line of a TOML text each key stands; the text is known to be well-formed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

Path = tuple[str | int, ...]

_STRINGS = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'", re.DOTALL)
_KEY = re.compile(r"""[ \t]*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([A-Za-z0-9_-]+))[ \t]*""")
_OPENING, _CLOSING = frozenset("[{"), frozenset("]}")


class Lines:
    """The lines of a text's tables and keys.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends = [at for at, char in enumerate(text) if char == "\n"]
        self.known: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._read()

    def of(self, path: Sequence[str | int]) -> int:
        """Return the line of a key or table, or that of the nearest one around it that is known."""
        wanted = tuple(path)
        while wanted and wanted not in self.known:
            wanted = wanted[:-1]
        return self.known.get(wanted, 1)

    def _read(self) -> None:
        at, table = 0, ()  # type: tuple[int, Path]
        while at < len(self.text):
            match = re.compile(r"[ \t\r\n]*(#[^\n]*)?").match(self.text, at)
            assert match is not None
            if match.end() > at:
                at = match.end()
            elif self.text[at] == "[":
                at, table = self._header(at)
            else:
                at = self._entry(at, table)

    def _header(self, at: int) -> tuple[int, Path]:
        double = self.text.startswith("[[", at)
        end, keys = self._keys(at + (2 if double else 1))
        path = self._entered(keys, double)
        self.known.setdefault(path, self._line(at))
        return end + (2 if double else 1), path

    def _entered(self, keys: Sequence[str], double: bool) -> Path:
        """Return the path of a header; within a list of tables the last table is meant."""
        path: Path = ()
        for place, key in enumerate(keys):
            path = (*path, key)
            if double and place == len(keys) - 1:
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path

    def _entry(self, at: int, table: Path) -> int:
        end, keys = self._keys(at)
        line = self._line(at)
        for place in range(1, len(keys) + 1):
            self.known.setdefault((*table, *keys[:place]), line)
        return self._value(end + 1, (*table, *keys))

    def _value(self, at: int, path: Path) -> int:
        """Pass over a value, noting the keys of an inline table and the places of a list on their own lines."""
        while self.text[at] in " \t":
            at += 1
        if self.text[at] in _OPENING:
            return self._nested(at, path)
        match = _STRINGS.match(self.text, at) or re.compile(r"[^\n,#\]}]*").match(self.text, at)
        assert match is not None
        return match.end()

    def _nested(self, at: int, path: Path) -> int:
        is_list, place = self.text[at] == "[", 0
        at += 1
        while True:
            match = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*").match(self.text, at)
            at = match.end() if match is not None else at
            if self.text[at] in _CLOSING:
                return at + 1
            line = self._line(at)
            if is_list:
                self.known.setdefault((*path, place), line)
                at, place = self._value(at, (*path, place)), place + 1
            else:
                at = self._entry(at, path)

    def _keys(self, at: int) -> tuple[int, list[str]]:
        found: list[str] = []
        for match in self._parts(at):
            found.append(match.group(1) or match.group(2) or match.group(3) or "")
            at = match.end()
        return at, found

    def _parts(self, at: int) -> Iterator[re.Match[str]]:
        while (match := _KEY.match(self.text, at)) is not None:
            yield match
            at = match.end()
            if self.text[at : at + 1] != ".":
                return
            at += 1

    def _line(self, at: int) -> int:
        return bisect_left(self._ends, at) + 1
