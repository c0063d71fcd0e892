"""A plan made in a real cluster is the plan made here, whatever happens to the cluster."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Security

from recanon.errors import RecanonError
from recanon.outcome import Verdict
from recanon.settings import Bounds, Cluster
from tests.authoring.kit import WORLD, write
from tests.cluster.kit import USE, Dask, as_text, dask, planned, shop, write_pack

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
# A file whose name says so takes its process along, never ends, or prints.
CODEMOD = '''"""A codemod that does to files what their names say."""

import os
import signal
from pathlib import PurePosixPath

from recanon.codemod import Answer, Rewrite, Site


class NowUtc:
    title = "now_utc() becomes now()"
    examples = ()

    def answer(self, site: Site) -> Answer:
        what = PurePosixPath(site.file.path).stem
        if what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        while what == "spin":
            pass
        if what == "say":
            print("here", os.path.exists("/"))
        return Rewrite(site.becomes, "the clock gives the same time")
'''


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    with dask(tmp_path_factory.mktemp("dask"), 2) as cluster:
        yield cluster


def at(cluster: Dask, **changed: float) -> Cluster:
    return Cluster(cluster.address, patience=changed.get("patience", PATIENCE), chunk=8)


@pytest.mark.slow
def test_the_plan_is_the_same_to_the_last_byte(two: Dask, tmp_path: Path) -> None:
    root, pack = shop(tmp_path / "tree", 20), write_pack(tmp_path / "pack")

    made = planned(root, pack, at(two))

    assert len(made.changes) >= 20
    assert as_text(made) == as_text(planned(root, pack, None))


@pytest.mark.slow
def test_a_file_that_takes_its_process_along_costs_itself_alone(two: Dask, tmp_path: Path) -> None:
    bad = {"kill.py": USE, "spin.py": USE, "say.py": USE}
    root = write(shop(tmp_path / "tree", 12), bad)
    pack, bounds = write_pack(tmp_path / "pack", codemod=CODEMOD), Bounds(seconds=1.0)

    made = planned(root, pack, at(two), bounds)

    assert {back.path for back in made.reverted} == {"kill.py", "spin.py"}
    assert as_text(made) == as_text(planned(root, pack, None, bounds))


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_told_as_here(two: Dask, tmp_path: Path) -> None:
    root = write(shop(tmp_path / "tree", 12), {"odd.py": "from shop.helpers import now_utc\n)\n"})
    pack = write_pack(tmp_path / "pack")

    made = planned(root, pack, at(two))

    assert [skip.path for skip in made.skipped] == ["odd.py"]
    assert as_text(made) == as_text(planned(root, pack, None))


@pytest.mark.slow
def test_workers_that_are_killed_are_survived(tmp_path: Path) -> None:
    """One worker after the other dies and is replaced, while the plan is made twice."""
    root, pack = shop(tmp_path / "tree", 30), write_pack(tmp_path / "pack")
    expected = as_text(planned(root, pack, None))
    with dask(tmp_path / "dask", 2) as cluster:
        stop = threading.Event()
        killer = threading.Thread(target=_kill_on, args=(cluster, stop))
        killer.start()
        try:
            made = [as_text(planned(root, pack, at(cluster))) for _ in range(2)]
        finally:
            stop.set()
            killer.join()

    assert made == [expected] * 2


def _kill_on(cluster: Dask, stop: threading.Event) -> None:
    for _ in range(4):
        if stop.wait(2.0):
            return
        victim = cluster.workers.pop(0)
        cluster.start_worker()
        cluster.kill(victim)


@pytest.mark.slow
def test_a_scheduler_that_is_started_again_is_survived(tmp_path: Path) -> None:
    root, pack = shop(tmp_path / "tree", 30), write_pack(tmp_path / "pack")
    expected = as_text(planned(root, pack, None))
    with dask(tmp_path / "dask", 1) as cluster:
        again = threading.Thread(target=_restart, args=(cluster,))
        again.start()
        made = as_text(planned(root, pack, at(cluster, patience=60.0)))
        again.join()

    assert made == expected


def _restart(cluster: Dask) -> None:
    time.sleep(1.5)
    assert cluster.scheduler is not None
    for process in (cluster.scheduler, *cluster.workers):
        cluster.kill(process)
    cluster.start_scheduler()
    cluster.start_worker()


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    root, pack = shop(tmp_path / "tree", 12), write_pack(tmp_path / "pack")

    with pytest.raises(RecanonError, match="no dask scheduler answers at tcp:"):
        planned(root, pack, Cluster("tcp://127.0.0.1:1", patience=0.5, chunk=5))


def test_a_cluster_without_workers_is_told(tmp_path: Path) -> None:
    root, pack = shop(tmp_path / "tree", 12), write_pack(tmp_path / "pack")

    with dask(tmp_path / "dask", 0) as cluster, pytest.raises(RecanonError, match="has no workers"):
        planned(root, pack, at(cluster, patience=1.0))


def test_workers_with_another_program_are_told(tmp_path: Path) -> None:
    """One that would answer otherwise must not answer at all."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "sitecustomize.py").write_text(
        "import recanon.cache as cache\nbefore = cache.source_digest\ncache.source_digest = lambda *f: '0' * 64\n"
    )
    root, pack = shop(tmp_path / "tree", 12), write_pack(tmp_path / "pack")

    with (
        dask(tmp_path / "dask", 1, {"PYTHONPATH": str(other)}) as cluster,
        pytest.raises(RecanonError, match="a worker of the cluster runs recanon"),
    ):
        planned(root, pack, at(cluster))


def test_what_is_too_little_stays_here(tmp_path: Path) -> None:
    root, pack = write(tmp_path / "tree", {**WORLD, "use.py": USE}), write_pack(tmp_path / "pack")

    made = planned(root, pack, Cluster("tcp://127.0.0.1:1", patience=0.1))

    assert [finding.verdict for finding in made.findings if finding.path == "use.py"] == [Verdict.SAFE] * 2


def previewed(root: Path, pack: Path, *more: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Preview by the command line."""
    words = [sys.executable, "-P", "-m", "recanon", "preview", str(root), "--pack", str(pack), "--no-cache", *more]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_command_line_previews_in_a_cluster(two: Dask, tmp_path: Path) -> None:
    root, pack = shop(tmp_path / "tree", 60), write_pack(tmp_path / "pack")

    there = previewed(root, pack, "--executor", "dask", "--scheduler", two.address)

    assert there.returncode == 0, there.stderr
    assert there.stdout == previewed(root, pack).stdout


def test_the_command_line_says_what_is_missing(tmp_path: Path) -> None:
    root, pack = shop(tmp_path / "tree", 1), write_pack(tmp_path / "pack")

    assert "is not told where the scheduler is" in previewed(root, pack, "--executor", "dask").stderr
    assert "is for --executor dask" in previewed(root, pack, "--scheduler", "tcp://127.0.0.1:1").stderr
    far = previewed(root, pack, "--executor", "dask", "--scheduler", "tcp://10.0.0.1:1")
    assert (far.returncode, "leads to another machine without TLS" in far.stderr) == (2, True)


@pytest.mark.slow
def test_a_cluster_with_tls_is_reached_with_its_certificates_alone(tmp_path: Path) -> None:
    made = Security.temporary()
    texts = {"CA_FILE": made.tls_ca_file, "CERT": made.tls_client_cert, "KEY": made.tls_client_key}
    environ = {}
    for name, text in texts.items():
        file = tmp_path / name
        file.write_text(text)
        for who in ("",) if name == "CA_FILE" else ("CLIENT__", "WORKER__", "SCHEDULER__"):
            environ[f"DASK_DISTRIBUTED__COMM__TLS__{who}{name}"] = str(file)
    root, pack = shop(tmp_path / "tree", 60), write_pack(tmp_path / "pack")

    with dask(tmp_path / "dask", 1, environ, "tls") as cluster:
        words = ("--executor", "dask", "--scheduler", cluster.address)
        there, without = previewed(root, pack, *words, **environ), previewed(root, pack, *words)

    assert cluster.address.startswith("tls://")
    assert there.returncode == 0, there.stderr
    assert there.stdout == previewed(root, pack).stdout
    assert without.returncode == 2
    assert "Name your certificates" in without.stderr
