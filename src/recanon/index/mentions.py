"""Every trigger word in a text, and whether it stands in code, in a string or in a comment."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from recanon.edit import Span
from recanon.index.facts import Mention
from recanon.source import Source, occurrences

_LONG = r"""'{3}(?:[^\\]|\\.)*?'{3}|"{3}(?:[^\\]|\\.)*?"{3}"""
_SHORT = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""
_STRING = rf"(?:\b[rRbBuUfFtT]{{1,3}})?(?:{_LONG}|{_SHORT})"
_TOKEN = re.compile(rf"(?P<comment>#[^\r\n]*)|(?P<string>{_STRING})", re.DOTALL)

Place = Literal["code", "string", "comment", "f-string"]


@dataclass(frozen=True, slots=True)
class Triggers:
    """What to look for.

    Args:
        words: identifiers of the old API, and of canonical names that an old API shares.
        modules: dotted modules from which names are moved.
        paths: those of the modules whose dotted path is a mention wherever it stands.
        watched: identifiers whose bindings and uses matter although they are no mention.
        targets: dotted canonical modules, whose imports matter.
        owners: classes whose members are of the old API; under an alias their uses matter too.
        members: those of the words that are members of a class.
        successors: the members that take their place.
    """

    words: frozenset[str]
    modules: frozenset[str]
    paths: frozenset[str]
    watched: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    successors: frozenset[str] = frozenset()

    def find(self, text: str) -> list[tuple[int, str]]:
        """Return offset and trigger of each occurrence, in order; a path inside a longer one counts once."""
        found = [(at, word) for word in self.words for at in occurrences(text, word)]
        for path in self.paths:
            found += [(at, path) for at in occurrences(text, path) if text[at - 1 : at] != "."]
        return sorted(found)

    def holds(self, text: str) -> bool:
        """Return whether the text holds a trigger."""
        return bool(self.find(text))


def find_mentions(
    source: Source,
    triggers: Triggers,
    code: Sequence[tuple[Span, str]],
    fstrings: Sequence[Span],
    heads: Sequence[Span],
    statements: Sequence[tuple[int, int]] = (),
) -> tuple[Mention, ...]:
    """Find every trigger in a file.

    A dotted path in the head of an import statement is no mention of its own: the names that are imported are.

    Args:
        source: the file.
        triggers: what to look for.
        code: spans at which the parser found code.
        fstrings: spans of f-strings.
        heads: spans of the modules in import statements.
        statements: where statements begin: line (from 1) and column (in UTF-8 bytes, from 0), in order. What stands
            before one is not looked at, so the more there are, the faster it is.
    """
    inside_code = {span for span, _ in code}
    skip = {span.start for span in heads}
    hits = [
        Mention(Span(at, at + len(word)), word, "code") for at, word in triggers.find(source.text) if at not in skip
    ]
    if not hits:
        return ()
    tokens = _tokens(source, [hit.span.start for hit in hits if hit.span not in inside_code], statements)
    starts = [span.start for span, _ in tokens]
    return tuple(hit._replace(place=_place(hit.span, inside_code, fstrings, tokens, starts)) for hit in hits)


def _tokens(source: Source, offsets: Sequence[int], statements: Sequence[tuple[int, int]]) -> list[tuple[Span, Place]]:
    """Return the comments and strings in which one of some offsets, in order, stands."""
    found: dict[Span, Place] = {}
    token: re.Match[str] | None = None
    for offset in offsets:
        at = max(token.end() if token else 0, _statement_before(source, offset, statements))
        while token is None or token.end() <= offset:
            token = _TOKEN.search(source.text, at)
            if token is None:
                return list(found.items())
            at = token.end()
        if token.start() <= offset:
            found[Span(*token.span())] = "comment" if token.lastgroup == "comment" else "string"
    return list(found.items())


def _statement_before(source: Source, offset: int, statements: Sequence[tuple[int, int]]) -> int:
    """Return where the last statement before an offset begins: in no comment and in no string."""
    line, column = source.position(offset)
    place = bisect_right(statements, (line, column - 1))  # characters: in bytes it may be further to the right
    return source.offset(*statements[place - 1]) if place else 0


def _place(
    span: Span, code: set[Span], fstrings: Sequence[Span], tokens: Sequence[tuple[Span, Place]], starts: Sequence[int]
) -> Place:
    if any(holder.holds(span) for holder in fstrings):
        return "f-string"
    if span in code:
        return "code"
    number = bisect_right(starts, span.start) - 1
    if number >= 0 and tokens[number][0].holds(span):
        return tokens[number][1]
    return "code"
