"""Strings that say the name of a definition follow it, and an `__all__` that was in order stays in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.outcome import Verdict
from tests.move.helpers import moved

OWN = {
    "TypeVar": ("from typing import TypeVar\n\nitem = TypeVar('item', bound='int')\n", 2),
    "ParamSpec": ('import typing as t\n\nitem = t.ParamSpec("item")\n', 2),
    "NewType": ("from typing import NewType\n\nitem = NewType('item', int)\n", 2),
    "namedtuple": ("from collections import namedtuple\n\nitem = namedtuple('item', 'item x')\n", 2),
    "NamedTuple": ("from typing import NamedTuple\n\nitem = NamedTuple('item', [('item', int)])\n", 2),
    "TypedDict": ("from typing import TypedDict\n\nitem = TypedDict('item', {'item': int})\n", 2),
    "Enum": ("from enum import Enum\n\nitem: type = Enum('item', 'item other')\n", 2),
    "in a block": ("from typing import TypeVar\n\ntry:\n    item = TypeVar('item')\nexcept: ...\n", 2),
    "another string": ("from typing import TypeVar\n\nitem = TypeVar('Name')\n", 1),
    "another function": ("from x import make\n\nitem = make('item')\n", 1),
    "another definition": ("from typing import TypeVar\n\nitem, other = 1, TypeVar('item')\n", 1),
}


@pytest.mark.parametrize("case", OWN)
def test_a_definition_says_its_new_name(tmp_path: Path, case: str) -> None:
    before, count = OWN[case]
    after = before.replace("item", "load", count)
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": before}, "app.core.item", "app.core.load")
    assert done["app/core.py"] == after


def test_it_says_so_in_another_module_as_well(tmp_path: Path) -> None:
    core = "from typing import TypeVar\n\nT = TypeVar('T')\n"
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": core}, "app.core.T", "app.kinds.U")
    assert done["app/kinds.py"] == "from typing import TypeVar\n\n\nU = TypeVar('U')\n"


EXPORTS = {
    "plain order": (["apply", "fetch", "get", "run"], "load", ["apply", "get", "load", "run"]),
    "another order of cases": (["Apply", "fetch", "Get", "run"], "load", ["Apply", "Get", "load", "run"]),
    "constants, classes, functions": (["MAX", "Apply", "fetch", "get"], "load", ["MAX", "Apply", "get", "load"]),
    "numbers": (["fetch", "step2", "step10"], "step3", ["step2", "step3", "step10"]),
    "the same place": (["apply", "fetch", "run"], "load", ["apply", "load", "run"]),
    "no order": (["run", "fetch", "get"], "load", ["run", "load", "get"]),
    "one name": (["fetch"], "load", ["load"]),
}


@pytest.mark.parametrize("case", EXPORTS)
def test_an_order_is_kept(tmp_path: Path, case: str) -> None:
    before, new, after = EXPORTS[case]
    facade = "from .core import fetch\n\n__all__ = {}\n"
    files = {"app/__init__.py": facade.format(before), "app/core.py": "def fetch(n): ...\n"}
    done = moved(tmp_path, files, "app.core.fetch", f"app.core.{new}")
    assert done["app/__init__.py"] == facade.format(after).replace("fetch", new)


def test_lines_and_quotes_of_an_ordered_list_stay(tmp_path: Path) -> None:
    core = "def fetch(n): ...\n\n\n__all__ = (\n    'apply',\n    \"fetch\",\n    'get',\n)\n"
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": core}, "app.core.fetch", "app.core.load")
    assert done["app/core.py"].endswith("__all__ = (\n    'apply',\n    'get',\n    \"load\",\n)\n")


@pytest.mark.parametrize("text", ["['fetch',  # first\n 'get']", "['fetch', *more]", "['fetch', 'g' 'et']"])
def test_a_list_that_is_more_than_plain_names_keeps_its_places(tmp_path: Path, text: str) -> None:
    core = f"def fetch(n): ...\n\n\nmore = []\n__all__ = {text}\n"
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": core}, "app.core.fetch", "app.core.load")
    assert done["app/core.py"] == core.replace("fetch", "load")


STAR = {
    "app/__init__.py": "",
    "app/core.py": "def fetch(n): ...\n",
    "app/use.py": "from .core import *\n\n\ndef f():\n    return globals()['fetch'](1)\n",
}


def test_a_name_of_a_star_that_is_looked_up_as_text_is_told(tmp_path: Path) -> None:
    done = moved(tmp_path, STAR, "app.core.fetch", "app.core.load")
    assert [f.reason for f in done.found("app/use.py", Verdict.MANUAL)] == ["fetch is looked up as text"]


def test_a_name_of_a_star_that_is_looked_up_as_text_is_still_imported(tmp_path: Path) -> None:
    done = moved(tmp_path, STAR, "app.core.fetch", "app.other.fetch")
    assert done["app/use.py"].startswith("from .core import *\nfrom .other import fetch\n")
