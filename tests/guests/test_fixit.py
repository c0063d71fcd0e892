"""Fixit rules as guests."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.engines.fixit_rule import FixitRule
from recanon.errors import UsageError
from recanon.guests.result import State
from tests.guests.kit import fill, result, run, written

TEXT = "def f(x):\n    return x == None or x != None\n"


@pytest.mark.parametrize("module", ["fixit.rules", "fixit.rules.compare_singleton_primitives_by_is"])
def test_a_rule_is_found_in_its_module_and_in_its_package(tmp_path: Path, module: str) -> None:
    done = run(fill(tmp_path, {"a.py": TEXT, "b.py": "x = 1\n"}), f"fixit:{module}:CompareSingletonPrimitivesByIs")
    assert written(done) == {"a.py": TEXT.replace("==", "is").replace("!=", "is not")}


def test_a_line_that_the_author_excepts_stays(tmp_path: Path) -> None:
    rule = FixitRule("fixit.rules", "CompareSingletonPrimitivesByIs", tmp_path)
    data = b"x == None  # lint-ignore: CompareSingletonPrimitivesByIs\ny == None\n"
    assert rule("a.py", data).data == data.replace(b"y ==", b"y is")


def test_a_violation_without_autofix_is_a_warning(tmp_path: Path) -> None:
    rule = FixitRule("fixit.rules", "UseFstring", tmp_path)
    made = rule("a.py", b"x = 1\ny = '{}'.format(x)\n")
    assert made.data == b"x = 1\ny = '{}'.format(x)\n"
    assert [warning.partition(":")[0] for warning in made.warnings] == ["line 2"]


def test_a_file_that_cannot_be_read_is_skipped(tmp_path: Path) -> None:
    done = run(fill(tmp_path, {"a.py": "x = (\n"}), "fixit:fixit.rules:CompareSingletonPrimitivesByIs")
    assert (result(done, "a.py").state, result(done, "a.py").reason[:24]) == (State.SKIPPED, "LibCST cannot parse it: ")


@pytest.mark.parametrize(
    ("module", "name", "message"),
    [
        ("fixit.rules", "Nothing", "could not find rule"),
        ("no.such", "Rule", "could not import rule"),
        ("fixit.rules", "AvoidOrInExcept", "has no autofix"),
    ],
)
def test_what_is_no_rule_with_an_autofix_is_refused(tmp_path: Path, module: str, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        FixitRule(module, name, tmp_path)
