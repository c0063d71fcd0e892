"""Constructor calls and awaits: read from the definition, listed and never mended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recanon.migration import OldSymbol
from tests.audit.kit import MIGRATION, found, ground, places, without_arguments

OLD = {"shop/old.py": "from shop.core import Basket\n\n\ndef make(owner):\n    return Basket(owner=owner)\n"}


def test_constructor_calls_that_differ_are_found_with_the_reason(tmp_path: Path) -> None:
    files = {
        "a.py": """
            from shop.core import Basket
            from shop.old import Basket as Bag

            Basket(owner=1)
            Basket(owner=1, limit=2)
            Basket(1)
            Basket()
            Basket(owner=1, colour="red")
            Bag(owner=1, extra=2)
            Basket(**{})
        """,
        **OLD,
    }
    made = found("constructor-calls", ground(tmp_path, files))
    assert [(finding.line, finding.group) for finding in made] == [
        (6, "arguments by position"),
        (7, "arguments that are missing"),
        (8, "arguments that do not fit"),
        (9, "arguments besides"),
    ]
    assert "goes to owner" in made[0].reason


def test_other_classes_and_expected_failures_do_not_count(tmp_path: Path) -> None:
    files = {
        "a.py": """
            import pytest
            from shop.core import Basket
            from elsewhere import Basket as Other

            Other()

            def test_needs_owner():
                with pytest.raises(TypeError):
                    Basket()
        """,
    }
    assert places("constructor-calls", tmp_path, files) == []


def test_without_a_list_the_keywords_of_most_calls_are_right(tmp_path: Path) -> None:
    files = {"a.py": "from shop.core import Basket\nBasket(limit=1)\nBasket(limit=2)\nBasket(owner=3)\n"}
    made = places("constructor-calls", tmp_path, files, migration=without_arguments())
    assert made == ["a.py:4 Basket"]


def test_await_on_what_gives_nothing_to_await_is_found(tmp_path: Path) -> None:
    files = {"a.py": "from shop.old import make\n\nasync def f():\n    return await make(1)\n", **OLD}
    assert places("awaits", tmp_path, files) == ["a.py:4 make"]


@pytest.mark.parametrize(
    "body",
    ["get_basket()", "x = get_basket().owner", "return get_basket().add(1)"],
)
def test_a_coroutine_that_is_dropped_or_used_as_the_object_is_found(tmp_path: Path, body: str) -> None:
    files = {"a.py": f"from shop.core import get_basket\n\nasync def f():\n    {body}\n"}
    assert places("awaits", tmp_path, files) == ["a.py:4 get_basket"]


@pytest.mark.parametrize(
    "body",
    [
        "return await get_basket()",
        "return get_basket()",
        "x = get_basket(); return await x",
        "x = [get_basket() for _ in 'ab']; return x",
        "asyncio.run(get_basket())",
        "return get_basket",
        "x = get_basket().send(None)",
    ],
)
def test_a_coroutine_that_somebody_may_await_is_not_found(tmp_path: Path, body: str) -> None:
    text = f"import asyncio\nfrom shop.core import get_basket\n\nasync def f():\n    {body}\n"
    assert places("awaits", tmp_path, {"a.py": text}) == []


@pytest.mark.parametrize("name", ["x", "self.x"])
def test_a_variable_that_holds_the_coroutine_is_found_unless_something_else_is_assigned_to_it(
    tmp_path: Path, name: str
) -> None:
    head = "from shop.core import get_basket\n\nasync def f(self):\n"
    dropped = f"{head}    {name} = get_basket()\n    {name}.add(1)\n"
    tried = f"    try:\n        {name} = get_basket()\n    except ValueError:\n        {name} = []\n"
    rebound = f"{head}{tried}    {name}.add(1)\n"
    migration = replace(MIGRATION, symbols=(OldSymbol("get_basket", "nowhere", "shop.core.get_basket", ()),))
    made = places("awaits", tmp_path, {"a.py": dropped, "b.py": rebound}, migration=migration)
    assert made == ["a.py:4 get_basket"]


def test_what_cannot_be_told_is_not_found(tmp_path: Path) -> None:
    files = {
        "shop/odd.py": "from elsewhere import wrap\n\n@wrap\ndef odd():\n    return 1\n",
        "a.py": "from shop.odd import odd\n\nasync def f():\n    return await odd()\n",
        "b.py": """
            try:
                from shop.old import make
            except ImportError:
                async def make(owner):
                    return 1

            async def f():
                return await make(1)
        """,
        "c.py": """
            import pytest
            from shop.old import make

            async def test_f():
                with pytest.raises(TypeError):
                    await make(1)
        """,
        **OLD,
    }
    assert places("awaits", tmp_path, files) == []
