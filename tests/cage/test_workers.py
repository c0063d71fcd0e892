"""Forked workers whose items do all that they should not: each pays for itself, and no other one does."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from recanon.errors import UsageError
from recanon.executor.local import Lost, Workers, beside
from recanon.settings import Bounds
from tests.cage.poison import poisoned

BOUNDS = Bounds(seconds=0.3, memory=200 << 20)


def run(items: Sequence[str], *, jobs: int = 2, bounds: Bounds | None = BOUNDS, chunk: int = 7) -> dict[str, object]:
    with Workers(jobs, bounds) as workers:
        pairs = list(workers.run(poisoned, items, chunk))
    assert sorted(item for item, _ in pairs) == sorted(items)
    return dict(pairs)


def gone(pids: Sequence[int]) -> bool:
    """Return whether processes are gone two seconds later; zombies are."""
    until = time.monotonic() + 2
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(alive, pids))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False


def test_every_item_gets_its_own_result() -> None:
    items = [str(number) for number in range(100)]
    assert run(items) == {item: item for item in items}


def pids(items: int, chunk: int) -> Counter[int]:
    """Return how many of some items, a few milliseconds each, each of two workers did."""

    def who(item: int) -> int:
        time.sleep(0.005)
        return os.getpid()

    with Workers(2, Bounds(seconds=20)) as workers:
        return Counter(result for _, result in workers.run(who, range(items), chunk) if isinstance(result, int))


def test_what_is_given_out_at_once_is_done_by_one() -> None:
    assert list(pids(20, chunk=20).values()) == [20]


def test_the_last_items_are_shared_out_among_all() -> None:
    assert min(pids(24, chunk=20).values()) >= 8


def test_what_is_given_out_one_by_one_is_done_once_and_told_at_once(tmp_path: Path) -> None:
    """So it is with the repositories of a fleet: one that takes its process along costs no other one."""

    def work(item: int) -> float:
        with open(tmp_path / "done", "a") as file:
            file.write(f"{item}\n")
        if item == 3:
            os._exit(1)
        time.sleep(0.05)
        return time.monotonic()

    with Workers(2, Bounds(seconds=20)) as workers:
        late = [time.monotonic() - result for _, result in workers.run(work, range(16), 1) if isinstance(result, float)]
    assert Counter((tmp_path / "done").read_text().split()) == {str(n): 1 + (n == 3) for n in range(16)}
    assert len(late) == 15
    assert max(late) < 0.05, "it waits for no other one"


def test_no_items_are_no_work() -> None:
    assert run([]) == {}


def test_a_program_that_does_not_read_what_it_is_given_ends_nobody() -> None:
    assert run(["unread", "small"], bounds=Bounds(seconds=20)) == {"unread": "unread", "small": "small"}


def test_a_large_result_passes() -> None:
    assert run(["large", "small"])["large"] == "x" * 5_000_000


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("spin", "it was ended after 0.3 seconds"),
        ("regex", "it was ended after 0.3 seconds"),
        ("sleep", "it was ended after 0.3 seconds"),
        ("stop", "it was ended after 0.3 seconds"),
        ("deaf", "it was ended after 0.3 seconds"),
        ("flood", "it was ended after 0.3 seconds"),
        ("kill", "its process was killed by SIGKILL"),
        ("segfault", "its process was killed by SIGSEGV"),
        ("abort", "its process was killed by SIGABRT"),
        ("leave", "its process ended itself with exit code 0"),
    ],
)
def test_an_item_that_takes_its_process_along_costs_itself_alone(item: str, reason: str) -> None:
    found = run(["1", "2", item, "3", "4"], jobs=1)
    lost = found.pop(item)
    assert isinstance(lost, Lost)
    assert lost.reason == reason
    assert found == {"1": "1", "2": "2", "3": "3", "4": "4"}


def test_an_item_that_eats_memory_costs_itself_alone() -> None:
    found = run(["1", "eat", "2"], jobs=1, bounds=Bounds(seconds=20, memory=200 << 20))
    assert found.pop("eat") == Lost("it ran out of memory (limit 200 MB)", "Give it more with --memory.")
    assert found == {"1": "1", "2": "2"}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("raise", "RuntimeError: it went wrong (poison.py:"),
        ("exit", "SystemExit: 3 (poison.py:"),
        ("interrupt", "KeyboardInterrupt (poison.py:"),
        ("recurse", "RecursionError: maximum recursion depth exceeded"),
        ("unpicklable", "local object '_unpicklable"),
    ],
)
def test_an_item_that_raises_is_named_with_the_place(item: str, reason: str) -> None:
    found = run(["1", item, "2"], jobs=1, bounds=Bounds(seconds=20))
    lost = found.pop(item)
    assert isinstance(lost, Lost)
    assert reason.lower() in lost.reason.lower()
    assert found == {"1": "1", "2": "2"}


@pytest.mark.parametrize("item", ["close", "scribble"])
def test_an_item_that_spoils_the_pipes_costs_no_other(item: str) -> None:
    found = run(["1", item, "2"], jobs=1)
    assert isinstance(found.pop(item), Lost)
    assert found == {"1": "1", "2": "2"}


def test_an_expected_error_ends_the_run() -> None:
    with pytest.raises(UsageError, match="wrong use"):
        run(["1", "usage", "2"])


def test_ten_poisons_among_a_thousand_cost_ten() -> None:
    kinds = ["kill", "segfault", "leave", "raise", "exit", "interrupt", "abort", "eat", "spin", "recurse"]
    items = [*(str(number) for number in range(990)), *kinds]
    random.Random(5).shuffle(items)
    found = run(items, chunk=50)
    assert {item for item, result in found.items() if isinstance(result, Lost)} == set(kinds)
    assert sum(result == item for item, result in found.items()) == 990


def test_a_late_item_is_ended_within_a_second_of_its_time() -> None:
    begun = time.monotonic()
    run(["spin"], jobs=1)
    assert time.monotonic() - begun < 2 * (BOUNDS.seconds + 1)  # it is tried twice


def test_a_slow_item_does_not_use_up_the_time_of_the_next(tmp_path: Path) -> None:
    def nap(item: int) -> int:
        time.sleep(0.2)
        return item

    with Workers(1, BOUNDS) as workers:
        assert dict(workers.run(nap, range(5), 5)) == {number: number for number in range(5)}


def test_time_that_the_caller_takes_is_not_the_workers() -> None:
    with Workers(1, BOUNDS) as workers:
        for item, result in workers.run(poisoned, ["large", "1", "2"], 1):
            time.sleep(0.6)
            assert result == ("x" * 5_000_000 if item == "large" else item)


def test_results_do_not_depend_on_the_number_of_workers_or_the_order() -> None:
    items = [*(str(number) for number in range(60)), "kill", "raise"]
    one = run(items, jobs=1)
    for seed, jobs in enumerate([2, 4, 1]):
        random.Random(seed).shuffle(items)
        assert run(items, jobs=jobs, chunk=jobs + seed + 1) == one


def test_an_item_that_forks_answers_once() -> None:
    assert run(["1", "fork", "2"], jobs=1) == {"1": "1", "fork": "forked", "2": "2"}


def test_the_next_item_begins_where_the_first_began() -> None:
    assert run(["wander", "where"], jobs=1)["where"] == str(Path.cwd())


def test_nobody_asks_the_terminal() -> None:
    assert run(["ask"], jobs=1) == {"ask": "nothing"}


def test_what_is_printed_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    sys.stdout.write("before")
    run(["shout:it"], jobs=1)
    said = capsys.readouterr()
    assert said.out == "before"
    assert sorted(said.err.split("\n")) == ["", "raw error", "raw shout", "shouted it"]


def test_results_refer_to_what_both_sides_hold() -> None:
    told = object()
    with Workers(1, BOUNDS) as workers:
        [(_, found)] = workers.run(lambda _: (told, "x"), [1], 1, shared=[told])
    assert isinstance(found, tuple)
    assert found[0] is told


@pytest.mark.parametrize("item", ["child", "orphan"])
def test_what_an_item_leaves_behind_is_ended(tmp_path: Path, item: str) -> None:
    found = run([f"{item}:{tmp_path / 'pid'}", "1"], jobs=1)
    assert found["1"] == "1"
    assert gone([int((tmp_path / "pid").read_text())])


def test_without_bounds_the_work_is_done_in_this_process() -> None:
    with Workers(2, None) as workers:
        assert dict(workers.run(lambda _: os.getpid(), [1, 2], 1)) == {1: os.getpid(), 2: os.getpid()}


def test_a_run_that_is_given_up_leaves_no_process(tmp_path: Path) -> None:
    before = _children()  # of other tests, such as a browser
    with Workers(2, BOUNDS) as workers:
        results = workers.run(poisoned, ["1", f"child:{tmp_path / 'pid'}", "sleep", "sleep"], 1)
        assert next(results)
        assert _children() - before
    assert not _children() - before


def _children() -> set[str]:
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


def test_work_beside_is_done_meanwhile_and_handed_over() -> None:
    with beside(lambda: (os.getpid(), os.nice(0), list(range(1000)))) as finish:
        pid, nice, numbers = finish()
    assert pid != os.getpid()
    assert nice == min(19, os.nice(0) + 10)
    assert numbers == list(range(1000))


def test_work_beside_has_workers_of_its_own() -> None:
    with beside(lambda: run(["1", "kill"])) as finish:
        assert finish()["1"] == "1"


@pytest.mark.parametrize("signal_name", ["SIGKILL", "SIGINT"])
def test_workers_do_not_outlive_their_parent(tmp_path: Path, signal_name: str) -> None:
    code = (
        "from recanon.executor.local import Workers; from pathlib import Path; import os, time\n"
        "def work(item):\n"
        f"    Path({str(tmp_path)!r}, str(os.getpid())).touch()\n"
        "    time.sleep(600)\n"
        "with Workers(2) as workers:\n"
        "    list(workers.run(work, range(4), 1))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, start_new_session=True)
    until = time.monotonic() + 10
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    pids = [int(path.name) for path in tmp_path.iterdir()]
    assert len(pids) == 2
    os.killpg(parent.pid, getattr(signal, signal_name))
    _, said = parent.communicate(timeout=10)
    assert gone(pids)
    assert said.decode().count("Traceback") == (signal_name == "SIGINT")
