"""The page of the first codemod, followed literally: its files are written, its commands run, their output compared."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "first-codemod.md"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "shop" / "shop").mkdir(parents=True)
    (tmp_path / "shop" / "shop" / "__init__.py").touch()
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ran = 0
    for language, text in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if language:
            name, _, body = text.removeprefix("# ").partition("\n")
            (tmp_path / name).write_text(body, encoding="utf-8")
            continue
        for step in text.removeprefix("$ ").split("\n$ "):
            line, _, shown = step.partition("\n")
            done = subprocess.run(line, shell=True, cwd=tmp_path, env=environ, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr.decode()
            assert (done.stdout + done.stderr).decode().strip() == shown.strip()
            ran += 1
    assert ran == 6


def test_its_figures_are_those_of_its_text() -> None:
    page = PAGE.read_text(encoding="utf-8")
    texts = {text.partition("\n")[0]: text.partition("\n")[2] for language, text in _BLOCK.findall(page) if language}
    codemod, description = texts["# one_clock/now_utc.py"], texts["# one_clock/pack.toml"]
    imported = [
        alias for node in ast.walk(ast.parse(codemod)) if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    assert (codemod.count("\n"), len(imported), description.count("\n")) == (25, 5, 12)
    assert "25 lines of Python, with five imported names" in page
    assert "12 lines of\ndescription" in page
