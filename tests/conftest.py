"""What holds for all tests."""

from __future__ import annotations

import compileall
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Compile recanon once: `make` lets no bytecode be written, and each process of a test would compile it anew."""
    if not hasattr(config, "workerinput"):
        for folder in ("src", "codemods"):
            compileall.compile_dir(ROOT / folder, quiet=2)


def pytest_collection_finish() -> None:
    """Let runs of pytest inside of tests load no plugins: loading all that are installed takes longer than most runs.

    Only the processes that run tests come here; they have their own plugins by now.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
