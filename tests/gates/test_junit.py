"""What pytest reports, read from real runs of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from recanon.gates.junit import Report, ReportError, read_junit

SUITE = """
import pytest

@pytest.fixture
def torn():
    yield
    raise ValueError("torn")

class TestA:
    class TestB:
        @pytest.mark.parametrize("x", [1, "a::b.c"])
        def test_p(self, x): assert x == 1, "boom\\nand more"

def test_ok(): pass
def test_skip(): pytest.skip("no")
@pytest.mark.xfail
def test_x(): assert 0
def test_torn(torn): pass
"""


def report(root: Path, **files: str) -> Report:
    (root / "t").mkdir()
    for name, text in files.items():
        (root / "t" / f"{name}.py").write_text(text)
    own = ["-o", "junit_family=xunit1", f"--junitxml={root}/out.xml", "-p", "no:cacheprovider", "-p", "no:xdist"]
    line = [sys.executable, "-m", "pytest", "-q", "--continue-on-collection-errors", *own, "t"]
    subprocess.run(line, cwd=root, capture_output=True, check=False)
    return read_junit(root / "out.xml")


def test_tests_have_the_names_that_pytest_takes(tmp_path: Path) -> None:
    tests = report(tmp_path, test_a=SUITE, test_gone="import no_such_module\n")
    assert tests.passed == {"t/test_a.py::TestA::TestB::test_p[1]", "t/test_a.py::test_ok"}
    assert tests.skipped == {"t/test_a.py::test_skip", "t/test_a.py::test_x"}
    assert tests.failed == {
        "t/test_a.py::TestA::TestB::test_p[a::b.c]": "AssertionError: boom",
        "t/test_a.py::test_torn": "ValueError: torn",
        "t/test_gone.py": "ModuleNotFoundError: No module named 'no_such_module'",
    }


@pytest.mark.parametrize("text", [None, "", "<testsuites><testsuite><testcase"])
def test_a_report_that_is_missing_or_torn_is_refused(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "out.xml").write_text(text)
    with pytest.raises(ReportError):
        read_junit(tmp_path / "out.xml")
