"""A real dask cluster on loopback, whose processes can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from recanon.pack import load_pack
from recanon.plan import Plan
from recanon.report.json import plan_json
from recanon.session import make_plan
from recanon.settings import Bounds, Cluster, Settings
from tests.authoring.kit import WORLD, write, write_pack

USE = "from shop.helpers import now_utc\n\nprint(now_utc())\n"
DONE = "from shop.clock import now\n\nprint(now())\n"
_PATIENCE = 60.0  # seconds for a process to be there
_PAUSE = 0.02


class Dask:
    """A scheduler and its workers, each a process of its own, in a folder in which nothing of the tree lies.

    Args:
        folder: for what they write.
        environ: variables of their own, such as those that turn TLS on.
        protocol: of the scheduler's address.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str] | None = None, protocol: str = "tcp") -> None:
        self.folder = folder
        self.environ = {**os.environ, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error", **(environ or {})}
        self.protocol = protocol
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def start_scheduler(self) -> None:
        """Start the scheduler, at its old address where it had one."""
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        port = self.address.rpartition(":")[2] or "0"
        words = ["scheduler", "--host", f"{self.protocol}://127.0.0.1", "--port", port, "--no-dashboard", "--no-show"]
        self.scheduler = self._start(*words, "--scheduler-file", str(file))
        until = time.monotonic() + _PATIENCE
        while not (file.exists() and file.read_text().strip()):
            assert self.scheduler.poll() is None, "the scheduler has ended"
            assert time.monotonic() < until, "there is no scheduler"
            time.sleep(_PAUSE)
        self.address = json.loads(file.read_text())["address"]

    def start_worker(self, program: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        """Start a worker with one thread.

        Args:
            program: the Python that runs it; by default that of the tests.
        """
        words = ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(self.folder)]
        worker = self._start("worker", self.address, *words, "--death-timeout", "60", program=program)
        self.workers.append(worker)
        return worker

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process of the cluster."""
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Kill what is left of it."""
        for process in (*self.workers, *([self.scheduler] if self.scheduler else [])):
            if process.poll() is None:
                self.kill(process)

    def _start(self, *words: str, program: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        python = program or (sys.executable, "-P")
        with (self.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [*python, "-m", "dask", *words],
                cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip


@contextmanager
def dask(folder: Path, workers: int, environ: Mapping[str, str] | None = None, protocol: str = "tcp") -> Iterator[Dask]:
    """Give a cluster; it is gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Dask(folder, environ, protocol)
    try:
        cluster.start_scheduler()
        for _ in range(workers):
            cluster.start_worker()
        yield cluster
    finally:
        cluster.stop()


def shop(root: Path, uses: int) -> Path:
    """Write a tree with so many files that ask for the time, in folders that hand it on to one another."""
    files = dict(WORLD)
    for number in range(uses):
        folder = f"part{number % 7}"
        files[f"{folder}/__init__.py"] = ""
        files[f"{folder}/handed.py"] = "from shop.helpers import now_utc as later\n"
        files[f"{folder}/use{number:03}.py"] = USE
        files[f"{folder}/far{number:03}.py"] = f"from {folder}.handed import later\n\nprint(later(), later(2))\n"
    return write(root, files)


def planned(root: Path, pack: Path | str, cluster: Cluster | None, bounds: Bounds | None = None) -> Plan:
    """Plan over a tree, in a cluster where there is one."""
    settings = Settings(jobs=2, bounds=bounds or Bounds(seconds=20.0), cluster=cluster)
    return make_plan(root, load_pack(pack), settings)


def as_text(plan: Plan) -> str:
    """Return all that a plan says."""
    return plan_json(plan)


__all__ = ["DONE", "USE", "Dask", "as_text", "dask", "planned", "shop", "write_pack"]
