"""`from m import name as name` says that a module hands a name on, and goes on to say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.move.helpers import moved

CORE = "def fetch(n): ...\n"


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        ("app.core.load", "from .core import load as load\n"),
        ("app.other.fetch", "from .other import fetch as fetch\n"),
        ("app.other.load", "from .other import load as load\n"),
    ],
)
def test_it_stays_an_import_that_hands_on(tmp_path: Path, new: str, wanted: str) -> None:
    files = {
        "app/__init__.py": "from .core import fetch as fetch\n",
        "app/core.py": CORE,
        "use.py": "from app import fetch\nimport app\nfetch(1), app.fetch(1)\n",
    }
    done = moved(tmp_path, files, "app.core.fetch", new)
    assert done["app/__init__.py"] == wanted
    assert done["use.py"] == files["use.py"].replace("fetch", new.rpartition(".")[2])


def test_an_alias_of_another_name_stays_an_alias(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from .core import fetch as get\n",
        "app/core.py": CORE,
        "use.py": "from app import get\n",
    }
    done = moved(tmp_path, files, "app.core.fetch", "app.core.load")
    assert done["app/__init__.py"] == "from .core import load as get\n"
    assert "use.py" in done.unchanged


def test_where_the_new_name_is_taken_the_old_one_is_handed_on(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from .core import fetch as fetch\n\nload = 1\n\n__all__ = ['fetch', 'load']\n",
        "app/core.py": CORE,
        "use.py": "from app import fetch\nfetch(1)\n",
    }
    done = moved(tmp_path, files, "app.core.fetch", "app.core.load")
    assert done["app/__init__.py"] == files["app/__init__.py"].replace("fetch as", "load as")
    assert "use.py" in done.unchanged


STARS = {
    "app/__init__.py": "from .core import *\n",
    "app/core.py": "def fetch(n): ...\n\n\ndef other(): ...\n",
    "app/other.py": "x = 1\n",
}


def test_a_package_that_hands_it_on_by_a_star_goes_on_to_do_so(tmp_path: Path) -> None:
    done = moved(tmp_path, STARS, "app.core.fetch", "app.other.fetch")
    assert done["app/__init__.py"] == "from .core import *\nfrom .other import fetch\n"


@pytest.mark.parametrize("other", ["x = 1\n", "x = 1\n__all__ = ['fetch', 'x']\n"])
def test_a_star_of_the_new_module_hands_it_on_too(tmp_path: Path, other: str) -> None:
    stars = "from .core import *\nfrom .other import *\n"
    files = {**STARS, "app/__init__.py": stars, "app/other.py": other}
    assert "app/__init__.py" in moved(tmp_path, files, "app.core.fetch", "app.other.fetch").unchanged


def test_a_star_of_the_new_module_that_lists_other_names_does_not(tmp_path: Path) -> None:
    stars = "from .core import *\nfrom .other import *\n"
    files = {**STARS, "app/__init__.py": stars, "app/other.py": "x = 1\n__all__ = ['x']\n"}
    done = moved(tmp_path, files, "app.core.fetch", "app.other.fetch")
    assert done["app/__init__.py"] == "from .core import *\nfrom .other import fetch\nfrom .other import *\n"


NOQA = {
    "at the end": (
        "from app.core import fetch, other  # noqa: F401\n",
        "from app.core import other  # noqa: F401\nfrom app.other import fetch  # noqa: F401\n",
    ),
    "at the name": (
        "from app.core import (\n    fetch,  # noqa\n    other,  # NOQA: F401\n)\n",
        "from app.core import (\n    other,  # NOQA: F401\n)\nfrom app.other import fetch  # noqa\n",
    ),
    "beside an import of the new module": (
        "from app.core import fetch  # noqa: F401\nfrom app.other import x\n\nx\n",
        "from app.other import fetch  # noqa: F401\nfrom app.other import x\n\nx\n",
    ),
}


@pytest.mark.parametrize("case", NOQA)
def test_linters_are_told_as_before(tmp_path: Path, case: str) -> None:
    before, after = NOQA[case]
    files = {**STARS, "app/__init__.py": "", "use.py": before}
    assert moved(tmp_path, files, "app.core.fetch", "app.other.fetch")["use.py"] == after


@pytest.mark.parametrize(
    ("new", "wanted"),
    [("app.other.fetch", "from app.other import fetch\n"), ("app.other.load", "from app.other import load\n")],
)
def test_what_two_modules_handed_on_is_imported_once(tmp_path: Path, new: str, wanted: str) -> None:
    files = {
        **STARS,
        "app/__init__.py": "",
        "app/other.py": "from app.core import fetch\n\nx = 1\n",
        "use.py": "from app.core import fetch\nfrom app.other import fetch\nfetch\n",
    }
    assert moved(tmp_path, files, "app.core.fetch", new)["use.py"] == wanted + wanted.split()[-1] + "\n"
