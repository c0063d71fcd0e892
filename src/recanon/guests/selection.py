"""Which files a guest is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recanon.discover import Discovery, excluded_by
from recanon.guests.result import Result, State
from recanon.overlay import Overlay

_EXCLUDED = "the path is excluded"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files a guest is given.

    Args:
        only: patterns of the files that count at all; all Python files if there are none.
        exclude: patterns of files that are left alone.
        holding: words of which a file must hold one.
        max_bytes: larger files are skipped.
        max_lines: longer files are skipped.
    """

    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()
    max_bytes: int = 5_000_000
    max_lines: int = 50_000


def candidates(found: Discovery, choice: Choice) -> list[str]:
    """Return the files that count, those that are excluded among them."""
    if not choice.only:
        return list(found.files)
    wanted = excluded_by(choice.only)
    return [path for path in found.files if wanted.match_file(path)]


def given(tree: Overlay, paths: Sequence[str], choice: Choice) -> Iterator[Result | tuple[str, bytes]]:
    """Read files, and yield each with its bytes, or with what becomes of it where the guest is not to have it.

    Args:
        tree: the tree.
        paths: the files.
        choice: which of them the guest is given.
    """
    excluded = excluded_by(choice.exclude)
    words = [word.encode() for word in choice.holding]
    for path in paths:
        if excluded.match_file(path):
            yield Result(path, State.SKIPPED, reason=_EXCLUDED)
            continue
        try:
            data = tree.read(path)
        except OSError as exc:
            yield Result(path, State.SKIPPED, reason=f"cannot be read: {exc.strerror}")
            continue
        lines = data.count(b"\n")
        if len(data) > choice.max_bytes or lines > choice.max_lines:
            yield Result(path, State.SKIPPED, reason=f"too large: {len(data)} bytes, {lines} lines")
        elif words and not any(word in data for word in words):
            yield Result(path, State.UNCHANGED)
        else:
            yield path, data
