"""Guilty files are found by halving, and only they go back."""

from __future__ import annotations

from pathlib import Path

from recanon.edit import Edit, Span
from recanon.gates.coupling import coupled_files
from recanon.gates.result import Guilty
from recanon.outcome import Finding, Verdict
from recanon.plan import FileChange
from tests.disk.kit import fill, plan_of, snapshot

from .kit import NEW, OLD, PYTEST, apply_gated, once_new, python, tree

NAMES = [f"m{number:02}.py" for number in range(12)]
OLD_VALUE = "def test_{0}():\n    import {0}\n    assert {0}.VALUE == 'old'\n"


def test_the_guilty_files_go_back_alone(tmp_path: Path) -> None:
    tests = {"test_m.py": "".join(OLD_VALUE.format(name) for name in ("m01", "m02"))}
    plan = tree(tmp_path, *NAMES[:4], tests=tests | {"test_ok.py": "def test_ok(): pass\n"})
    gated = apply_gated(tmp_path, plan, PYTEST, bisect=True)
    assert gated.guilty == (Guilty("m01.py", False), Guilty("m02.py", False))
    assert set(gated.results[0].problems) == {"test_m.py::test_m01", "test_m.py::test_m02"}
    assert gated.final[0].green
    assert {name for name in NAMES[:4] if (tmp_path / name).read_bytes() == OLD} == {"m01.py", "m02.py"}
    assert {change.path for change in gated.plan.changes} == set(NAMES[:4]) - {"m01.py", "m02.py"}
    assert not gated.green


def test_what_was_rewritten_in_a_guilty_file_is_left_to_a_person(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py", tests={"test_a.py": OLD_VALUE.format("a")})
    found = Finding("a.py", 1, 1, "old", "call", Verdict.SAFE, "same", applied=True)
    other = Finding("a.py", 2, 1, "old", "string", Verdict.LEFT, "text")
    plan = plan_of(*plan.changes)
    plan = type(plan)(**{**{name: getattr(plan, name) for name in plan.__slots__}, "findings": (found, other)})
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
    assert gated.guilty == (Guilty("m07.py", False),)
    assert gated.tries <= 10


def test_nothing_is_halved_by_a_gate_that_edits_files(tmp_path: Path) -> None:
    plan = tree(tmp_path, "a.py", "b.py", tests={"c.txt": ""})
    gated = apply_gated(tmp_path, plan, once_new("open('c.txt', 'a').write('x')"), bisect=True)
    assert (gated.tries, gated.run) == (0, "")


def patching(path: str, before: str, after: str) -> FileChange:
    start = before.index("old_name")
    return FileChange(
        path, before.encode(), after.encode(), (Edit(Span(start, start + 8), "old_name", "new_name", "patch-target"),)
    )


CONSUMER = "def {}(): return 1\n\ndef use(): return {}()\n"
PATCHED = """\
from unittest.mock import patch
from p import consumer

@patch("p.consumer.{}", return_value=2)
def test_use(made):
    assert consumer.use() == 2
"""
GUARD = "def test_names():\n    from p import consumer\n    assert 'old' in consumer.use.__code__.co_names[0]\n"


def test_a_consumer_and_the_strings_that_patch_it_go_back_together(tmp_path: Path) -> None:
    old, new = CONSUMER.replace("{}", "old_name"), CONSUMER.replace("{}", "new_name")
    others = {f"p/m{number}.py": OLD for number in range(2)}
    fill(tmp_path, others | {"p/consumer.py": old.encode(), "test_p.py": PATCHED.format("old_name").encode()})
    fill(tmp_path, {"p/__init__.py": b"", "test_guard.py": GUARD.encode()})
    plan = plan_of(
        FileChange("p/consumer.py", old.encode(), new.encode()),
        *(FileChange(path, OLD, NEW) for path in others),
        patching("test_p.py", PATCHED.format("old_name"), PATCHED.format("new_name")),
    )
    assert coupled_files(plan)["test_p.py"] == {"p/consumer.py"}
    gated = apply_gated(tmp_path, plan, f"{PYTEST} test_guard.py", bisect=True)  # the gate does not run test_p.py
    assert {file.path for file in gated.guilty} == {"p/consumer.py", "test_p.py"}
    assert sum(file.along for file in gated.guilty) == 1
    assert apply_gated(tmp_path, plan_of(), PYTEST).results[0].before.bad == {}, "a hole was left"


def test_an_importer_takes_its_facade_back_along() -> None:
    found = Finding("a.py", 1, 1, "old", "import", Verdict.SAFE, "", chain=("p:old", "p.facade:old"), applied=True)
    changes = [FileChange(path, b"", b"1") for path in ("a.py", "p/__init__.py", "p/facade.py", "b.py")]
    plan = plan_of(*changes)
    plan = type(plan)(**{**{name: getattr(plan, name) for name in plan.__slots__}, "findings": (found,)})
    assert coupled_files(plan) == {"a.py": {"p/__init__.py", "p/facade.py"}}
