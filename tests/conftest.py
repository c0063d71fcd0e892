"""What holds for all tests."""

from __future__ import annotations

import os

# Runs of pytest inside of tests need no plugins: loading all that are installed takes longer than most of the runs.
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
