"""Guests that do harm: it costs the file in which they do it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.errors import MovedError
from recanon.guests.result import State
from recanon.guests.work import Effort
from tests.guests.hostile import TREE
from tests.guests.kit import EFFORT, ROOT, digest, fill, hostile, result, run, states, written

FILES = {"a.py": "good = 1\n", "bad.py": "bad = 1\n", "c.py": "good = 2\n"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Sleeps", "it was ended after 2 seconds"),
        ("Exits", "its process ended itself with exit code 0"),
        ("SysExits", "it called sys.exit(enough)"),
        ("Segfaults", "its process was ended by signal 11 (SIGSEGV)"),
        ("Recurses", "RecursionError"),
        ("Eats", "MemoryError"),
    ],
)
def test_a_guest_that_fails_costs_one_file(tmp_path: Path, name: str, reason: str) -> None:
    before = digest(fill(tmp_path, FILES))
    done = run(tmp_path, hostile(name), seconds=2.0)
    assert states(done) == {"a.py": State.CHANGED, "bad.py": State.FAILED, "c.py": State.CHANGED}
    assert result(done, "bad.py").reason.startswith(reason)
    assert done.failed
    assert digest(tmp_path) == before


def test_what_a_guest_prints_is_kept_with_its_file(tmp_path: Path) -> None:
    done = run(fill(tmp_path, FILES), hostile("Prints"))
    assert len(result(done, "bad.py").output) < 20_000
    assert result(done, "bad.py").output.endswith("cried\n")
    assert result(done, "a.py").output == ""
    assert result(done, "bad.py").state is State.CHANGED


def test_a_guest_that_writes_on_its_own_writes_into_a_copy(tmp_path: Path) -> None:
    before = digest(fill(tmp_path, FILES))
    done = run(tmp_path, hostile("WritesByItsPath"), effort=Effort(jobs=1, path=(str(ROOT),)))
    assert digest(tmp_path) == before
    assert done.strays == ("bad.py", "stray.py")
    assert written(done)["bad.py"] == "bad = 1\ndone = 1\n", "what counts is what it returned"
    assert states(done)["c.py"] is State.CHANGED


def test_a_guest_that_writes_into_the_tree_itself_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TREE, str(fill(tmp_path, FILES)))
    with pytest.raises(MovedError, match=r"the tree itself was changed while the guest ran: bad\.py"):
        run(tmp_path, hostile("WritesIntoTheTree"))


def test_a_result_that_does_not_parse_is_taken_back(tmp_path: Path) -> None:
    done = run(fill(tmp_path, {"a.py": "a = 1\n", "bad.py": "bad = 1\n"}), hostile("Broken"))
    bad = result(done, "bad.py")
    assert (bad.state, bad.step) == (State.REVERTED, "1 parses")
    assert "bad.py:1" in bad.reason
    assert result(done, "a.py").step == "3 names"


def test_a_change_that_a_second_pass_changes_again_is_for_review(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": "y = 1\n"})
    done = run(tmp_path, hostile("Restless"))
    assert result(done, "a.py").doubts == ("a second pass changes it again",)
    assert written(done) == {}
    assert [(f.verdict, f.applied, f.reason) for f in done.plan.findings] == [
        ("review", False, "a second pass changes it again")
    ]
    assert written(run(tmp_path, hostile("Restless"), review=True)) == {"a.py": "y = 1\nx1 = 1\n"}


def test_the_answer_does_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    fill(tmp_path, {f"{number}.py": f"x{number} = 1\n" for number in range(9)} | {"bad.py": "bad = 1\n"})
    plans = [run(tmp_path, hostile("Exits"), effort=Effort(jobs, EFFORT.seconds, path=EFFORT.path)) for jobs in (1, 3)]
    assert plans[0].plan == plans[1].plan
