"""What a checker finds, in a form in which a moved line is no new finding."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

# `path:line: message`, `path:line:column: message`, `path:line:column - message`, `path(line,column): message`
_PLACE = re.compile(r"(?P<path>[^:()]+)(?::\d+(?:[:-]\d+)*(?=[:\s])|\(\d+(?:,\d+)?\))[:\s]*(?:- )?(?P<message>\S.*)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LINE = re.compile(r"\b(lines?) \d+(-\d+)?|(?<=\w):\d+(:\d+)?\b")
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|'[^']*'")
_TIMES = re.compile(r" \(\d+\)$")
_NUMBER = re.compile(r"\d+")
_MARK = re.compile(r"\[\*\] ?")  # of ruff, for what it can mend by itself
_ASIDE = re.compile(r"(note|info|hint)\b", re.IGNORECASE)


def findings(output: str) -> dict[str, str]:
    """Return the findings in the output of a checker: the name of each, and the line that it was read from.

    Where a line has the usual form `path:line:column: message`, only such lines are findings, without their numbers;
    remarks (`note:`) are none. In an output that has no such line every line is one, its numbers taken out. Equal
    findings of one file are counted through.

    Args:
        output: standard output and error.
    """
    lines = [_COLOUR.sub("", line).strip() for line in output.splitlines()]
    placed = [(name, line) for line in lines if (name := _placed(line)) is not None]
    other = [(_NUMBER.sub("N", line), line) for line in lines if line]
    return _counted((name, line) for name, line in (placed or other) if name)


def new_findings(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return the findings that were not there before.

    A finding that is there under another name is not new: where the same is said of the same file as before, but for
    the words in quotes, and as often. A rewrite changes such words.

    Args:
        before: what `findings` returned before.
        after: what it returned after.
    """
    gone = Counter(_shape(name) for name in before if name not in after)
    new = {}
    for name, line in after.items():
        if name not in before and not gone[_shape(name)]:
            new[name] = line
        elif name not in before:
            gone[_shape(name)] -= 1
    return new


def _shape(name: str) -> str:
    return _TIMES.sub("", _QUOTED.sub("…", name))


def _placed(line: str) -> str | None:
    """Return the name of a finding, "" for a remark, None for a line of another form."""
    found = _PLACE.match(line)
    if found is None or not any(map(str.isalpha, found["path"].split()[-1])):  # a time of day has the same look
        return None
    message = found["message"]
    if _ASIDE.match(message):
        return ""
    message = _LINE.sub(r"\1", _MARK.sub("", message))
    return f"{found['path']}: {message}"


def _counted(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    seen: Counter[str] = Counter()
    counted = {}
    for name, line in named:
        seen[name] += 1
        counted[name if seen[name] == 1 else f"{name} ({seen[name]})"] = line
    return counted
