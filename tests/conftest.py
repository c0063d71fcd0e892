"""What holds for all tests."""

from __future__ import annotations

import compileall
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from recanon.executor.local import Workers

ROOT = Path(__file__).parents[1]
# Rooms whose subject is the cage. In others all work is done in the process of the test: to fork one that holds all
# tests takes longer than most of what is done in it.
_CAGED = frozenset({"cage", "cluster", "executor", "faults"})


def pytest_configure(config: pytest.Config) -> None:
    """Compile recanon once: `make` lets no bytecode be written, and each process of a test would compile it anew."""
    # A shell that runs the tests in the background lets them ignore Ctrl-C, and all that they start would do so too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        for folder in ("src", "codemods"):
            compileall.compile_dir(ROOT / folder, quiet=2)


def pytest_collection_finish() -> None:
    """Let runs of pytest inside of tests load no plugins: loading all that are installed takes longer than most runs.

    Only the processes that run tests come here; they have their own plugins by now.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["PYTEST_ADDOPTS"] = "--assert=plain -p no:unraisableexception -p no:threadexception"


@pytest.fixture(scope="module", autouse=True)
def _worked_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the tests of most rooms do all work in their own process."""
    with pytest.MonkeyPatch.context() as patch:
        if request.path.parent.name not in _CAGED:
            patch.setattr(Workers, "run", _run_here)
        yield


def _run_here(
    _: Workers, work: Callable[[Any], Any], items: Sequence[Any], *__: object, **___: object
) -> Iterator[tuple[Any, Any]]:
    yield from ((item, work(item)) for item in items)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let nothing be remembered in the folder of the user."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
