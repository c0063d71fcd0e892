"""Worker processes that do all that they should not: each item pays for itself, and no other one does."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from recanon.executor.supervisor import Answer, ServiceError, Supervisor
from recanon.executor.worker import Limits, Service
from tests.gates.kit import alive

ROOT = str(Path(__file__).parents[2])
LIMITS = Limits(seconds=10.0)


def service(folder: Path, maker: str, setup: bytes = b"") -> Service:
    (folder / "scratch").mkdir(exist_ok=True)
    return Service(f"tests.executor.services:{maker}", setup, folder, folder / "scratch", (ROOT,))


def run(
    folder: Path, items: Sequence[str], *, maker: str = "wild", limits: Limits = LIMITS, jobs: int = 2
) -> list[Answer]:
    with Supervisor(service(folder, maker), limits, jobs) as supervisor:
        found = dict(supervisor.run(item.encode() for item in items))
    assert sorted(found) == list(range(len(items)))
    return [found[number] for number in range(len(items))]


def test_every_item_gets_its_own_answer(tmp_path: Path) -> None:
    with Supervisor(service(tmp_path, "calm", b"to "), LIMITS, 2) as supervisor:
        found = dict(supervisor.run(str(number).encode() for number in range(50)))
    assert {number: answer.reply for number, answer in found.items()} == {n: b"to %d" % n for n in range(50)}


def test_no_items_are_no_work(tmp_path: Path) -> None:
    assert run(tmp_path, []) == []


def test_a_large_item_and_a_large_reply_pass(tmp_path: Path) -> None:
    with Supervisor(service(tmp_path, "calm", b"x" * 300_000), LIMITS, 1) as supervisor:
        [(_, answer)] = supervisor.run([b"y" * 5_000_000])
    assert answer.reply == b"x" * 300_000 + b"y" * 5_000_000


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("sleep", "it was ended after 1 seconds"),
        ("spin", "it was ended after 1 seconds"),
        ("stop", "it was ended after 1 seconds"),
        ("exit", "its process ended itself with exit code 0"),
        ("kill", "its process was ended by signal 9 (SIGKILL)"),
        ("segfault", "its process was ended by signal 11 (SIGSEGV)"),
    ],
)
def test_an_item_that_takes_its_process_along_costs_itself_alone(tmp_path: Path, item: str, reason: str) -> None:
    answers = run(tmp_path, ["ok 1", item, "ok 2", "ok 3"], limits=Limits(1.0))
    assert [answer.reply is None for answer in answers] == [False, True, False, False]
    assert answers[1].reason == reason
    assert answers[1].lost


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("sys.exit", "it called sys.exit(that is all)"),
        ("raise", "IndexError: list index out of range"),
        ("recurse", "RecursionError: maximum recursion depth exceeded"),
    ],
)
def test_an_item_that_raises_is_told_and_its_process_goes_on(tmp_path: Path, item: str, reason: str) -> None:
    answers = run(tmp_path, ["ok 1", item, "ok 2"], jobs=1)
    assert answers[1].reason.startswith(reason)
    assert not answers[1].lost
    assert answers[2].reply == f"ok 2 of ok 1,{item},ok 2".encode()


def test_what_was_lost_is_tried_once_more_in_a_process_of_its_own(tmp_path: Path) -> None:
    item = f"once {tmp_path / 'mark'}"
    answers = run(tmp_path, ["ok 1", item, "ok 2"], jobs=1)
    assert answers[1].reply == f"{item} of {item}".encode()


def test_an_item_that_eats_memory_meets_the_limit(tmp_path: Path) -> None:
    answers = run(tmp_path, ["eat", "ok"], limits=Limits(20.0, memory=2 << 30))
    assert answers[0].reason.startswith("MemoryError")
    assert answers[1].reply is not None


def test_output_is_kept_with_its_item_and_cut_in_the_middle(tmp_path: Path) -> None:
    answers = run(tmp_path, ["say one", "print", "say three", "ok"], jobs=1)
    assert [answer.output for answer in answers[::2]] == ["one\n", "three\n"]
    assert answers[3].output == ""
    assert answers[1].output.startswith("xxx")
    assert answers[1].output.endswith("the last line\n")
    assert "[... 2,983," in answers[1].output


def test_a_process_without_output_works_on(tmp_path: Path) -> None:
    begun = time.process_time()
    answers = run(tmp_path, ["close", "ok"], jobs=1)
    assert all(answer.reply is not None for answer in answers)
    assert time.process_time() - begun < 0.4, "waiting must not spin"


def test_words_that_are_no_answer_cost_the_item(tmp_path: Path) -> None:
    answers = run(tmp_path, ["forge", "ok"], limits=Limits(2.0), jobs=1)
    assert answers[0].reply is None
    assert answers[1].reply is not None


def test_each_item_begins_in_the_folder_of_the_service(tmp_path: Path) -> None:
    answers = run(tmp_path, [f"chdir {Path('/')}", "where"], jobs=1)
    shown = answers[1].output.splitlines()
    assert shown[0] == str(tmp_path)
    assert "" not in shown[1:]
    assert str(tmp_path) not in shown[1:], "the working folder is no place for modules"


def test_what_an_item_started_ends_with_it(tmp_path: Path) -> None:
    mark = f"recanon-{tmp_path.name}-{time.time_ns()}"
    run(tmp_path, [f"child {mark}"], limits=Limits(1.0))
    assert not alive(mark)


def test_nothing_lives_on_when_the_caller_stops_early(tmp_path: Path) -> None:
    with Supervisor(service(tmp_path, "wild"), LIMITS, 2) as supervisor:
        next(supervisor.run([b"ok", b"sleep"]))
        processes = [worker.process for worker in supervisor.workers]
    assert all(process.returncode is not None for process in processes)


@pytest.mark.parametrize(
    ("maker", "message"),
    [
        ("refused", "no such thing"),
        ("broken", "KeyError: 'absent'"),
        ("deadly", "its process ended itself with exit code 3"),
        ("missing", "AttributeError"),
    ],
)
def test_a_service_that_cannot_be_made_stops_the_run(tmp_path: Path, maker: str, message: str) -> None:
    with pytest.raises(ServiceError, match=message) as caught:
        run(tmp_path, ["ok"], maker=maker)
    assert maker != "refused" or caught.value.hint == "Take another."
    assert maker != "broken" or "about to fail" in caught.value.message


def test_items_are_asked_for_when_there_is_room(tmp_path: Path) -> None:
    asked: list[int] = []

    def items() -> list[bytes]:
        return [b"ok"] * 20

    with Supervisor(service(tmp_path, "wild"), LIMITS, 2) as supervisor:
        answers = supervisor.run(asked.append(number) or item for number, item in enumerate(items()))  # type: ignore[func-returns-value]  # append gives None
        next(answers)
        assert len(asked) <= 4
