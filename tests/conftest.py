"""What holds for all tests."""

from __future__ import annotations

import os


def pytest_collection_finish() -> None:
    """Let runs of pytest inside of tests load no plugins: loading all that are installed takes longer than most runs.

    Only the processes that run tests come here; they have their own plugins by now.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
