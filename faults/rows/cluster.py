"""E3: workers and schedulers of a dask cluster that die in the middle of the work."""

from __future__ import annotations

import random
import threading
from pathlib import Path

from faults.model import Fault, Loss, Trial, judged
from recanon.errors import RecanonError
from recanon.settings import Cluster
from tests.authoring.kit import write_pack
from tests.cluster.kit import Dask, as_text, dask, planned, shop

_KILLS = 5  # for each plan
_WORKERS = 3


class _Killer(threading.Thread):
    """Kills a worker, or now and then the scheduler, at random moments, and starts another one in its place.

    Args:
        cluster: whose processes die.
        chance: chooses whom, and when.
    """

    def __init__(self, cluster: Dask, chance: random.Random) -> None:
        super().__init__()
        self.cluster = cluster
        self.chance = chance
        self.done = threading.Event()
        self.killed: list[str] = []

    def run(self) -> None:
        """Kill until the plan is made, or often enough."""
        while len(self.killed) < _KILLS and not self.done.wait(self.chance.uniform(0.2, 1.2)):
            if self.chance.random() < 0.2:
                self._scheduler()
            else:
                self._worker()

    def _worker(self) -> None:
        victim = self.cluster.workers.pop(self.chance.randrange(len(self.cluster.workers)))
        self.cluster.kill(victim)
        self.cluster.start_worker()
        self.killed.append(f"worker {victim.pid}")

    def _scheduler(self) -> None:
        assert self.cluster.scheduler is not None
        for process in (self.cluster.scheduler, *self.cluster.workers):
            self.cluster.kill(process)
        self.cluster.workers.clear()
        self.cluster.start_scheduler()
        for _ in range(_WORKERS):
            self.cluster.start_worker()
        self.killed.append("scheduler")


def dying(trial: Trial) -> None:
    """Make plans in a cluster that is being killed; each must be the plan that is made here."""
    with trial.place() as place:
        root, pack = shop(place / "tree", trial.size(60, 12)), write_pack(place / "pack")
        expected = as_text(planned(root, pack, None))
        number = 0
        while trial.points < trial.size(50, 1) and number < trial.size(60, 3):
            number += 1
            _one(trial, place / str(number), root, pack, expected)


def _one(trial: Trial, folder: Path, root: Path, pack: Path, expected: str) -> None:
    with dask(folder, _WORKERS) as cluster:
        killer = _Killer(cluster, trial.chance)
        killer.start()
        try:
            found = as_text(planned(root, pack, Cluster(cluster.address, patience=60.0, chunk=4)))
        except RecanonError as exc:
            found = f"{type(exc).__name__}: {exc}"
        finally:
            killer.done.set()
            killer.join()
    wrong = judged((found == expected, Loss.SILENT, f"another plan: {found[:200]}"))
    for who in killer.killed:
        trial.point(f"{folder.name}, {who}", *wrong)


FAULTS = (Fault("E3", "a cluster whose processes die", "workers and schedulers of dask, killed at random", 50, dying),)
