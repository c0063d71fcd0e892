"""A pack that is built into a wheel and installed is found and runs, and its package is never imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.authoring.kit import WORLD, write, write_pack

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "shop-packs"
version = "1.0"

[project.entry-points."recanon.packs"]
one-clock = "shop_packs.one_clock"

[tool.hatch.build.targets.wheel]
packages = ["shop_packs"]
"""


def test_a_pack_travels_in_a_wheel(tmp_path: Path) -> None:
    source = write(tmp_path / "source", {"pyproject.toml": PROJECT, "shop_packs/__init__.py": "raise SystemExit(9)\n"})
    write_pack(source / "shop_packs" / "one_clock")
    tree = write(
        tmp_path / "tree", {**WORLD, "shop/bills.py": "from shop.helpers import now_utc\n\nprint(now_utc())\n"}
    )
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, source)
    (wheel,) = tmp_path.glob("*.whl")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", tmp_path / "site", wheel)
    environ = {"PYTHONPATH": str(tmp_path / "site")}
    assert "installed by shop-packs 1.0" in run("-m", "recanon", "packs", **environ)
    assert "+print(now())" in run("-m", "recanon", "preview", tree, "--pack", "one-clock", **environ)


def run(*words: str | Path, **environ: str) -> str:
    line = [sys.executable, *map(str, words)]
    done = subprocess.run(line, env={**os.environ, **environ}, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()
