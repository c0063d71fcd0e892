"""The tree that benchmarks are run on: what is planted in it is what recanon rewrites, and nothing else."""

from __future__ import annotations

import hashlib
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from benchmarks.make_tree import Planted, make_tree
from benchmarks.tree_uses import FORMS, OLD_FUNCTION
from recanon.pack import load_pack
from recanon.session import make_plan
from recanon.settings import Settings

FILES = 600


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Planted]]:
    root = tmp_path_factory.mktemp("made") / "tree"
    return root, make_tree(root, FILES, 3)


def _digest(root: Path) -> str:
    texts = (path.relative_to(root).as_posix().encode() + path.read_bytes() for path in sorted(root.rglob("*.py")))
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def test_the_same_seed_makes_the_same_tree_and_another_one_another(
    made: tuple[Path, list[Planted]], tmp_path: Path
) -> None:
    assert make_tree(tmp_path / "same", FILES, 3) == made[1]
    assert _digest(tmp_path / "same") == _digest(made[0])
    make_tree(tmp_path / "other", FILES, 4)
    assert _digest(tmp_path / "other") != _digest(made[0])
    assert sum(1 for _ in made[0].rglob("*.py")) == FILES


def test_every_form_of_use_is_planted_where_it_is_said_to_be(made: tuple[Path, list[Planted]]) -> None:
    root, planted = made
    for each in planted:
        assert (root / each.file).read_text().split("\n")[each.line - 1] == each.before != each.after
    assert {each.kind for each in planted} == {"import", "call", "patch"}
    assert {each.old for each in planted} >= {OLD_FUNCTION}
    assert sum(form.share for form in FORMS) < 0.1


def test_recanon_rewrites_every_planted_line_and_no_other(made: tuple[Path, list[Planted]]) -> None:
    root, planted = made
    plan = make_plan(root, load_pack("websocket-ssot", {}), Settings(jobs=1, bounds=None))
    after = {change.path: change.after.decode().split("\n") for change in plan.changes}
    assert set(after) == {each.file for each in planted}
    for path, lines in after.items():
        own = {each.line - 1: each.after for each in planted if each.file == path}
        old = (root / path).read_text().split("\n")
        for tag, start, end, low, high in SequenceMatcher(None, old, lines, autojunk=False).get_opcodes():
            if tag != "equal":
                assert set(range(start, end)) <= set(own), f"{path}:{start + 1}: {lines[low:high]}"
                assert {own[at] for at in range(start, end)} <= set(lines[low:high]), path
