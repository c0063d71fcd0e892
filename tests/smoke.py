"""A smoke test that needs nothing but the installed project: import every module, preview the fixture application.

Run as a script by `make smoke` on every Python that is here; the whole suite runs on one of them only.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import platform
import subprocess
import sys
from pathlib import Path

import recanon

FIXTURE = Path(__file__).parents[1] / "fixtures" / "netra_mini"


def main() -> int:
    """Return 0 when all modules can be imported and the preview ends well."""
    modules = [info.name for info in pkgutil.walk_packages(recanon.__path__, "recanon.")]
    if importlib.util.find_spec("distributed") is None:  # the extra `dask`
        modules = [name for name in modules if not name.startswith("recanon.executor.cluster.")]
    for name in modules:
        importlib.import_module(name)
    line = [sys.executable, "-c", "from recanon.cli.main import run; run()", "preview", str(FIXTURE)]
    done = subprocess.run([*line, "--pack", "websocket-ssot", "--format", "summary"], capture_output=True, check=False)
    if done.returncode != 0 or b"\naccount: mentions " not in done.stdout:
        sys.stdout.buffer.write(done.stdout + done.stderr)
        return 1
    sys.stdout.write(f"Python {platform.python_version()}: {len(modules)} modules imported, the preview ends well\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
