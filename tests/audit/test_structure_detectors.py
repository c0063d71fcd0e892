"""Implementations, shims and factories: what a class or module does decides, never what it is called."""

from __future__ import annotations

from pathlib import Path

from recanon.yardstick import Counted
from tests.audit.kit import found, ground, opinion, places


def test_a_second_class_with_the_roles_methods_is_found_whatever_its_name(tmp_path: Path) -> None:
    files = {"shop/bag.py": "class Bag:\n    def add(self): return 1\n    def drop(self): return 2\n"}
    assert places("implementations", tmp_path, files) == ["shop/bag.py:1 Bag"]


def test_methods_that_a_class_inherits_count(tmp_path: Path) -> None:
    files = {
        "shop/base.py": "class Adds:\n    def add(self): return 1\n",
        "shop/bag.py": "from shop.base import Adds\n\nclass Bag(Adds):\n    def drop(self): return 2\n",
    }
    assert places("implementations", tmp_path, files) == ["shop/bag.py:3 Bag"]


def test_classes_that_are_named_alike_and_do_something_else_are_not_found(tmp_path: Path) -> None:
    files = {
        "shop/kinds.py": """
            from abc import ABC, abstractmethod
            from enum import Enum
            from typing import Protocol

            class BasketMode(Enum):
                OPEN = 1

            class BasketLike(Protocol):
                def add(self, item): ...
                def drop(self, item): ...

            class BasketBase(ABC):
                @abstractmethod
                def add(self, item): return item
                @abstractmethod
                def drop(self, item): return item

            class BasketValidator:
                def add(self, rule): return rule

            def make():
                class Local:
                    def add(self): return 1
                    def drop(self): return 1
                return Local
        """,
        "tests/test_bag.py": "class FakeBasket:\n    def add(self): return 1\n    def drop(self): return 2\n",
    }
    assert places("implementations", tmp_path, files) == []


def test_other_names_of_the_class_are_found_and_the_canonical_one_is_not(tmp_path: Path) -> None:
    files = {
        "shop/names.py": "from shop.core import Basket as Bag\n\nCart = Bag\nOTHER = 1\n",
        "shop/plain.py": "from shop.core import Basket\n",
    }
    assert places("implementations", tmp_path, files) == ["shop/names.py:1 Bag", "shop/names.py:3 Cart"]


def test_a_class_whose_bases_lead_in_a_circle_ends(tmp_path: Path) -> None:
    files = {
        "shop/a.py": "from shop.b import B\n\nclass A(B):\n    def add(self): return 1\n",
        "shop/b.py": "from shop.a import A\n\nclass B(A):\n    def drop(self): return 1\n",
    }
    assert places("implementations", tmp_path, files) == ["shop/a.py:3 A", "shop/b.py:3 B"]


def test_an_opinion_says_why_a_class_is_real_or_not(tmp_path: Path) -> None:
    text = "class BasketMode:\n    pass\n\nclass Bag:\n    def add(self): return 1\n    drop = total = add\n"
    files = {"shop/kinds.py": text}
    made = ground(tmp_path, files)
    assert opinion("implementations", made, Counted("shop/kinds.py", 1, "BasketMode")).reason.startswith("has none of")
    assert not opinion("implementations", made, Counted("shop/kinds.py", 4, "Bag")).real
    assert (
        opinion("implementations", made, Counted("shop/core.py", 1, "Basket")).reason == "is the canonical class itself"
    )


def test_a_module_that_only_hands_on_is_a_shim(tmp_path: Path) -> None:
    files = {
        "shop/old.py": '''
            """Old names."""
            import warnings
            warnings.warn("moved", DeprecationWarning)
            try:
                from shop.core import Basket
            except ImportError:
                Basket = None
            Cart = Basket
            __all__ = ["Basket", "Cart"]
        ''',
        "shop/stars.py": "from shop.core import *\n",
        "use.py": "from shop.old import Basket\n",
    }
    made = found("shims", ground(tmp_path, files))
    assert [(finding.path, finding.group) for finding in made] == [("shop/old.py", "used"), ("shop/stars.py", "unused")]
    assert made[0].chain == ("shop.old", "shop.core")


def test_what_does_something_of_its_own_is_no_shim(tmp_path: Path) -> None:
    files = {
        "shop/part.py": "from shop.core import Basket\n\ndef price(basket):\n    return 1\n",
        "shop/typed.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.core import Basket\n",
        "shop/outside.py": "from os import path\n",
        "shop/sub/__init__.py": "from shop.sub.inner import thing\n",
        "shop/sub/inner.py": "def thing():\n    return 1\n",
        "shop/table.py": "from shop.core import Basket\nTABLE = {1: Basket}\n",
        "elsewhere.py": "from shop.core import Basket\n",
    }
    assert places("shims", tmp_path, files) == []


def test_factories_are_found_by_what_they_return(tmp_path: Path) -> None:
    files = {
        "shop/make.py": """
            from shop.core import Basket, get_basket

            _one = None

            def direct():
                return Basket()

            async def through(owner):
                basket = await get_basket(owner)
                return basket

            def chosen(flag):
                return Basket() if flag else None

            def local():
                from shop.core import Basket as Bag
                return Bag()

            def single():
                global _one
                if _one is None:
                    _one = Basket()
                return _one

            def hands():
                return direct

            class Maker:
                def make(self):
                    return direct()

                @staticmethod
                def fixed():
                    return Basket()

            create = direct
            everybody = Basket()
        """,
    }
    made = found("factories", ground(tmp_path, files))
    groups = {finding.word: finding.group for finding in made}
    assert groups == {
        "direct": "a function that makes one",
        "through": "a function that makes one",
        "chosen": "a function that makes one",
        "local": "a function that makes one",
        "single": "one object for everybody",
        "hands": "a function that hands out a factory",
        "make": "a class whose methods make one",
        "fixed": "a static or class method that makes one",
        "create": "another name of a factory",
        "everybody": "one object for everybody",
    }


def test_what_makes_something_else_or_belongs_to_the_canonical_way_is_no_factory(tmp_path: Path) -> None:
    files = {
        "shop/other.py": """
            from shop.core import Basket

            class Book:
                _instance = None

                def __new__(cls):
                    return object.__new__(cls)

            def get_basket_manager():
                return Book()

            def uses(owner):
                basket = Basket(owner=owner)
                return basket.total

            def nested():
                def inner():
                    return Basket()
                return 1

            def _helper():
                return Basket()
        """,
        "tests/test_make.py": "from shop.core import Basket\n\ndef make():\n    return Basket()\n",
    }
    assert places("factories", tmp_path, files) == []
