"""Names that some file systems take for one."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from recanon.collisions import check_created
from recanon.errors import UsageError

THERE = {"": ["shop", "Readme.py", "cafe\u0301.py", "a.py", "A.py"], "shop": ["core.py", "gr\u00f6\u00dfe.py"]}


def listing(folder: str) -> Iterable[str]:
    return THERE.get(folder, ())


@pytest.mark.parametrize(
    "created",
    [
        ["shop/Core.py"],
        ["Shop/new.py"],
        ["shop/new/x.py", "shop/NEW/y.py"],
        ["README.py"],
        ["caf\u00e9.py"],
        ["shop/GRO\u0308SSE.py"],
        ["new.py", "New.py"],
        ["stra\u00dfe.py", "strasse.py"],
        ["\u212b.py", "\u00c5.py"],
    ],
)
def test_a_created_file_must_not_be_named_as_another_in_all_but_case_or_form(created: list[str]) -> None:
    with pytest.raises(UsageError, match="differ in case or Unicode form alone"):
        check_created(listing, created)


@pytest.mark.parametrize(
    "created", [["shop/new.py", "new/core.py"], ["shop/core.py"], ["caf\u0065.py"], ["shop/n.py", "shop/m.py"], []]
)
def test_other_names_may_be_created(created: list[str]) -> None:
    check_created(listing, created)


def test_a_file_that_goes_is_in_nobodys_way() -> None:
    check_created(listing, ["shop/Core.py"], leaving=["shop/core.py"])


def test_two_such_files_that_stand_already_are_fine() -> None:
    check_created(listing, ["a.py", "A.py"])
