"""Ten migrations that are tables alone: every example of every one, and what each must bring along."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.pack import load_pack
from recanon.testing import Case, check_example, examples_of
from tests.tables.kit import PACKS

FOLDERS = sorted(path.parent for path in PACKS.glob("*/pack.toml"))
CASES = [case for folder in FOLDERS for case in examples_of(folder)]


def _id(value: Path) -> str:
    return value.name


def test_there_are_ten() -> None:
    assert len(FOLDERS) >= 10


@pytest.mark.parametrize("folder", FOLDERS, ids=_id)
def test_a_pack_is_tables_alone_and_shows_what_it_leaves(folder: Path) -> None:
    assert not list(folder.glob("*.py"))
    for codemod in load_pack(folder).codemods.values():
        staying = [example for example in codemod.examples if example.after is None]
        assert codemod.title
        assert codemod.examples
        assert len(staying) * 3 >= len(codemod.examples) - len(staying)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_example(case: Case) -> None:
    check_example(case)
