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
