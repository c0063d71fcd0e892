"""Where each token of a text stands in its later version, and what else changed."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

Spot = tuple[int, int]
LAYOUT = {
    tokenize.NEWLINE,
    tokenize.NL,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.COMMENT,
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token of code: its text, and where it starts (lines and columns from 1)."""

    text: str
    spot: Spot


@dataclass(slots=True)
class Alignment:
    """Where the tokens that are asked for went, with their text there, and runs of change that touch none of them."""

    went: dict[Spot, Token] = field(default_factory=dict)
    stray: list[tuple[list[Token], list[Token]]] = field(default_factory=list)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text that carry meaning: no layout, no comments, no commas before a closing bracket."""
    found = [
        Token(item.string, (item.start[0], item.start[1] + 1))
        for item in tokenize.generate_tokens(io.StringIO(text).readline)
        if item.type not in LAYOUT
    ]
    pairs = zip(found, [*found[1:], Token("", (0, 0))], strict=True)
    return [item for item, after in pairs if item.text != "," or after.text not in {")", "]", "}"}]


def hunks(before: str, after: str) -> Iterator[tuple[range, range, bool]]:
    """Yield the line ranges of two texts that correspond, and whether they are equal."""
    matcher = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield range(i1 + 1, i2 + 1), range(j1 + 1, j2 + 1), tag == "equal"


def pair_up(old: list[Token], new: list[Token], asked: Mapping[Spot, str], into: Alignment) -> None:
    """Match the tokens of a changed hunk, and note where the ones asked for went and what changed beside them."""
    matcher = SequenceMatcher(None, [item.text for item in old], [item.text for item in new], autojunk=False)
    touched = False
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        sites = [item for item in old[i1:i2] if item.spot in asked]
        if tag == "equal":
            into.went |= {a.spot: b for a, b in zip(old[i1:i2], new[j1:j2], strict=True) if a.spot in asked}
            touched = old[i2 - 1].spot in asked
            continue
        follows = leads_to_site(old[i2 : i2 + 2], asked)
        left = list(new[j1:j2])
        for site in sites:
            wanted = [item for item in left if item.text == asked[site.spot]]
            chosen = wanted[0] if wanted else left[0] if len(left) == len(sites) else None
            if chosen is not None:
                into.went[site.spot] = chosen
                left.remove(chosen)
        if not (sites or touched or follows):
            into.stray.append((old[i1:i2], new[j1:j2]))
        touched = bool(sites)


def leads_to_site(following: list[Token], asked: Mapping[Spot, str]) -> bool:
    """Return whether a token that is asked for follows, or a dot and then one: it is taken from what changed."""
    steps = following[1:] if following and following[0].text == "." else following[:1]
    return any(item.spot in asked for item in steps)


def align(before: str, after: str, asked: Mapping[Spot, str]) -> Alignment:
    """Follow tokens of a text into its later version.

    Args:
        before: The text.
        after: Its later version.
        asked: Where the tokens start that are followed, each with the text that it should have afterwards.

    Returns:
        Where they went, and the changes that touch none of them.
    """
    old, new = tokens(before), tokens(after)
    found = Alignment()
    for lines, later, equal in hunks(before, after):
        mine = [item for item in old if item.spot[0] in lines]
        theirs = [item for item in new if item.spot[0] in later]
        if equal:
            shift = later.start - lines.start
            kept = {item.spot: item for item in mine if item.spot in asked}
            found.went |= {spot: Token(item.text, (spot[0] + shift, spot[1])) for spot, item in kept.items()}
        else:
            pair_up(mine, theirs, asked, found)
    return found
