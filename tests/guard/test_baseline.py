"""A baseline is read in a diff and merged by git; what is not one of ours, or is damaged, is named and refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recanon.errors import UsageError
from recanon.guard.baseline import Baseline, Entry, line_of, parse
from tests.guard.kit import CLEAN, USE, git, guard, repository

WORD = st.text(max_size=8)
ENTRIES = st.frozensets(st.builds(Entry, WORD, WORD, WORD, WORD), max_size=5)


def small(*paths: str) -> Baseline:
    return Baseline("p", {"a": "b"}, frozenset(Entry(path, "call", "old", "0123") for path in paths))


@given(entries=ENTRIES)
def test_what_is_written_is_read_back(entries: frozenset[Entry]) -> None:
    baseline = Baseline("p", {"a": "b"}, entries)
    assert parse(baseline.text(), "f") == baseline


@given(entries=ENTRIES, other=ENTRIES)
def test_a_place_more_or_less_changes_its_own_line_alone(entries: frozenset[Entry], other: frozenset[Entry]) -> None:
    before = small().with_entries(entries).text().splitlines()
    after = small().with_entries(entries | other).text().splitlines()
    assert [line for line in after if line in before] == before
    assert len(after) - len(before) == len(other - entries)


def test_a_place_stands_on_one_line_that_can_be_found() -> None:
    text = small("a.py", "b.py").text()
    assert (
        text.splitlines()[line_of(Entry("b.py", "call", "old", "0123"), text) - 1] == ',["b.py", "call", "old", "0123"]'
    )
    assert line_of(Entry("b.py", "call", "old", "0123"), json.dumps(json.loads(text), indent=2)) == 1


def test_a_file_laid_out_by_another_tool_is_read_all_the_same() -> None:
    assert parse(json.dumps(json.loads(small("a.py").text()), indent=4), "f") == small("a.py")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "damaged: line 1"),
        ("{", "damaged: line 1"),
        ("[" * 100_000, "damaged"),
        ("[]", "no baseline of recanon"),
        ('{"version": 2, "errors": []}', "no baseline of recanon"),
        ('{"schema": "recanon/plan/1"}', "no baseline of recanon"),
        ('{"schema": "recanon/baseline/2"}', "has the schema recanon/baseline/2"),
        ('{"schema": "recanon/baseline/1"}', "lacks its pack"),
        ('{"schema": "recanon/baseline/1", "pack": "p", "options": {"a": 1}, "places": []}', "lacks"),
        ('{"schema": "recanon/baseline/1", "pack": "p", "options": {}, "places": [["a"]]}', "a row is not"),
        (small("a.py").text().replace(',["a', '<<<<<<< HEAD\n,["a'), "f:7: a merge was not finished"),
        (small("a.py").text() + ">>>>>>> branch\n", "a merge was not finished"),
    ],
)
def test_what_is_no_baseline_is_named_with_what_to_do(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told.replace("[", r"\[")) as caught:
        parse(text, "f")
    assert caught.value.hint


def test_another_pack_or_other_options_are_refused() -> None:
    small().check_fits("p", {"a": "b"}, "f")
    with pytest.raises(UsageError, match="made for the pack p, not q"):
        small().check_fits("q", {"a": "b"}, "f")
    with pytest.raises(UsageError, match="made with --set a=b, not with --set a=c"):
        small().check_fits("p", {"a": "c"}, "f")


def test_two_branches_that_mend_other_places_merge_without_a_conflict(tmp_path: Path) -> None:
    names = [f"app/user{number}.py" for number in range(6)]
    root = repository(tmp_path / "repo", dict.fromkeys(names, USE))
    for branch, name in (("left", names[0]), ("right", names[-1])):
        git(root, "checkout", "-q", "-b", branch, "main")
        (root / name).write_text(CLEAN)
        assert guard(root, ".", "--baseline", "base.json", "--update").returncode == 0
        git(root, "commit", "-qam", branch)
    git(root, "merge", "-q", "left", "-m", "both")
    done = guard(root, ".", "--baseline", "base.json")
    assert done.returncode == 0, done.stdout
