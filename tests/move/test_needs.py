"""What a carried definition needs is imported in its new module, or the move is refused: never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.outcome import Verdict
from tests.move.helpers import moved, refused

OLD = "app.core.fetch"
FETCH = "\n\ndef fetch(n):\n    return need\n"
FROM_HOME = "from app.core import need\n\n\ndef fetch(n):\n    return need\n"
BASE = {"app/__init__.py": "", "app/api.py": ""}
ALWAYS = {
    "an import or a value": "try:\n    import need\nexcept ImportError:\n    need = None\n",
    "one import or another": "try:\n    import need\nexcept ImportError:\n    import other as need\n",
    "an import, or no module at all": "try:\n    import need\nexcept ImportError:\n    raise RuntimeError\n",
    "a condition with both branches": "import os\n\nif os.name:\n    need = 1\nelse:\n    need = 2\n",
    "a value, and a condition": "import os\n\nneed = 1\nif os.name:\n    need = 2\n",
    "for type checkers and for others": (
        "from typing import TYPE_CHECKING, Any\n\nif TYPE_CHECKING:\n    from json import JSONDecoder as need\n"
        "else:\n    need = Any\n"
    ),
    "overloads": (
        "from typing import overload\n\n\n@overload\ndef need(n: int) -> int: ...\n@overload\n"
        "def need(n: str) -> str: ...\ndef need(n):\n    return n\n"
    ),
}
PERHAPS = {
    "a condition": ("import os\n\nif os.name:\n    need = 1\n", "under a condition"),
    "an import that may fail in silence": (
        "try:\n    import need\nexcept ImportError:\n    pass\n",
        "under a condition",
    ),
    "a block that may be left": (
        "import contextlib\n\nwith contextlib.suppress(ImportError):\n    import need\n",
        "under a condition",
    ),
    "a loop": ("for need in range(0): ...\n", "under a condition"),
    "a name that a function binds anew": ("need = 1\n\n\ndef f():\n    global need\n    need = 2\n", "binds anew"),
    "a name that is counted up": ("need = 1\nneed += 1\n", "binds anew"),
}


@pytest.mark.parametrize("case", ALWAYS)
def test_what_is_bound_whatever_happens_is_taken_from_the_old_module(tmp_path: Path, case: str) -> None:
    done = moved(tmp_path, {**BASE, "app/core.py": ALWAYS[case] + FETCH}, OLD, "app.api.fetch")
    assert done["app/api.py"] == FROM_HOME
    assert done["app/core.py"] == ALWAYS[case]


@pytest.mark.parametrize("case", PERHAPS)
def test_what_may_be_missing_or_change_stops_the_move(tmp_path: Path, case: str) -> None:
    core, why = PERHAPS[case]
    assert why in refused(tmp_path, {**BASE, "app/core.py": core + FETCH}, OLD, "app.api.fetch")


def test_what_is_bound_above_and_below_stops_the_move(tmp_path: Path) -> None:
    files = {**BASE, "app/core.py": "need = 1\n\n\ndef fetch(n=need):\n    return n\n\n\nneed = 2\n"}
    assert "binds anew" in refused(tmp_path, files, OLD, "app.api.fetch")


@pytest.mark.parametrize(
    ("head", "annotation"), [("from __future__ import annotations\n\n", "Need"), ("", "'Need'"), ("", "'list[Need]'")]
)
def test_what_type_checkers_alone_see_stays_with_them(tmp_path: Path, head: str, annotation: str) -> None:
    core = f"{head}from typing import TYPE_CHECKING, ParamSpec\n\nif TYPE_CHECKING:\n    Need = ParamSpec('Need')\n"
    definition = f"\n\ndef fetch(n: {annotation}): ...\n"
    done = moved(tmp_path, {**BASE, "app/core.py": core + definition}, OLD, "app.fresh.fetch")
    typed = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from app.core import Need\n"
    assert done["app/fresh.py"] == head + typed + definition


def test_a_needed_name_that_others_assign_stops_the_move(tmp_path: Path) -> None:
    files = {**BASE, "app/core.py": "need = 1\n" + FETCH, "use.py": "import app.core as c\nc.need = 2\n"}
    assert "use.py:2: it assigns need in app.core" in refused(tmp_path, files, OLD, "app.api.fetch")


def test_a_needed_name_that_makes_a_cycle_stops_the_move(tmp_path: Path) -> None:
    core = ALWAYS["an import or a value"] + FETCH + "\n\ndef other():\n    return fetch(1)\n"
    assert "cycle" in refused(tmp_path, {**BASE, "app/core.py": core}, OLD, "app.api.fetch")


HANDED_ON = {
    "an attribute": "from app import core\n\n\ndef go():\n    return core.fetch(1)\n",
    "an import in a function": "def go():\n    from app.core import fetch\n\n    return fetch(1)\n",
}
PATCHING = {
    **BASE,
    "app/core.py": "def fetch(n):\n    return n\n",
    "app/api.py": "from .core import fetch\n",
    "test_it.py": "from unittest.mock import patch\n\npatch('app.api.fetch')\n",
}


@pytest.mark.parametrize("case", HANDED_ON)
def test_a_patch_that_comes_to_reach_more_is_told(tmp_path: Path, case: str) -> None:
    files = {**PATCHING, "app/use.py": HANDED_ON[case]}
    done = moved(tmp_path, files, OLD, "app.api.fetch")
    assert [f.reason for f in done.found("test_it.py", Verdict.MANUAL)] == [
        "app.api defines it afterwards, so that the patch also reaches what looks it up there"
    ]
    assert "carry it first" in refused(tmp_path / "renamed", files, OLD, "app.api.load")


def test_a_recursion_is_reached_by_a_patch_of_the_new_module(tmp_path: Path) -> None:
    files = {**PATCHING, "app/core.py": "def fetch(n):\n    return n and fetch(n - 1)\n"}
    assert moved(tmp_path, files, OLD, "app.api.fetch").found("test_it.py", Verdict.MANUAL)


@pytest.mark.parametrize("use", ["from app.core import fetch\nfetch(1)\n", "from app import api\napi.fetch(1)\n"])
def test_a_patch_that_reaches_what_it_did_stays(tmp_path: Path, use: str) -> None:
    done = moved(tmp_path, {**PATCHING, "app/use.py": use}, OLD, "app.api.fetch")
    assert "test_it.py" in done.unchanged
    assert not done.found("test_it.py", Verdict.MANUAL)


def test_a_patch_of_the_old_module_that_would_reach_the_new_one_as_well_stops_the_move(tmp_path: Path) -> None:
    files = {
        **PATCHING,
        "app/api.py": "from .core import fetch\n\n\ndef go():\n    return fetch(1)\n",
        "test_it.py": "from unittest.mock import patch\n\npatch('app.core.fetch')\n",
    }
    assert "app.api uses it too" in refused(tmp_path, files, OLD, "app.api.fetch")


def test_an_import_that_hands_on_stays_one_where_it_joins_another(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from .api import x as x\nfrom .core import fetch as fetch\n",
        "app/api.py": "x = 1\n",
        "app/core.py": "def fetch(n):\n    return n\n",
    }
    done = moved(tmp_path, files, OLD, "app.api.fetch")
    assert done["app/__init__.py"] == "from .api import x as x, fetch as fetch\n"


def test_an_import_of_a_submodule_is_none_of_its_package(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from .core import fetch\n\n__all__ = ['fetch']\n",
        "app/core.py": "from .parts import part\n\n\ndef fetch(n):\n    return part\n",
        "app/parts.py": "from . import kinds\n\npart = kinds\n",
        "app/kinds.py": "",
    }
    done = moved(tmp_path, files, OLD, "app.fresh.fetch")
    assert done["app/__init__.py"] == "from .fresh import fetch\n\n__all__ = ['fetch']\n"


def test_a_definition_that_reads_the_name_of_its_module_is_told(tmp_path: Path) -> None:
    core = "import logging\n\n\ndef fetch(n):\n    logging.getLogger(__name__).info(n)\n"
    done = moved(tmp_path, {**BASE, "app/core.py": core}, OLD, "app.api.fetch")
    (found,) = done.found("app/core.py", Verdict.MANUAL)
    assert (found.line, found.word, found.reason) == (
        5,
        "__name__",
        "the definition reads __name__, which is app.api afterwards",
    )


def test_the_name_of_the_module_elsewhere_is_none_of_it(tmp_path: Path) -> None:
    core = "def fetch(n):\n    return n\n\n\nname = __name__\n"
    assert not moved(tmp_path, {**BASE, "app/core.py": core}, OLD, "app.api.fetch").found("app/core.py", Verdict.MANUAL)


BASES = "class Base: ...\n\n\nclass Other: ...\n\n\nclass fetch({base}): ...\n\n\n{below}\n"


@pytest.mark.parametrize(
    ("base", "below", "count"),
    [
        ("Base", "Base.__new__ = None", 1),
        ("Base", "Other.x = Other.y = 1", 2),
        ("", "Base.__new__ = None", 0),
        ("Base", "print(Base.x)", 0),
        ("Base", "def f():\n    Base.x = 1", 0),
        ("Base", "x = 1", 0),
    ],
)
def test_what_is_set_below_a_definition_that_needs_it_is_told(
    tmp_path: Path, base: str, below: str, count: int
) -> None:
    files = {**BASE, "app/core.py": BASES.format(base=base, below=below)}
    found = moved(tmp_path, files, OLD, "app.api.fetch").found("app/core.py", Verdict.MANUAL)
    assert len(found) == count
    assert all("after the definition is made" in f.reason for f in found)


TYPED = "from typing import TYPE_CHECKING, Any\n\nif TYPE_CHECKING:\n    from json import JSONDecoder\n\n\n"


def test_what_only_its_annotations_needed_leaves_nothing_behind(tmp_path: Path) -> None:
    definition = "def fetch(n: 'JSONDecoder') -> Any: ...\n"
    files = {**BASE, "app/core.py": f"{TYPED}{definition}\n\nx = 1\n"}
    done = moved(tmp_path, files, OLD, "app.fresh.fetch")
    assert done["app/core.py"] == "x = 1\n"
    assert done["app/fresh.py"] == TYPED.replace("TYPE_CHECKING, Any", "Any, TYPE_CHECKING") + definition


def test_a_flag_that_others_read_stays(tmp_path: Path) -> None:
    definition = "def fetch(n: 'JSONDecoder') -> Any: ...\n"
    files = {**BASE, "app/core.py": f"{TYPED}{definition}\n\nx = TYPE_CHECKING\n"}
    done = moved(tmp_path, files, OLD, "app.fresh.fetch")
    assert done["app/core.py"] == "from typing import TYPE_CHECKING\n\n\nx = TYPE_CHECKING\n"
