"""What is imported when a module is: found level by level, so that the modules of each can be read at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recanon.overlay import Overlay
from recanon.resolve.cycles import Importers
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from tests.helpers import write_tree

TREE = {
    "app/__init__.py": "",
    "app/root.py": "import app.one\nfrom app.pkg import two\nfrom app import root\n",
    "app/one.py": "try:\n    import json\nexcept ImportError:\n    import app.never\n",
    "app/pkg/__init__.py": "from app.pkg.deep import thing\n",
    "app/pkg/two.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.typed\n",
    "app/pkg/deep.py": "def f():\n    import app.later\n\n\nthing = 1\n",
    **{f"app/{name}.py": "" for name in ("never", "typed", "later", "other")},
}
REACHED = {"app", "app.root", "app.one", "app.pkg", "app.pkg.two", "app.pkg.deep"}


def program(root: Path) -> Program:
    overlay = Overlay(write_tree(root, TREE), tuple(sorted(TREE)))
    return Program(overlay, ModuleMap.of(overlay.files), {})


def test_what_runs_when_a_module_is_imported_is_found(tmp_path: Path) -> None:
    found = Importers(program(tmp_path), frozenset({"app.root"}))
    assert found.find() == REACHED
    assert found.imports("app.pkg.deep")
    assert not found.imports("app.other")


def test_each_module_is_told_once_before_it_is_asked_for(tmp_path: Path) -> None:
    told: list[str] = []

    def read(modules: Sequence[str]) -> None:
        assert not set(told).intersection(modules)
        told.extend(modules)

    assert Importers(program(tmp_path), frozenset({"app.root"})).find(read) == REACHED
    assert set(told) == REACHED
