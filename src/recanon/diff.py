"""The diff of a plan: git style, exact to the byte, and checked before anyone relies on it.

Everything here works on bytes, and a line ends at `\\n` and nowhere else. So CRLF, form feeds, lone carriage returns,
U+2028 and bytes that are no UTF-8 come out as they went in, and `git apply` gives the very bytes of `FileChange.after`.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import compress, groupby
from operator import ne

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchedFile, PatchSet

from recanon.plan import ChangeKind, FileChange

_CONTEXT, _LONG = 3, 2_000  # lines around a change, and lines that are too many for `difflib` alone
_NO_NEWLINE = b"\n\\ No newline at end of file\n"
_NOWHERE = b"/dev/null"
_ODD = re.compile(rb'[\x00-\x1f"\\\x7f-\xff]')
_ESCAPES = {b'"': b'\\"', b"\\": b"\\\\"} | {
    bytes([code]): b"\\%c" % letter for code, letter in enumerate(b"abtnvfr", 7)
}


class DiffError(ValueError):
    """A diff does not say what its change does: a bug in the making of diffs, never a user's mistake."""


@dataclass(frozen=True, slots=True)
class DiffCount:
    """How many lines a diff adds and removes."""

    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines `old[i1:i2]` become `new[j1:j2]`."""

    i1: int
    i2: int
    j1: int
    j2: int


def quote_path(path: str, *, prefix: str = "") -> bytes:
    """Return a path as git writes it in a diff header.

    Args:
        path: relative to the root; undecodable bytes as surrogate escapes.
        prefix: `a/` or `b/`; it stands inside the quotes.

    Returns:
        The bytes as they are where all are plain ASCII, else in double quotes with C escapes and octal numbers
        (git's `core.quotePath`, which is its default).
    """
    name = (prefix + path).encode("utf-8", "surrogateescape")
    quoted = _ODD.sub(lambda match: _ESCAPES.get(match[0]) or b"\\%03o" % match[0][0], name)
    return name if quoted == name else b'"' + quoted + b'"'


def unified_diff(change: FileChange) -> bytes:
    """Return the git-style diff of one file; empty when nothing changes.

    A file that is created or deleted empty has a header alone, as git has it.

    Args:
        change: the file with its bytes before and after.
    """
    if change.old == change.new:
        return b""
    parts = [_header(change)]
    if change.before != change.after:
        old, new = _lines(change.before), _lines(change.after)
        parts.append(b"--- %b\n+++ %b\n" % _names(change))
        for group in _groups(_blocks(old, new)):
            parts += _hunk(old, new, group)
    return b"".join(parts)


def _header(change: FileChange) -> bytes:
    """Return what stands above the names: which file, and with which mode it comes or goes."""
    both = (quote_path(change.path, prefix="a/"), quote_path(change.path, prefix="b/"))
    word = {ChangeKind.EDIT: b"", ChangeKind.CREATE: b"new", ChangeKind.DELETE: b"deleted"}[change.kind]
    mode = b"%b file mode %b\n" % (word, b"100755" if change.executable else b"100644") if word else b""
    return b"diff --git %b %b\n" % both + mode


def _names(change: FileChange) -> tuple[bytes, bytes]:
    """Return the file's names before and after."""
    source, target = quote_path(change.path, prefix="a/"), quote_path(change.path, prefix="b/")
    # git ends a header name that holds a blank with a tab, else the name and a time stamp could not be told apart.
    tab = b"\t" if b" " in source else b""
    return (
        _NOWHERE if change.old is None else source + tab,
        _NOWHERE if change.new is None else target + tab,
    )


def check_diff(change: FileChange, diff: bytes) -> DiffCount:
    """Read a diff with `unidiff`, a second and independent reader, and prove that it turns before into after.

    The lines above `---` are not given to `unidiff`: in `diff --git` and a name such as `x b/y` it cannot tell where
    one path ends and the other begins, while the `---` and `+++` lines say it without doubt.

    Args:
        change: the file with its bytes before and after.
        diff: what `unified_diff` made of it.

    Returns:
        The added and removed lines, counted by `unidiff`.

    Raises:
        DiffError: the diff cannot be read, names another file, or does not give the bytes after.
    """
    header = b"" if change.old == change.new else _header(change)
    if change.before == change.after and diff == header:
        return DiffCount(0, 0)
    if diff and not diff.startswith(header):
        raise DiffError(f"{change.path}: the diff names another file or mode: {diff.partition(b'---')[0]!r}")
    try:
        patch = PatchSet([line.decode("latin-1") for line in _lines(diff.removeprefix(header))])
    except UnidiffParseError as exc:
        raise DiffError(f"{change.path}: the diff cannot be read back: {exc}") from exc
    expected = tuple(name.removesuffix(b"\t").decode("latin-1") for name in _names(change))
    if [(file.source_file, file.target_file) for file in patch] != [expected]:
        raise DiffError(f"{change.path}: the diff names {[file.target_file for file in patch]}")
    if _patched(change, patch[0]) != change.after:
        raise DiffError(f"{change.path}: the diff does not give the planned bytes")
    return DiffCount(patch[0].added, patch[0].removed)


def plan_diff(changes: Iterable[FileChange]) -> Iterator[tuple[FileChange, bytes, DiffCount]]:
    """Give each change with its checked diff, in order, one at a time.

    Args:
        changes: the files of a plan.

    Raises:
        DiffError: a diff does not say what its change does.
    """
    for change in changes:
        diff = unified_diff(change)
        yield change, diff, check_diff(change, diff)


def _lines(data: bytes) -> list[bytes]:
    """Split behind each `\\n`; `bytes.splitlines`, which is faster, would also split at a lone carriage return."""
    if b"\r" not in data:
        return data.splitlines(keepends=True)
    *full, last = data.split(b"\n")
    return [line + b"\n" for line in full] + ([last] if last else [])


def _blocks(old: list[bytes], new: list[bytes]) -> list[_Block]:
    """Return the changed blocks. `difflib` sees only what lies between the common head and tail: it is slow."""
    head = _alike(old, new, min(len(old), len(new)))
    tail = _alike(reversed(old), reversed(new), min(len(old), len(new)) - head)
    middle = _Block(head, len(old) - tail, head, len(new) - tail)
    gaps = _gaps(old, new, middle) if middle.i2 - middle.i1 > _LONG else [middle]
    return [part for gap in gaps for block in _compared(old, new, gap) for part in _parted(old, new, block)]


def _alike(old: Iterable[bytes], new: Iterable[bytes], most: int) -> int:
    """Return how many lines from the beginning are the same, and at most so many."""
    return next(compress(range(most), map(ne, old, new)), most)


def _gaps(old: list[bytes], new: list[bytes], block: _Block) -> Iterator[_Block]:
    """Yield what lies between lines that stand once in either text and in the same order (Bram Cohen's patience diff).

    The time that `difflib` takes grows faster than a text.
    """
    places, others = _once(old, block.i1, block.i2), _once(new, block.j1, block.j2)
    i, j = block.i1, block.j1
    for at, to in _rising([(at, others[line]) for line, at in places.items() if line in others]):
        if at > i or to > j:
            yield _Block(i, at, j, to)
        i, j = at + 1, to + 1
    yield _Block(i, block.i2, j, block.j2)


def _once(lines: list[bytes], start: int, end: int) -> dict[bytes, int]:
    """Return the lines of a part that stand in it once, each with its place, in order."""
    counts = Counter(lines[start:end])
    return {lines[at]: at for at in range(start, end) if counts[lines[at]] == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most pairs of which the second parts rise, too; the first parts rise already."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, to) in enumerate(pairs):
        pile = bisect(tops, to)
        before.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [to]
        ends[pile : pile + 1] = [number]
    found: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _compared(old: list[bytes], new: list[bytes], block: _Block) -> Iterator[_Block]:
    """Yield the parts of a block that differ."""
    matcher = SequenceMatcher(None, old[block.i1 : block.i2], new[block.j1 : block.j2])
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield _Block(block.i1 + i1, block.i1 + i2, block.j1 + j1, block.j1 + j2)


def _parted(old: list[bytes], new: list[bytes], block: _Block) -> Iterator[_Block]:
    """Leave equal lines out of a block that has as many lines before as after.

    `difflib` does not look at lines that a long text holds often, such as empty ones.
    """
    if block.i2 - block.i1 != block.j2 - block.j1:
        yield block
        return
    changed = [at for at in range(block.i2 - block.i1) if old[block.i1 + at] != new[block.j1 + at]]
    for _, run in groupby(enumerate(changed), key=lambda pair: pair[1] - pair[0]):
        at = [place for _, place in run]
        yield _Block(block.i1 + at[0], block.i1 + at[-1] + 1, block.j1 + at[0], block.j1 + at[-1] + 1)


def _groups(blocks: list[_Block]) -> Iterator[list[_Block]]:
    """Gather the blocks whose context lines would touch: each group is one hunk."""
    group: list[_Block] = []
    for block in blocks:
        if group and block.i1 - group[-1].i2 > 2 * _CONTEXT:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _hunk(old: list[bytes], new: list[bytes], group: list[_Block]) -> Iterator[bytes]:
    first, last = group[0], group[-1]
    before = min(_CONTEXT, first.i1)
    after = min(_CONTEXT, len(old) - last.i2)
    source = _range(first.i1 - before, last.i2 + after)
    target = _range(first.j1 - before, last.j2 + after)
    yield b"@@ -%b +%b @@\n" % (source, target)
    at = first.i1 - before
    for block in group:
        yield from _marked(b" ", old[at : block.i1])
        yield from _marked(b"-", old[block.i1 : block.i2])
        yield from _marked(b"+", new[block.j1 : block.j2])
        at = block.i2
    yield from _marked(b" ", old[at : at + after])


def _range(start: int, end: int) -> bytes:
    """Return a hunk's range: lines count from 1, and an empty one is named by the line before it."""
    length = end - start
    if length == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + 1 if length else start, length)


def _marked(mark: bytes, lines: list[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield mark + (line if line.endswith(b"\n") else line + _NO_NEWLINE)


def _patched(change: FileChange, file: PatchedFile) -> bytes:
    """Apply what `unidiff` read to the bytes before."""
    old = _lines(change.before)
    result: list[bytes] = []
    at = 0
    for hunk in file:
        sides: dict[str, list[bytes]] = {"-": [], "+": []}
        touched = ""
        for line in hunk:
            if line.line_type == "\\":
                for side in touched:
                    sides[side][-1] = sides[side][-1].removesuffix(b"\n")
                continue
            touched = "-+" if line.is_context else line.line_type
            for side in touched:
                sides[side].append(line.value.encode("latin-1"))
        start = hunk.source_start - 1 if hunk.source_length else hunk.source_start
        end = start + hunk.source_length
        if old[start:end] != sides["-"]:
            raise DiffError(f"{change.path}: the hunk at line {hunk.source_start} does not meet the file")
        result += old[at:start] + sides["+"]
        at = end
    return b"".join(result + old[at:])
