"""Text from a tree in Markdown (GitHub's dialect), so that it can say nothing but itself.

A name or a reason may hold backticks, pipes, tags, line ends or `@somebody`. Code spans keep all of it literal: GitHub
makes links of mentions, issue numbers and addresses in running text, but not in code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from recanon.safe_text import safe_text

# What GitHub makes a link, an emoji or a formula of by itself, in running text.
_LINKED = re.compile(r"[@#$]|://|www\.|\bGH-\d|:[\w+-]+:", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])|^[#+\-=]|(?<=^\d)[.)]")


def code(text: str) -> str:
    """Return text as a code span.

    Args:
        text: anything; control characters and line ends are made visible.
    """
    shown = safe_text(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if longest or not shown or shown != shown.strip() else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


def prose(text: str) -> str:
    """Return a sentence as running text; as code where GitHub would make a link of a part of it.

    Args:
        text: a reason, a hint or a title, perhaps with names from the tree in it.
    """
    if _LINKED.search(text):
        return code(text)
    return _SPECIAL.sub(r"\\\g<0>", safe_text(text))


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the lines of a table; the cells must be Markdown already.

    Args:
        heads: of the columns; those behind the first are set to the right.
        rows: the cells; a pipe in them must be escaped, which `prose` does.
    """
    marks = ("---", *("---:" for _ in heads[1:]))
    return [f"| {' | '.join(cells)} |" for cells in (heads, marks, *rows)]
