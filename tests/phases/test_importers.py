"""Who imports a module, read from the import lines alone."""

from __future__ import annotations

from pathlib import Path

from recanon.importers import importers
from recanon.overlay import Overlay
from recanon.resolve.names import ModuleMap
from tests.helpers import write_tree


def test_a_module_and_a_package_of_one_name_are_both_read(tmp_path: Path) -> None:
    texts = {"app/prompts.py": "import app.core\n", "app/prompts/__init__.py": "from . import words\n"}
    texts |= {"app/prompts/words.py": "", "app/core.py": ""}
    write_tree(tmp_path, texts)
    files = tuple(sorted(texts))
    found = importers(Overlay(tmp_path, files), ModuleMap.of(files))
    assert found["app.core"] == {"app/prompts.py"}
    assert found["app.prompts.words"] == {"app/prompts/__init__.py"}
