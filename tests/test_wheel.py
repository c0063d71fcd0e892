"""The built wheel, in an empty environment, does what the checkout does: its packs travel with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.command import run

ROOT = Path(__file__).parents[1]


def _run(*line: str | Path, cwd: Path) -> str:
    # Bytecode is written: what the first command compiles, the others need not.
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"}
    environ = {key: value for key, value in os.environ.items() if key not in hidden}
    done = subprocess.run(list(map(str, line)), cwd=cwd, env=environ, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode("utf-8", "surrogateescape")
    assert done.returncode == 0, f"{line}\n{said[-5000:]}"
    return said


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment(tmp_path: Path) -> None:
    # The wheel is built from a copy: a build leaves traces, and other tests read the checkout at the same time.
    source = tmp_path / "source"
    for name in ("src", "codemods"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", source)
    _run(*build, cwd=tmp_path)
    (wheel,) = (tmp_path / "dist").glob("*.whl")

    venv.create(tmp_path / "empty")
    python = tmp_path / "empty" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    _run(*pip, "install", "--quiet", "--no-compile", wheel, cwd=tmp_path)

    tree = tmp_path / "netra_mini"
    shutil.copytree(ROOT / "fixtures" / "netra_mini", tree, ignore=shutil.ignore_patterns("__pycache__", ".recanon"))
    recanon = python.with_name("recanon")
    assert "websocket-ssot" in _run(recanon, "packs", cwd=tmp_path)
    shown = _run(recanon, "preview", tree, "--pack", "websocket-ssot", cwd=tmp_path)
    assert "\naccount: mentions " in shown
    here = run("preview", tree, "--pack", "websocket-ssot")
    assert shown == (here.stdout + here.stderr).decode("utf-8", "surrogateescape")
    page = _run(recanon, "report", tree, "--pack", "websocket-ssot", "--format", "html", cwd=tmp_path)
    assert "Content-Security-Policy" in page
    words = ("guard", "tests", tree, "--pack", "websocket-ssot")
    assert "files written to" in _run(recanon, *words, "-o", tmp_path / "guards", cwd=tmp_path)
    assert (tmp_path / "guards" / "test_canonical_events.py").is_file()
