"""What a word stands in, a string, a comment or code, as Python's own tokenizer sees it."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

from hypothesis import assume, given
from hypothesis import strategies as st

from recanon.index.mentions import Triggers, find_mentions
from recanon.source import Source, occurrences

WORD = "old_name"
TRIGGERS = Triggers(frozenset({WORD}), frozenset(), frozenset())
KINDS = {tokenize.COMMENT: "comment", tokenize.STRING: "string", tokenize.NAME: "code"}

INNER = st.lists(
    st.sampled_from([WORD, "'", '"', "\\\\", "\\'", '\\"', "\\\n", "\n", "#", " ", "''", '""', "é"]), max_size=5
).map("".join)
PREFIXES, QUOTES = st.sampled_from(["", "r", "U", "rb", "B"]), st.sampled_from(["'", '"', "'''", '"""'])
STRINGS = st.builds(lambda prefix, quote, inner: f"{prefix}{quote}{inner}{quote}", PREFIXES, QUOTES, INNER)
LINES = st.one_of(
    STRINGS,
    st.builds(lambda inner: "# " + inner.replace("\n", ""), INNER),
    st.builds(lambda string, inner: f"{WORD} = {string}  # {inner}".replace("\\\n", " "), STRINGS, INNER),
    st.just(f"x.{WORD}(y)"),
    st.just(f"if é: x = 'é{WORD}'; y = {WORD}  # {WORD}"),
)


def is_python(text: str) -> bool:
    """Return whether a text can be parsed."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def seen_by_python(text: str) -> Iterator[str]:
    """Yield what each word stands in."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in KINDS:
            yield from [KINDS[token.type] for _ in occurrences(token.string, WORD)]


def statements_of(text: str) -> list[tuple[int, int]]:
    """Return line and column of each statement, in order."""
    return sorted((node.lineno, node.col_offset) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt))


@given(st.lists(LINES.filter(is_python), min_size=1, max_size=6).map("\n".join))
def test_a_word_stands_in_what_python_says_it_does(text: str) -> None:
    assume(is_python(text))
    found = find_mentions(Source("x.py", text), TRIGGERS, (), (), ())
    assert [mention.place for mention in found] == list(seen_by_python(text))
    assert find_mentions(Source("x.py", text), TRIGGERS, (), (), (), statements_of(text)) == found
