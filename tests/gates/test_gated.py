"""A plan applied between gates, on tiny trees with real processes."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from faults.trees import Snapshot, snapshot
from recanon.errors import UsageError
from recanon.gates.gate import Kind, parse_gate
from recanon.gates.gated import Limits, gated_apply
from recanon.gates.lab import open_lab
from recanon.gates.reading import Survey
from recanon.gates.result import Gated
from recanon.outcome import Finding, Verdict
from recanon.runs import list_runs

from .kit import NEW, OLD, PYTEST, alive, apply_gated, once_new, python, tree

TESTS = {
    "test_a.py": "import a\n\ndef test_old(): assert a.VALUE == 'old', 'it is new'\n\ndef test_any(): assert a.VALUE\n"
    "\ndef test_never(): assert 0\n"
}


def given_back(root: Path, start: Snapshot, gated: Gated) -> bool:
    """Return whether nothing of the plan stands."""
    return snapshot(root) == start and gated.run == "" and not gated.plan.changes


def test_green_gates_keep_the_run(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", tests=TESTS)
    plain = shlex.join([sys.executable, "-m", "pytest", "-k", "any or never"])  # with bytecode, which must not be left
    gated = apply_gated(tmp_path, plan, plain, python("print('fine')"))
    assert gated.green
    assert gated.plan is plan
    assert (tmp_path / "a.py").read_bytes() == NEW
    assert [result.before.passed for result in gated.results] == [{"test_a.py::test_any"}, frozenset()]
    assert {path.name for path in tmp_path.iterdir()} == {"a.py", "test_a.py", ".recanon"}


def test_a_test_that_passed_and_fails_turns_the_run_back_and_is_named(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py", tests=TESTS)
    start = snapshot(tmp_path)
    gated = apply_gated(tmp_path, plan, PYTEST)
    assert gated.results[0].problems == {"test_a.py::test_old": "AssertionError: it is new"}
    assert not gated.green
    assert given_back(tmp_path, start, gated)


def test_tests_that_cannot_be_collected_any_more_have_failed(tmp_path: Path) -> None:
    tests = {
        "test_a.py": "import a\nassert a.VALUE == 'old', 'boom'\ndef test_x(): pass\n",
        "test_b.py": "def test_y(): pass\n",
    }
    gated = apply_gated(tmp_path, tree(tmp_path, "a.py", tests=tests), PYTEST)
    assert gated.results[0].problems == {
        "test_a.py": "AssertionError: boom",
        "test_a.py::test_x": "it is gone: it was not run any more",
        "test_b.py::test_y": "it is gone: it was not run any more",
    }


def test_skipped_tests_have_not_failed(tmp_path: Path) -> None:
    tests = {"test_a.py": "import a, pytest\ndef test_x():\n    if a.VALUE == 'new': pytest.skip('no')\n"}
    assert apply_gated(tmp_path, tree(tmp_path, "a.py", tests=tests), PYTEST).green


def test_a_flaky_test_is_named_and_does_not_count(tmp_path: Path) -> None:
    root, flag = tmp_path / "tree", tmp_path / "flag"
    text = f"import a, pathlib\nflag = pathlib.Path({str(flag)!r})\ndef test_x():\n"
    text += "    if a.VALUE == 'new' and not flag.exists():\n        flag.touch()\n        assert 0\n"
    gated = apply_gated(root, tree(root, "a.py", tests={"test_a.py": text}), PYTEST)
    assert gated.green
    assert gated.results[0].flaky == ("test_a.py::test_x",)


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        (python("exit(3)"), "exit code 3: it wrote nothing"),
        (python("import os; os.kill(os.getpid(), 9)"), "ended by signal 9"),
        (python("import time; print('busy', flush=True); time.sleep(60)"), "it was ended after 1 seconds"),
        (f"{PYTEST} -k never", "no test passes"),
        (f"{PYTEST} --no-such-option", "without a report of its tests"),
        ("slower<=5%: " + python("exit(1)"), "exit code 1"),
        ("diagnostics: " + python("exit(2)"), "exit code 2 and wrote nothing"),
        (python("open('a.py', 'a').write('# edited')"), "it edits files of the tree: a.py"),
    ],
)
def test_what_is_red_before_is_refused_before_anything_is_written(gate: str, message: str, tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", tests=TESTS)
    with pytest.raises(UsageError) as caught:
        apply_gated(tmp_path, plan, gate, seconds=1 if "sleep" in gate else 60)
    assert "red before the phase" in caught.value.message
    assert message in caught.value.message
    assert not (tmp_path / ".recanon").exists()


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("exit(3)", "exit code 3: it wrote nothing"),
        ("exit(os.getpid() % 100 + 1)", "exit code "),
        ("import os; os.kill(os.getpid(), 11)", "it was ended by signal 11"),
        ("import time; time.sleep(60)", "it was ended after 1 seconds"),
    ],
)
def test_a_command_that_turns_red_turns_the_run_back(code: str, line: str, tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py")
    start = snapshot(tmp_path)
    gated = apply_gated(tmp_path, plan, once_new(f"import os; {code}"), seconds=1 if "sleep" in code else 60)
    assert line in " ".join(*gated.results[0].problems.items())
    assert given_back(tmp_path, start, gated)


def test_what_a_gate_leaves_behind_is_ended(tmp_path: Path) -> None:
    mark = f"left-{tmp_path.name}"
    code = (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', sys.argv[1]])"
    )
    gated = apply_gated(tmp_path, tree(tmp_path, "a.py"), python(code, mark))
    assert gated.green
    ended = gated.results[0].after.ended
    assert ended is not None
    assert ended.killed == 1
    assert alive(mark) == []


def test_a_gate_that_edits_a_file_is_red_and_its_edit_stays(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py", tests={"c.txt": "c\n"})
    gated = apply_gated(tmp_path, plan, once_new("open('c.txt', 'a').write('more\\n')"))
    assert gated.results[0].problems == {"c.txt": "the gate itself edited it"}
    assert (tmp_path / "c.txt").read_text() == "c\nmore\n"
    assert (tmp_path / "a.py").read_bytes() == (tmp_path / "b.py").read_bytes() == OLD
    assert gated.stuck == ()


def test_an_edit_in_a_file_of_the_run_is_kept_too(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py")
    code = "text = open('a.py').read(); open('a.py', 'w').write('# mine\\n\\n\\n' + text)"
    gated = apply_gated(tmp_path, plan, once_new(code))
    assert set(gated.results[0].problems) == {"a.py"}
    assert (tmp_path / "b.py").read_bytes() == OLD
    now = (tmp_path / "a.py").read_bytes()
    assert now.startswith(b"# mine\n")
    assert now.endswith(NEW if gated.stuck else OLD)


def test_a_file_that_a_gate_edited_where_the_run_did_stands_and_is_named(tmp_path: Path) -> None:
    gated = apply_gated(
        tmp_path, tree(tmp_path, "a.py", "b.py"), once_new("open('a.py', 'w').write('VALUE = \"new!\"\\n')")
    )
    assert [file.path for file in gated.stuck] == ["a.py"]
    assert (tmp_path / "a.py").read_bytes() == b'VALUE = "new!"\n'
    assert (tmp_path / "b.py").read_bytes() == OLD


def test_new_files_of_a_gate_are_named_and_left(tmp_path: Path) -> None:
    gated = apply_gated(tmp_path, tree(tmp_path, "a.py"), once_new("open('report.txt', 'w')"))
    assert gated.green
    assert gated.results[0].after.touched.made == ("report.txt",)


def test_only_new_findings_of_a_checker_count(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py")
    moved = python("print('a.py:%d: error: x' % (1 + ('new' in open('a.py').read())))")
    assert apply_gated(tmp_path / "1", tree(tmp_path / "1", "a.py"), f"diagnostics: {moved}").green
    more = python("for p in 'ab':\n if p == 'a' or 'new' in open('b.py').read(): print(p + '.py:1: error: x')\nexit(1)")
    gated = apply_gated(tmp_path, plan, f"diagnostics: {more}")
    assert gated.results[0].problems == {"b.py: error: x": "b.py:1: error: x"}
    crash = python("print('a.py:1: error: x')\nif 'new' in open('a.py').read(): exit(2)")
    gated = apply_gated(tmp_path, plan, f"diagnostics: {crash}")
    assert gated.results[0].problems == {"exit code": "2; 0 before: it may not have come to its end"}


def finding(verdict: Verdict, line: int = 1) -> Finding:
    return Finding("a.py", line, 1, "old", "call", verdict, "a reason")


def test_compliance_and_places_by_hand_are_read_before_and_after(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py")
    manual = finding(Verdict.MANUAL)
    before = Survey(50.0, (replace(manual, line=5),))

    def judge(*after: Finding, gate: str) -> Gated:
        answers = iter([before, Survey(12.5, after)])
        return gated_apply(tmp_path, plan, [parse_gate(gate)], surveyor=lambda kind: next(answers), limits=Limits())

    low = judge(manual, gate="compliance>=50")
    assert low.results[0].problems == {"compliance>=50": "12.5 % of the places use the canonical way"}
    more = judge(manual, replace(manual, line=2), gate="no-new-manual")
    assert more.results[0].problems == {"a.py: call old (2)": "line 2: a reason"}
    assert (tmp_path / "a.py").read_bytes() == OLD
    assert judge(manual, gate="no-new-manual").green


def test_a_compliance_of_nothing_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    plan, nothing = tree(tmp_path, "a.py"), Survey(100.0, broken="no place")
    with pytest.raises(UsageError, match="gate compliance>=50: no place"):
        gated_apply(tmp_path, plan, [parse_gate("compliance>=50")], surveyor=lambda kind: nothing, limits=Limits())
    assert not (tmp_path / ".recanon").exists()


@pytest.mark.slow
def test_a_slower_command_turns_the_run_back_and_an_equal_one_does_not(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py")
    start = snapshot(tmp_path)
    slow = once_new("import time; time.sleep(0.3)")
    gated = apply_gated(tmp_path, plan, f"slower<=50%: {slow}")
    speed = gated.results[0].speed
    assert speed is not None
    assert len(speed.before) == len(speed.after) == 5
    assert min(speed.after) > max(speed.before), "the tree itself was not in both states"
    assert given_back(tmp_path, start, gated)
    assert apply_gated(tmp_path, plan, "slower<=100%: " + python("import time; time.sleep(0.2)")).green
    assert (tmp_path / "a.py").read_bytes() == NEW


def test_an_error_on_the_way_takes_the_run_back(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py")
    start = snapshot(tmp_path)
    answers = iter([Survey()])

    def survey(kind: Kind) -> Survey:
        for answer in answers:
            return answer
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gated_apply(tmp_path, plan, [parse_gate("no-new-manual")], surveyor=survey, limits=Limits())
    assert snapshot(tmp_path) == start
    assert len(list_runs(tmp_path)) == 2


def test_a_stale_file_is_refused_and_the_rest_is_gated(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py")
    (tmp_path / "b.py").write_text("changed = 1\n")
    gated = apply_gated(tmp_path, plan, python(""))
    assert [file.path for file in gated.first.refused] == ["b.py"]
    assert gated.run
    assert not gated.green


def test_an_interruption_while_files_are_written_takes_them_back_too(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py", "c.py")
    start, interruptions = snapshot(tmp_path), iter([KeyboardInterrupt])

    def progress(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("files", 2):
            for interruption in interruptions:
                raise interruption

    with pytest.raises(KeyboardInterrupt):
        gated_apply(
            tmp_path, plan, [parse_gate(python(""))], surveyor=lambda kind: Survey(), limits=Limits(), progress=progress
        )  # fmt: skip
    assert snapshot(tmp_path) == start
    assert list_runs(tmp_path)[-1].kind == "rollback"


def test_a_gate_reads_the_text_as_it_stands_also_where_size_and_second_are_those_of_the_text_before(
    tmp_path: Path,
) -> None:
    module, codes = tmp_path / "a.py", []
    tmp_path.joinpath("b.py").write_text("")
    gate = parse_gate(shlex.join([sys.executable, "-c", "import a, b; exit(a.VALUE != 'old')"]))
    with open_lab(tmp_path, lambda kind: Survey(), 60) as lab:
        for text in (OLD, NEW):
            module.write_bytes(text)
            os.utime(module, (1, 1))
            reading = lab.read(gate)
            assert reading.ended is not None
            codes.append(reading.ended.code)
        assert len(list((lab.place.scratch / "pycache").rglob("b.*.pyc"))) == 1
    assert codes == [0, 1]
