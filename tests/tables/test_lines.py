"""On which line a key stands, whatever the layout of the text."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recanon.pack.lines import Lines

NASTY = '''# [symbol]
a = """
[[symbol]]
name = "no"
"""
[[symbol]]   # the first
"name" = 'x' # name = 1
list = [
  "]", # ]
  { b = 1, c = "}" },
]
[symbol.arguments]
rename.uri = "url"

[[symbol]]
name = "y"
[[symbol.when]]
verdict = \'\'\'
left\'\'\'
[[symbol.when]]
verdict = "safe"
[other."a.b"]
c = 2024-01-01
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 2),
        (("symbol", 0), 6),
        (("symbol", 0, "name"), 7),
        (("symbol", 0, "list"), 8),
        (("symbol", 0, "list", 0), 9),
        (("symbol", 0, "list", 1, "c"), 10),
        (("symbol", 0, "arguments"), 12),
        (("symbol", 0, "arguments", "rename", "uri"), 13),
        (("symbol", 1, "name"), 16),
        (("symbol", 1, "when", 0, "verdict"), 18),
        (("symbol", 1, "when", 1, "verdict"), 21),
        (("other", "a.b", "c"), 23),
        (("symbol", 1, "nothing"), 15),
        (("nowhere",), 1),
    ],
)
def test_each_key_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(NASTY)
    assert Lines(NASTY).of(path) == line


KEY = st.text("abc", min_size=1, max_size=2)
VALUES = ('"x # ["', "'='", "3", "true", "[1,\n 2]", '["]"]', "{ a = 1 }", '"""\n[t]\nk = 1\n"""', "1.5e3")
VALUE = st.sampled_from(VALUES)


@given(st.lists(st.tuples(KEY, st.dictionaries(KEY, VALUE, max_size=3)), max_size=5, unique_by=lambda item: item[0]))
def test_every_key_of_every_text_is_found_where_it_stands(tables: list[tuple[str, dict[str, str]]]) -> None:
    text = ""
    wanted: dict[tuple[str, ...], int] = {}
    for name, entries in tables:
        wanted[(name,)] = text.count("\n") + 1
        text += f"[{name}] # {name} = 1\n\n"
        for key, value in entries.items():
            wanted[(name, key)] = text.count("\n") + 1
            text += f"{key} = {value} # [{key}]\n"
    tomllib.loads(text)
    lines = Lines(text)
    assert {path: lines.of(path) for path in wanted} == wanted
