"""A patch through a module that another one imports replaces an attribute of that module."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.move.helpers import moved

FILES = {
    "app/__init__.py": "",
    "app/core.py": "def fetch(n): ...\n",
    "app/kit.py": "class Kit:\n    def fetch(self): ...\n",
    "app/views.py": "from app import core as c\nfrom app.kit import Kit\nfrom app.shared import shared\nc.fetch(1)\n",
    "app/shared.py": "shared = None\n",
}
TEST = "from unittest.mock import patch\npatch('app.views.{}')\n"


@pytest.mark.parametrize(
    ("new", "name", "wanted"),
    [
        ("app.core.load", "c.fetch", "app.views.c.load"),
        ("app.core.load", "c.fetch.cache", "app.views.c.load.cache"),
        ("app.other.fetch", "c.fetch", "app.other.fetch"),
        ("app.other.load", "c.fetch.cache", "app.other.load.cache"),
    ],
)
def test_it_follows_what_it_replaces(tmp_path: Path, new: str, name: str, wanted: str) -> None:
    done = moved(tmp_path, FILES | {"test_it.py": TEST.format(name)}, "app.core.fetch", new)
    assert done["test_it.py"] == f"from unittest.mock import patch\npatch('{wanted}')\n"


@pytest.mark.parametrize("name", ["Kit.fetch", "shared.fetch", "nothing.fetch", "c.other"])
def test_what_is_reached_through_anything_else_stays(tmp_path: Path, name: str) -> None:
    done = moved(tmp_path, FILES | {"test_it.py": TEST.format(name)}, "app.core.fetch", "app.core.load")
    assert "test_it.py" in done.unchanged
