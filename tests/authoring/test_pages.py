"""The pages for authors, followed literally: their files are written, their commands run, the output compared."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import slow

DOCS = Path(__file__).parents[2] / "docs"
FIRST, TUTORIAL = DOCS / "first-codemod.md", DOCS / "write-a-pack.md"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


@pytest.mark.parametrize(("page", "commands"), [(FIRST, 6), slow(TUTORIAL, 8)], ids=["first codemod", "tutorial"])
def test_the_page_does_what_it_says(page: Path, commands: int, tmp_path: Path) -> None:
    (tmp_path / "shop" / "shop").mkdir(parents=True)
    (tmp_path / "shop" / "shop" / "__init__.py").touch()
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ran = 0
    for language, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if language:
            _write(tmp_path, text)
            continue
        for step in text.removeprefix("$ ").split("\n$ "):
            line, _, shown = step.partition("\n")
            done = subprocess.run(line, shell=True, cwd=tmp_path, env=environ, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr.decode()
            assert (done.stdout + done.stderr).decode().strip() == shown.strip()
            ran += 1
    assert ran == commands


def _write(root: Path, text: str) -> None:
    """Write a file of a page; its first line names it, and says whether the text stands at its end."""
    head, _, body = text.removeprefix("# ").partition("\n")
    name, more, _ = head.partition(", at its end")
    path = root / name
    before = f"{path.read_text(encoding='utf-8')}\n" if more else ""
    path.write_text(before + body, encoding="utf-8")


def test_its_figures_are_those_of_its_text() -> None:
    page = FIRST.read_text(encoding="utf-8")
    texts = {text.partition("\n")[0]: text.partition("\n")[2] for language, text in _BLOCK.findall(page) if language}
    codemod, description = texts["# one_clock/now_utc.py"], texts["# one_clock/pack.toml"]
    imported = [
        alias for node in ast.walk(ast.parse(codemod)) if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    assert (codemod.count("\n"), len(imported), description.count("\n")) == (25, 5, 12)
    assert "25 lines of Python, with five imported names" in page
    assert "12 lines of\ndescription" in page
