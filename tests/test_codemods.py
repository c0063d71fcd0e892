"""Every example of every codemod of every pack, and what a codemod must bring along."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recanon.codemod import Codemod
from recanon.pack import Origin, list_packs, load_pack
from recanon.testing import Case, check_example, examples_of

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "codemods.md"
CODEMODS = [
    (pack.id, name, codemod)
    for pack in list_packs()
    if pack.origin is Origin.OWN
    for name, codemod in sorted(load_pack(pack.id).codemods.items())
]
CASES = [case for pack in list_packs() if pack.origin is Origin.OWN for case in examples_of(pack.id)]


def _id(value: object) -> str:
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_example(case: Case) -> None:
    check_example(case)


@pytest.mark.parametrize(("pack", "name", "codemod"), CODEMODS, ids=_id)
def test_a_codemod_is_described_and_shown(pack: str, name: str, codemod: Codemod) -> None:
    assert codemod.title
    assert (sys.modules[type(codemod).__module__].__doc__ or "").strip()
    changing = [example for example in codemod.examples if example.after is not None]
    staying = [example for example in codemod.examples if example.after is None]
    assert changing
    assert staying
    assert len(staying) * 3 >= len(changing)
    assert f"\n### {name}\n" in PAGE.read_text(encoding="utf-8")
    titles = [example.title for example in codemod.examples]
    assert len(set(titles)) == len(titles)
