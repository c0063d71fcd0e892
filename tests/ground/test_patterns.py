"""Patterns of files mean what they mean to pathspec, and none takes for ever."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from recanon.discover import discover
from recanon.owners import parse_owners
from recanon.patterns import file_patterns

_PIECES = ("a", "b", "ab", "*", "**", "?", "/", "/", "[ab]", "[!a]", ".", "\\*", "(", "a*b", "*a*", "/**/")
_NAMES = ("a", "b", "ab", "ba", "aab", "a.b", "*", "(", "abab", "c")


@settings(max_examples=600, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8).map("".join), min_size=1, max_size=2),
    st.lists(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=6).map("/".join), min_size=1, max_size=5),
)
def test_a_pattern_means_what_it_did(lines: list[str], paths: list[str]) -> None:
    try:
        plain = GitIgnoreSpec.from_lines(lines, backend="simple")
    except ValueError:
        return
    mine = file_patterns(lines)
    assert [mine.match_file(path) for path in paths] == [plain.match_file(path) for path in paths]


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 40 + "b", "a" * 240),
        ("*?" * 30 + "b", "a" * 240),
        ("*[ab]" * 30 + "c", "ab" * 120),
        ("**/a" * 20 + "/b", "a/" * 400 + "c"),
        ("a/**/" * 20 + "b", "a/" * 400 + "c"),
        ("x/" + "*a" * 30 + "/" + "*b" * 30 + "c", f"x/{'a' * 200}/{'b' * 200}"),
    ],
)
def test_no_pattern_takes_for_ever(pattern: str, path: str) -> None:
    begun = time.process_time()
    assert not file_patterns([pattern]).match_file(path)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("line", ["!", "\\", "//", "[", "***", "/", "!/", "a\\", "[!", "[z-a]"])
def test_a_line_that_is_no_pattern_is_passed_over(line: str) -> None:
    assert file_patterns([line, "x.py"]).match_file("x.py")


def test_the_rules_of_a_hostile_tree_take_no_time(tmp_path: Path) -> None:
    (tmp_path / f"{'a' * 200}.py").write_text("")
    (tmp_path / ".gitignore").write_text("!\n" + "*a" * 40 + "b\n")
    begun = time.process_time()
    assert len(discover(tmp_path).files) == 1
    assert parse_owners("CODEOWNERS", ["*a" * 40 + "b @me"]).of("a" * 200) == ""
    assert time.process_time() - begun < 2
