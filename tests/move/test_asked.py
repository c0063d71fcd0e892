"""What is asked for is the definition; a name that only denotes it is not taken for it where that could be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.move.helpers import moved, refused

FILES = {
    "app/__init__.py": "from .core import fetch\nfrom .core import fetch as got\n\n__all__ = ['fetch', 'got']\n",
    "app/core.py": "def fetch(n): ...\n\n\nget = fetch\n",
}


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("app.fetch", "app.load", "recanon move app.core.fetch app.core.load"),
        ("app.got", "app.load", "recanon move app.core.fetch app.core.load"),
        ("app.core.get", "app.core.load", "recanon move app.core.fetch app.core.load"),
        ("app.core.get", "app.other.get", "recanon move app.core.fetch app.other.get"),
    ],
)
def test_another_name_of_it_is_refused_with_the_definition(tmp_path: Path, old: str, new: str, hint: str) -> None:
    assert hint in refused(tmp_path, FILES, old, new)


def test_a_facade_names_what_goes_to_another_module(tmp_path: Path) -> None:
    done = moved(tmp_path, FILES, "app.fetch", "app.other.fetch")
    assert done["app/other.py"] == "def fetch(n): ...\n"
    assert done["app/core.py"] == "from app.other import fetch\n\n\nget = fetch\n"
