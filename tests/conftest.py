"""What holds for all tests."""

from __future__ import annotations

import compileall
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from recanon.executor.local import Workers

ROOT = Path(__file__).parents[1]
# Rooms with another subject than the cage. To fork a process that runs tests takes as long as a small plan; `cage`,
# `acceptance`, `edge`, the smoke test and the campaign have it.
_UNCAGED = frozenset({"audit", "gates", "guard", "guests", "move", "phases", "report", "suite"})


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


@pytest.fixture(scope="module", autouse=True)
def _worked_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the tests of some rooms do all work in their own process."""
    with pytest.MonkeyPatch.context() as patch:
        if request.path.parent.name in _UNCAGED:
            patch.setattr(Workers, "run", _run_here)
        yield


def _run_here(
    _: Workers, work: Callable[[Any], Any], items: Sequence[Any], chunk: int, *, shared: Sequence[object] = ()
) -> Iterator[tuple[Any, Any]]:
    yield from ((item, work(item)) for item in items)
