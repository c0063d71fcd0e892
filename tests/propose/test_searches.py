"""A question about the text of a file is answered once, and no fault of a moment becomes the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.overlay import Overlay
from recanon.propose.searches import imports_module, mentions_in_bytes, names_module
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from tests.helpers import write_tree

PATH = "tests/x.py"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return a program of one file that imports a module."""
    overlay = Overlay(write_tree(tmp_path, {PATH: "from app import old\n\nprint(old.thing)\n"}), (PATH,))
    return Program(overlay, ModuleMap.of(overlay.files), {})


def test_a_text_is_read_once_for_each_question(program: Program, tmp_path: Path) -> None:
    assert names_module(program, PATH, "app.old")
    assert imports_module(program, PATH, "app.old")
    assert not mentions_in_bytes(program, PATH, "app.old", "thing")
    (tmp_path / PATH).unlink()
    assert names_module(program, PATH, "app.old")
    assert imports_module(program, PATH, "app.old")


def test_a_file_that_cannot_be_read_for_a_moment_is_asked_again(program: Program, tmp_path: Path) -> None:
    file = tmp_path / PATH
    text = file.read_text()
    file.unlink()
    assert not imports_module(program, PATH, "app.old")
    assert not mentions_in_bytes(program, PATH, "app", "thing")
    with pytest.raises(OSError, match=PATH):
        names_module(program, PATH, "app.old")
    file.write_text(text)
    assert imports_module(program, PATH, "app.old")
    assert mentions_in_bytes(program, PATH, "app", "thing")
    assert names_module(program, PATH, "app.old")
