"""Patterns of files as in `.gitignore`, none of which takes for ever, whoever wrote it.

A pattern becomes a regular expression (pathspec), and one with several stars tries every way to share a name among
them: five stars and a name of 120 characters take seconds, seven take hours. Behind a star the first place where what
follows fits is as good as any later one, since the next star takes what is in between. So it is the only one tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

_STAR, _ONE, _FOLDERS, _BELOW = "[^/]*", "[^/]", "(?:/.+)?", "^(?:.+/)?"
_BEHIND_A_STAR = re.compile("\0([^\0/]*)(?=\0)")


class _Pattern(GitIgnoreSpecPattern):
    @classmethod
    def pattern_to_regex(cls, pattern: Any) -> tuple[Any, bool | None]:
        try:
            regex, include = super().pattern_to_regex(pattern)
            if regex is not None:
                regex = _at_once(_within_names(regex))
                re.compile(regex)
        except (GitIgnorePatternError, re.error):  # git passes over what is no pattern
            return None, None
        return regex, include


def file_patterns(lines: Iterable[str]) -> GitIgnoreSpec:
    """Return the rules that some patterns make.

    Args:
        lines: the patterns; one that is none is passed over.
    """
    return GitIgnoreSpec.from_lines(_Pattern, lines, backend="simple")


def _within_names(regex: str) -> str:
    """Let each star but the last of a name stop at the first place that fits."""
    marked = regex.replace(_STAR, "\0").replace(_ONE, "\1")
    marked = _BEHIND_A_STAR.sub(lambda match: f"(?>\2?{match[1]})", marked)
    return marked.replace("\2", _STAR).replace("\0", _STAR).replace("\1", _ONE)


def _at_once(regex: str) -> str:
    """Let each `**` but the last stop at the first folder that fits."""
    head, *parts = regex.split(_FOLDERS)
    if not parts:
        return regex
    if head.startswith(_BELOW):
        head = f"^(?>(?:.+?/)??{head.removeprefix(_BELOW)}(?=/))"
    between = [f"(?>(?:/.+?)??{part}(?=/))" for part in parts[:-1]]
    return "".join((head, *between, _FOLDERS, parts[-1]))
