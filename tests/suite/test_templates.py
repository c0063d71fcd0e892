"""Templates of a pack: what they can ask for, and mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.errors import PackError
from recanon.pack.toml import fill_in, read_description
from recanon.suite.texts import suite_texts

WORDS = {"title": 'A "title" \\ of """ all', "pack": "p", "command": "recanon guard tests"}
PACK = '[pack]\nid = "p"\n[options.prefix]\ndefault = "app"\n'


def folder(root: Path, text: str, name: str = "test_x.py.template") -> Path:
    (root / name).write_text(text, encoding="utf-8")
    return root


def test_words_stand_for_themselves_in_a_docstring(tmp_path: Path) -> None:
    text = suite_texts(folder(tmp_path, '"""$title by $command.\n\nCosts $$5.\n"""\nx=1\n'), WORDS)["test_x.py"]
    scope: dict[str, object] = {}
    exec(text, scope)
    assert scope["__doc__"] == f"{WORDS['title']} by recanon guard tests.\n\nCosts $5.\n"
    assert text.endswith("x = 1\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [("x = $unknown\n", "'unknown'"), ("x = '$'\n", "Invalid placeholder"), ("x = (\n", "makes no Python")],
)
def test_a_mistake_in_a_template_names_it(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PackError, match=message) as caught:
        suite_texts(folder(tmp_path, text), WORDS)
    assert "test_x.py" in caught.value.message


def test_a_folder_without_templates_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="holds no"):
        suite_texts(tmp_path, WORDS)


def test_a_file_that_is_no_python_travels_as_it_is(tmp_path: Path) -> None:
    assert suite_texts(folder(tmp_path, "of $pack ", "note.txt.template"), WORDS)["note.txt"] == "of p "


def test_the_description_of_a_suite_is_filled_in(tmp_path: Path) -> None:
    table = '[suite]\nfolder = "s"\nproduction = ["{prefix_path}"]\n[suite.values]\nx = ["{prefix}.y"]\n'
    (tmp_path / "pack.toml").write_text(PACK + table)
    suite = fill_in(read_description(tmp_path / "pack.toml"), {"prefix": "a.b"}).suite
    assert suite is not None
    assert (suite.folder, suite.production, dict(suite.values)) == ("s", ("a/b",), {"x": ["a.b.y"]})


@pytest.mark.parametrize(
    ("table", "message"),
    [('[suite]\nfolders = "s"\n', "no key .folders."), ('[suite]\nkeyword = "k"\n', "no folder")],
)
def test_a_mistake_in_the_description_is_named(tmp_path: Path, table: str, message: str) -> None:
    (tmp_path / "pack.toml").write_text(PACK + table)
    with pytest.raises(PackError, match=message):
        read_description(tmp_path / "pack.toml")
