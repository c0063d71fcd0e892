"""Guilty files are found by halving, and only they go back."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from faults.trees import fill, plan_of, snapshot
from recanon.edit import Edit, Span
from recanon.gates.parts import parts_of
from recanon.gates.result import Guilty, Share
from recanon.journal.rows import RunKind
from recanon.outcome import Finding, Verdict
from recanon.plan import FileChange, Plan
from recanon.report.run_listing import runs_section
from recanon.rollback import Request, rollback
from recanon.runs import list_runs

from .kit import OLD, PYTEST, apply_gated, once_new, python, tree

NAMES = [f"m{number:02}.py" for number in range(12)]
OLD_VALUE = "def test_{0}():\n    import {0}\n    assert {0}.VALUE == 'old'\n"


def test_the_guilty_files_go_back_alone(tmp_path: Path) -> None:
    tests = {"test_m.py": "".join(OLD_VALUE.format(name) for name in ("m01", "m02"))}
    plan = tree(tmp_path, *NAMES[:4], tests=tests | {"test_ok.py": "def test_ok(): pass\n"})
    gated = apply_gated(tmp_path, plan, PYTEST, bisect=True)
    assert gated.guilty == (Guilty("m01.py", Share.GUILTY), Guilty("m02.py", Share.GUILTY))
    assert set(gated.results[0].problems) == {"test_m.py::test_m01", "test_m.py::test_m02"}
    assert gated.final[0].green
    assert {name for name in NAMES[:4] if (tmp_path / name).read_bytes() == OLD} == {"m01.py", "m02.py"}
    assert {change.path for change in gated.plan.changes} == set(NAMES[:4]) - {"m01.py", "m02.py"}
    assert not gated.green


def test_what_was_rewritten_in_a_guilty_file_is_left_to_a_person(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py", tests={"test_a.py": OLD_VALUE.format("a")})
    found = Finding("a.py", 1, 1, "old", "call", Verdict.SAFE, "same", applied=True)
    other = Finding("a.py", 2, 1, "old", "string", Verdict.LEFT, "text")
    plan = replace(plan, findings=(found, other))
    gated = apply_gated(tmp_path, plan, PYTEST, bisect=True)
    first, second = gated.plan.findings
    assert (first.verdict, first.group, first.applied) == (Verdict.MANUAL, "gate", False)
    assert "test_a.py::test_a (" in first.reason
    assert second is other
    assert gated.plan.account.verdicts[Verdict.MANUAL] == 1


def test_when_no_part_can_stand_all_goes_back(tmp_path: Path) -> None:
    plan = tree(tmp_path, *NAMES[:4])
    start = snapshot(tmp_path)
    none_new = python("import glob\nexit(any('new' in open(path).read() for path in glob.glob('m*.py')))")
    gated = apply_gated(tmp_path, plan, none_new, bisect=True)
    assert (gated.run, gated.guilty) == ("", ())
    assert snapshot(tmp_path) == start


def test_a_command_is_halved_by_its_exit_code(tmp_path: Path) -> None:
    plan = tree(tmp_path, *NAMES)
    gated = apply_gated(tmp_path, plan, python("exit('new' in open('m07.py').read())"), bisect=True)
    assert gated.guilty == (Guilty("m07.py", Share.GUILTY),)
    assert gated.tries <= 10


def test_nothing_is_halved_by_a_gate_that_edits_files(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py", tests={"c.txt": ""})
    gated = apply_gated(tmp_path, plan, once_new("open('c.txt', 'a').write('x')"), bisect=True)
    assert (gated.tries, gated.run) == (0, "")


CONSUMER = "def {}(): return 1\n\ndef use(): return {}()\n"
# One string by its dotted name, one by its module; and the like for a module that is not guilty.
PATCHED = """\
from unittest.mock import patch
from p import consumer, other as o

@patch("p.consumer.{}", return_value=2)
def test_use(made):
    assert consumer.use() == 2

def test_object():
    with patch.object(consumer, "{}", return_value=3): assert consumer.use() == 3

def test_other():
    with patch.object(o, "{}", return_value=3), patch("p.other.{}", return_value=4): assert o.use() == 4
"""
GUARD = "def test_names():\n    from p import consumer\n    assert 'old' in consumer.use.__code__.co_names[0]\n"


def renamed(path: str, before: str, codemod: str = "function") -> FileChange:
    """Return a change of each `old_name` in a text."""
    spans = [Span(found.start(), found.end()) for found in re.finditer("old_name", before)]
    edits = tuple(Edit(span, "old_name", "new_name", codemod) for span in spans)
    return FileChange(path, before.encode(), before.replace("old_name", "new_name").encode(), edits)


def patched_world(root: Path, base: str = "") -> Plan:
    """Write a package with two modules and a test that patches both, and return a plan that renames a function."""
    module, test = CONSUMER.replace("{}", "old_name"), PATCHED.replace("{}", "old_name")
    changes = (
        renamed(f"{base}p/consumer.py", module),
        renamed(f"{base}p/other.py", module),
        renamed("test_p.py", test, "patch-target"),
    )
    fill(root, {change.path: change.before for change in changes})
    fill(root, {f"{base}p/__init__.py": b"", "test_guard.py": GUARD.encode()})
    fill(root, {"pytest.ini": f"[pytest]\npythonpath = ./{base}\n".encode()})
    lines = [number for number, line in enumerate(test.splitlines(), 1) if "old_name" in line]
    found = [
        Finding("test_p.py", line, 1, "old_name", "patch target", Verdict.SAFE, "", applied=True) for line in lines
    ]
    return replace(plan_of(*changes), findings=tuple(found))


@pytest.mark.parametrize("base", ["", "src/"])
def test_a_consumer_goes_back_with_the_strings_that_patch_it_and_no_others(base: str, tmp_path: Path) -> None:
    plan = patched_world(tmp_path, base)
    gated = apply_gated(tmp_path, plan, f"{PYTEST} test_guard.py", bisect=True)  # the gate does not run test_p.py
    assert gated.guilty == (Guilty(f"{base}p/consumer.py", Share.GUILTY), Guilty("test_p.py", Share.STRINGS))
    assert (tmp_path / "test_p.py").read_text() == PATCHED.replace("{}", "old_name", 2).replace("{}", "new_name")
    assert [finding.verdict for finding in gated.plan.findings] == ["manual", "manual", "safe"]
    assert apply_gated(tmp_path, plan_of(), PYTEST).results[0].before.bad == {}, "a hole was left"
    assert rollback(tmp_path, Request(run="last")).complete
    assert {change.path: (tmp_path / change.path).read_bytes() for change in plan.changes} == {
        change.path: change.before for change in plan.changes
    }


WORLD = ("p/__init__.py", "p/consumer.py", "p/facade.py", "p/other.py", "test_p.py")


def test_strings_belong_to_the_module_that_they_patch(tmp_path: Path) -> None:
    parts = parts_of(patched_world(tmp_path), WORLD)
    assert parts.owners["test_p.py"] == ("p/consumer.py",) * 2 + ("p/other.py",) * 2
    assert parts.files == {"p/consumer.py", "p/other.py"}
    assert parts.without(frozenset()) == parts.changes
    assert parts.without(parts.files) == ()


def test_a_change_whose_edits_are_not_all_goes_back_whole() -> None:
    change = renamed("test_p.py", PATCHED.replace("{}", "old_name"), "patch-target")
    odd = replace(change, after=b"something else")
    parts = parts_of(plan_of(odd, renamed("p/consumer.py", "old_name")), WORLD)
    assert parts.owners["test_p.py"] == ("test_p.py",) * 4


def test_an_importer_takes_its_facade_back_along() -> None:
    found = Finding("a.py", 1, 1, "old", "import", Verdict.SAFE, "", chain=("p:old", "p.facade:old"), applied=True)
    changes = [FileChange(path, b"", b"1") for path in ("a.py", "p/__init__.py", "p/facade.py", "b.py")]
    parts = parts_of(replace(plan_of(*changes), findings=(found,)), WORLD)
    assert parts.along(["a.py"]) == {"p/__init__.py", "p/facade.py"}
    assert parts.along(["p/facade.py"]) == frozenset()
    assert parts.without(frozenset({"a.py"})) == (changes[3],)


def test_tries_are_folded_in_the_list_of_runs(tmp_path: Path) -> None:
    own = apply_gated(tmp_path, tree(tmp_path, "own.py"), python("")).run
    rollback(tmp_path, Request(run=own))
    plan = tree(tmp_path, *NAMES)
    stands = apply_gated(tmp_path, plan, python("exit('new' in open('m07.py').read())"), bisect=True).run
    runs = list_runs(tmp_path)
    tried = [run for run in runs[2:] if run.kind is RunKind.APPLY and run.run != stands]
    rows = runs_section(runs).groups[0].rows
    assert rows[0].place == stands
    assert rows[1].what == f"{len(tried)} tries between gates, rolled back; `recanon runs --all` lists them"
    assert [row.place for row in rows[2:]] == [runs[1].run, own], "what a person did is listed"
    assert len(rows) == 4
    assert [row.place for row in runs_section(runs, folded=False).groups[0].rows] == [run.run for run in reversed(runs)]


def test_a_run_that_was_rolled_back_whole_is_no_try(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py")
    first, second = (apply_gated(tmp_path, plan, once_new("exit(1)")).first.run for _ in range(2))
    assert [row.place for row in runs_section(list_runs(tmp_path)).groups[0].rows][1::2] == [second, first]
