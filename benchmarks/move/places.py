"""The folders and environments that the benchmark works in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.move.truth import Repository

RIVALS = ("rope==1.15.2", "libcst==1.9.0", "jedi==0.20.1", "ruff==0.17.6")
LEAVE = shutil.ignore_patterns(".git", "__pycache__", ".recanon", ".pytest_cache")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the checkouts lie, and a folder for environments, copies and results."""

    checkouts: Path
    work: Path

    def python_of(self, name: str, requirements: Sequence[str]) -> Path:
        """Return the interpreter of an environment, made if there is none yet."""
        folder = self.work / "environments" / name
        python = folder / "bin" / "python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            subprocess.run([str(python), "-m", "pip", "install", "--quiet", *requirements], check=True)
        return python

    def rivals(self) -> Path:
        """Return the interpreter that has rope, LibCST, jedi and ruff."""
        return self.python_of("rivals", RIVALS)

    def tests_of(self, repository: Repository) -> Path:
        """Return the interpreter that has what the tests of a repository need, and not the package under test."""
        python = self.python_of(repository.name, repository.requirements)
        for package in python.parent.parent.glob(f"lib/*/site-packages/{repository.name}"):
            shutil.rmtree(package)
        return python

    def copy(self, repository: Repository, label: str) -> Path:
        """Return a fresh copy of a checkout."""
        folder = self.work / "copies" / f"{repository.name}-{label}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.checkouts / repository.name, folder, symlinks=True, ignore=LEAVE)
        return folder

    def environment_for(self, tree: Path) -> dict[str, str]:
        """Return the variables under which the tests of a copy run: its own code first, a home of its own."""
        home = self.work / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        return {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(home)}
