"""A person takes or leaves hunks one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recanon.cli.interactive import left_out
from recanon.hunks import Hunk, hunks, split
from recanon.runs import list_runs
from recanon.session import make_plan
from recanon.settings import Settings
from tests.helpers import AWAITED, CANON, FAC, WORLD, pack, write_tree
from tests.phases.kit import OLD, PACK, on_terminal, recanon, texts, tree

NEW = f"from {CANON} import get_websocket_manager\n"
FAR = OLD + AWAITED + "\n" * 20 + AWAITED.replace("f(c)", "g(c)")


def _hunks(root: Path, text: str = FAR) -> list[Hunk]:
    write_tree(root, {**WORLD, "tests/a.py": text, "tests/b.py": OLD + AWAITED})
    return list(hunks(make_plan(root, pack(), Settings(jobs=1))))


def test_edits_that_are_near_each_other_are_one_hunk(tmp_path: Path) -> None:
    found = _hunks(tmp_path)
    assert [(hunk.path, len(hunk.change.edits)) for hunk in found] == [
        ("tests/a.py", 2),
        ("tests/a.py", 1),
        ("tests/b.py", 2),
    ]
    assert [{place.kind for place in hunk.places} for hunk in found] == [
        {"import", "call"},
        {"call"},
        {"import", "call"},
    ]


def test_a_hunk_splits_into_its_edits(tmp_path: Path) -> None:
    parts = split(_hunks(tmp_path)[0])
    assert [[place.kind for place in part.places] for part in parts] == [["import"], ["call"]]


def test_a_use_without_a_mention_is_left_with_its_import(tmp_path: Path) -> None:
    alias = OLD.replace("\n", " as make\n") + "\n" * 20 + "async def f(c):\n    return await make(c)\n"
    first, *_ = _hunks(tmp_path, alias)
    assert [place.kind for place in first.places] == ["import"]


def _answers(*letters: str) -> Iterator[str]:
    yield from letters


@pytest.mark.parametrize(
    ("letters", "left"),
    [
        ("yyy", []),
        ("nyy", ["tests/a.py", "tests/a.py"]),
        ("yny", ["tests/a.py"]),
        ("an", ["tests/b.py", "tests/b.py"]),
        ("q", ["tests/a.py", "tests/a.py", "tests/a.py", "tests/b.py", "tests/b.py"]),
        ("synyy", ["tests/a.py"]),
        ("?x y", []),
    ],
)
def test_letters_mean_what_they_mean_in_git(tmp_path: Path, letters: str, left: list[str]) -> None:
    given = _answers(*letters, *"yyy")
    found = left_out(_hunks(tmp_path), lambda question: next(given))
    assert [place.path for hunk in found for place in hunk.places] == left


def test_what_is_left_on_the_terminal_is_not_written(tmp_path: Path) -> None:
    root = tree(tmp_path)
    files = ["y", "n", "y"]  # app/services/a.py, tests/c.py, tests/d.py
    code, shown = on_terminal([*files, "y"], "apply", root, *PACK, "--interactive")
    assert code == 0, shown
    found = {path: data.decode().startswith(NEW) for path, data in texts(root).items()}
    assert [path for path, moved in found.items() if moved] == ["app/services/a.py", "tests/d.py"]
    assert "safe: " in shown
    assert "+    return await get_websocket_manager(c)" in shown


def test_nothing_is_written_when_all_is_left(tmp_path: Path) -> None:
    root = tree(tmp_path)
    code, shown = on_terminal(["q"], "apply", root, *PACK, "--interactive")
    assert code == 0
    assert "Nothing to change." in shown
    assert not list_runs(root)


def test_without_a_terminal_nobody_can_be_asked(tmp_path: Path) -> None:
    done = recanon("apply", tree(tmp_path), *PACK, "--interactive", "--yes")
    assert done.exit_code == 2
    assert "no terminal to ask on" in done.output


def test_nothing_is_written_of_a_hunk_that_was_refused(tmp_path: Path) -> None:
    text = f"from {FAC} import create_websocket_manager, create_websocket_manager_sync as make\n" + "\n" * 20
    text += "async def f(c):\n    a = await create_websocket_manager(c)\n    b = make(c)\n    return a, b\n"
    root = write_tree(tmp_path / "tree", {**WORLD, "tests/a.py": text})
    code, shown = on_terminal(["y", "n"], "apply", root, *PACK, "--interactive")
    assert code == 0, shown
    assert (root / "tests/a.py").read_text().endswith(text[-60:])
