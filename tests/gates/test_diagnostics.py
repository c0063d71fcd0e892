"""Findings of checkers, compared without their line numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recanon.gates.diagnostics import findings, new_findings

_MESSAGES = st.sampled_from(["error: a is no b", "E501 line too long", "W: 'x' [y]", "Name: y (q)"])
_ROWS = st.lists(st.tuples(st.sampled_from(["a.py", "b/c d.py", "/e/f.pyi"]), st.integers(1, 9999), _MESSAGES))


@given(_ROWS, st.integers(1, 500))
def test_moved_lines_are_no_new_findings(rows: list[tuple[str, int, str]], by: int) -> None:
    before = "\n".join(f"{path}:{line}:3: {message}" for path, line, message in rows)
    after = "\n".join(f"{path}:{line + by}:7: {message}" for path, line, message in rows)
    assert findings(before).keys() == findings(after).keys()
    assert len(findings(before)) == len(rows)


@given(_ROWS, st.integers(1, 500))
def test_one_more_finding_is_new_even_if_it_reads_the_same(rows: list[tuple[str, int, str]], line: int) -> None:
    before = "\n".join(f"{path}:{line}: {message}" for path, line, message in rows)
    for path, _, message in rows[:1] or [("a.py", 1, "error: new")]:
        new = findings(f"{before}\n{path}:{line}: {message}").keys() - findings(before).keys()
        assert len(new) == 1
        assert new.pop().startswith(f"{path}: {message}")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("app/a.py:3: error: x  [misc]", "app/a.py: error: x  [misc]"),
        ("app/a.py:3:14: F401 `os` imported but unused", "app/a.py: F401 `os` imported but unused"),
        ("app/a.py:3:14:3:20: error: x", "app/a.py: error: x"),
        ("app/a.py:3:14: F811 [*] `a` from line 3: `a` again", "app/a.py: F811 `a` from line: `a` again"),
        ("  /r/a.py:3:14 - error: x (rule)", "/r/a.py: error: x (rule)"),
        ("a.ts(3,14): error TS1: x", "a.ts: error TS1: x"),
        ("a.py:3:0: C0103: name (b)", "a.py: C0103: name (b)"),
        ("\x1b[1ma.py\x1b[0m:3: error: x", "a.py: error: x"),
        ("a.py:9: error: defined on line 12 of b.py:7", "a.py: error: defined on line of b.py"),
    ],
)
def test_the_usual_forms_are_understood(line: str, name: str) -> None:
    assert findings(f"checking\n{line}\nFound 1 error in 1 file (checked 7 source files)\n") == {name: line.replace(
        "\x1b[1m", "").replace("\x1b[0m", "").strip()}  # fmt: skip


def test_remarks_are_no_findings() -> None:
    assert findings("a.py:1: note: see the manual\nFound 0 errors") == {}


def test_an_output_of_another_form_is_compared_line_by_line_without_numbers() -> None:
    before, after = findings("3 wrong\nat 12:30:01\n"), findings("4 wrong\nat 13:31:02\none more\n")
    assert after.keys() - before.keys() == {"one more"}


def test_a_finding_about_a_renamed_thing_is_not_new() -> None:
    before = findings("a.py:1: F401 `old` unused\na.py:2: F401 `x` unused\n")
    renamed = "a.py:1: F401 `new` unused\na.py:2: F401 `x` unused\n"
    assert new_findings(before, findings(renamed)) == {}
    more = findings(renamed + "a.py:3: F401 `y` unused\nb.py:1: F401 `old` unused\n")
    assert list(new_findings(before, more).values()) == ["a.py:3: F401 `y` unused", "b.py:1: F401 `old` unused"]
