"""The ratchet turns one way: lines may move, new uses are seen, and an update never grows a baseline by itself."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recanon.guard.baseline import Baseline
from recanon.guard.ratchet import updated
from tests.guard.kit import CLEAN, OLD, USE, baseline_of, compared, look, tree, tried

LINES = st.lists(st.sampled_from(["", "# a comment", "x = 1", "import json", "def h():\n    return 2"]), max_size=5)
BLOCKS = [
    "async def a(c):\n    return await create_websocket_manager(c)\n",
    "async def b(c):\n    x = await create_websocket_manager(c)\n    return x\n",
    "async def d(c):\n    return await create_websocket_manager(c)\n",
]
RUNS = tried(10)


def body(blocks: list[str], between: list[str]) -> str:
    return OLD + "\n\n" + ("\n".join(between) + "\n\n").join(blocks) + "\n".join(between) + "\n"


@RUNS
@given(order=st.permutations(BLOCKS), between=LINES)
def test_moved_lines_and_unrelated_text_are_never_new(order: list[str], between: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = tree(Path(folder), {"app/user.py": body(BLOCKS, [])})
        known = baseline_of(look(root))
        tree(root, {"app/user.py": body(order, between)})
        assert compared(root, known).holds


@RUNS
@given(at=st.integers(0, 3), extra=st.sampled_from(BLOCKS), between=LINES)
def test_one_more_use_is_always_new(at: int, extra: str, between: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = tree(Path(folder), {"app/user.py": body(BLOCKS, [])})
        known = baseline_of(look(root))
        more = [*BLOCKS[:at], extra.replace("def ", "def other_"), *BLOCKS[at:]]
        tree(root, {"app/user.py": body(more, between)})
        found = compared(root, known)
        assert len(found.new) == 1
        assert found.gone == ()


@RUNS
@given(before=st.sets(st.integers(0, 2)), after=st.sets(st.integers(0, 2)))
def test_update_is_idempotent_and_never_grows(before: set[int], after: set[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = tree(Path(folder), {"app/user.py": body([BLOCKS[n] for n in sorted(before)], [])})
        known = baseline_of(look(root))
        tree(root, {"app/user.py": body([BLOCKS[n] for n in sorted(after)], [])})
        seen = look(root)
        once = updated(known, compared(root, known, seen), allow_new=False)
        again = compared(root, once, seen)
        assert _uses(once) <= _uses(known)
        assert (again.gone, again.moved) == ((), ())
        assert updated(once, again, allow_new=False) == once
        assert compared(root, updated(once, again, allow_new=True), seen).holds


def _uses(baseline: Baseline) -> Counter[tuple[str, ...]]:
    return Counter((entry.path, entry.kind, entry.name) for entry in baseline.entries)


def test_an_import_that_lost_a_neighbour_is_the_same_place(tmp_path: Path) -> None:
    both = OLD.replace("import create", "import other, create") + "\n\nx = create_websocket_manager\n"
    known = baseline_of(look(tree(tmp_path, {"app/user.py": both})))
    tree(tmp_path, {"app/user.py": both.replace("other, ", "")})
    found = compared(tmp_path, known)
    assert (found.new, [entry.name for entry in found.gone]) == ((), ["other"])
    assert [(move.before.kind, move.place.kind, move.place.line) for move in found.moved] == [("import", "import", 1)]
    assert compared(tmp_path, updated(known, found, allow_new=False)).holds


def test_of_two_uses_that_come_for_one_that_goes_one_is_new(tmp_path: Path) -> None:
    known = baseline_of(look(tree(tmp_path, {"app/user.py": USE})))
    more = "\n\ndef g(c):\n    y = create_websocket_manager(c)\n    return y\n"
    tree(tmp_path, {"app/user.py": USE.replace("return await", "x = await") + more})
    found = compared(tmp_path, known)
    assert (len(found.moved), len(found.new), found.gone) == (1, 1, ())


def test_another_kind_name_or_file_is_not_the_same_place(tmp_path: Path) -> None:
    known = baseline_of(look(tree(tmp_path, {"app/user.py": USE, "app/clean.py": CLEAN})))
    tree(tmp_path, {"app/user.py": OLD + "\n\nx = create_websocket_manager\n", "app/clean.py": USE})
    found = compared(tmp_path, known)
    assert found.moved == ()
    assert [(place.path, place.kind) for place in found.new] == [
        ("app/clean.py", "import"),
        ("app/clean.py", "call"),
        ("app/user.py", "reference"),
    ]
    assert [(entry.path, entry.kind) for entry in found.gone] == [("app/user.py", "call")]


def test_a_place_that_is_mended_is_gone(tmp_path: Path) -> None:
    known = baseline_of(look(tree(tmp_path, {"app/user.py": USE})))
    tree(tmp_path, {"app/user.py": CLEAN})
    assert [entry.kind for entry in compared(tmp_path, known).gone] == ["call", "import"]


def test_places_of_a_renamed_file_are_followed_and_not_new(tmp_path: Path) -> None:
    known = baseline_of(look(tree(tmp_path, {"app/user.py": USE})))
    (tmp_path / "app/user.py").rename(tmp_path / "app/other.py")
    found = compared(tmp_path, known)
    assert (found.new, found.gone) == ((), ())
    assert {(move.before.path, move.place.path) for move in found.moved} == {("app/user.py", "app/other.py")}
    assert len(updated(known, found, allow_new=False).entries) == len(known.entries)
    assert compared(tmp_path, updated(known, found, allow_new=False)).holds


def test_a_copy_of_a_file_is_new_because_the_first_one_is_still_there(tmp_path: Path) -> None:
    known = baseline_of(look(tree(tmp_path, {"app/user.py": USE})))
    tree(tmp_path, {"app/copy.py": USE})
    found = compared(tmp_path, known)
    assert {place.path for place in found.new} == {"app/copy.py"}
    assert found.moved == ()


def test_two_copies_of_a_file_that_is_gone_are_one_file_too_many(tmp_path: Path) -> None:
    known = baseline_of(look(tree(tmp_path, {"app/user.py": USE})))
    (tmp_path / "app/user.py").unlink()
    tree(tmp_path, {"app/one.py": USE, "app/two.py": USE})
    found = compared(tmp_path, known)
    assert (len(found.moved), len(found.new)) == (2, 2)


def test_a_new_definition_and_a_new_entry_of_all_are_new(tmp_path: Path) -> None:
    known = baseline_of(look(tree(tmp_path, {})))
    text = '__all__ = ["create_websocket_manager"]\n\n\ndef create_websocket_manager(c):\n    return c\n'
    tree(tmp_path, {"app/websocket_core/again.py": text})
    assert sorted(place.kind for place in compared(tmp_path, known).new) == ["definition", "export"]


@pytest.mark.parametrize(
    "text",
    [
        "def create_websocket_manager():\n    return 1\n",
        "# create_websocket_manager was here\n",
        'NAME = "create_websocket_manager"\n',
        "class T:\n    def m(self):\n        return self.create_websocket_manager()\n",
        "from app.websocket_core.websocket_manager import get_websocket_manager\n",
    ],
)
def test_text_the_canonical_way_and_other_things_of_the_name_are_not_new(tmp_path: Path, text: str) -> None:
    known = baseline_of(look(tree(tmp_path, {})))
    tree(tmp_path, {"app/user.py": text})
    assert compared(tmp_path, known).holds


def test_a_re_export_makes_uses_in_other_files_new(tmp_path: Path) -> None:
    files = {
        "app/facade.py": "def create_websocket_manager(c):\n    return c\n",
        "app/user.py": "from app.facade import create_websocket_manager\n\n\ndef f(c):\n"
        "    return create_websocket_manager(c)\n",
    }
    known = baseline_of(look(tree(tmp_path, files)))
    tree(tmp_path, {"app/facade.py": OLD})
    found = compared(tmp_path, known)
    assert {place.path for place in found.new} == {"app/facade.py", "app/user.py"}
    partial = compared(tmp_path, known, asked={"app/facade.py"}.__contains__)
    assert {place.path for place in partial.new} == {"app/facade.py"}
    assert partial.elsewhere == 2


def test_a_file_that_no_longer_parses_is_new_and_loses_nothing(tmp_path: Path) -> None:
    known = baseline_of(look(tree(tmp_path, {"app/user.py": USE})))
    tree(tmp_path, {"app/user.py": USE + "def (\n"})
    found = compared(tmp_path, known)
    assert {place.kind for place in found.new} == {"unread file"}
    assert found.gone == ()
