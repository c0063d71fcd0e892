"""Worker processes for chunks of files: where they look for modules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.helpers import write_tree

_PROGRAM = """\
import os
from recanon.executor.local import Workers

def process(items):
    return os.getpid()

if __name__ == "__main__":
    with Workers(2) as workers:
        found = {result for _, result in workers.run(process, range(200), 20)}
    print(os.getpid() not in found, "PYTHONSAFEPATH" in os.environ)
"""


def test_worker_processes_run_no_module_of_the_current_folder(tmp_path: Path) -> None:
    hostile = "open('fired', 'a').close()\nraise ImportError"
    names = ("linecache", "multiprocessing", "pickle", "selectors", "signal", "socket", "tempfile", "traceback")
    write_tree(tmp_path, {f"tree/{name}.py": hostile for name in names} | {"own/program.py": _PROGRAM})
    command = [sys.executable, str(tmp_path / "own/program.py")]
    done = subprocess.run(command, cwd=tmp_path / "tree", capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("True False\n", "")
    assert not (tmp_path / "tree/fired").exists()
