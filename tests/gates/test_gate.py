"""A gate as a user writes it."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from recanon.errors import UsageError
from recanon.gates.gate import Gate, Kind, check_programs, parse_gate, pytest_word


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("python -m pytest 'a b'", Gate("python -m pytest 'a b'", Kind.TESTS, ("python", "-m", "pytest", "a b"))),
        ("env A=1 pytest -q", Gate("env A=1 pytest -q", Kind.TESTS, ("env", "A=1", "pytest", "-q"))),
        ("/usr/bin/pytest", Gate("/usr/bin/pytest", Kind.TESTS, ("/usr/bin/pytest",))),
        ("ls tests/pytest", Gate("ls tests/pytest", Kind.COMMAND, ("ls", "tests/pytest"))),
        ("sh -c 'pytest -q'", Gate("sh -c 'pytest -q'", Kind.COMMAND, ("sh", "-c", "pytest -q"))),
        (" no-new-manual ", Gate("no-new-manual", Kind.MANUAL)),
        ("compliance >= 75.5 %", Gate("compliance >= 75.5 %", Kind.COMPLIANCE, limit=75.5)),
        ("slower<=5%: a b", Gate("slower<=5%: a b", Kind.SLOWER, ("a", "b"), 5)),
        ("slower<=0: a", Gate("slower<=0: a", Kind.SLOWER, ("a",), 0)),
        ("diagnostics: mypy app", Gate("diagnostics: mypy app", Kind.DIAGNOSTICS, ("mypy", "app"))),
    ],
)  # fmt: skip
def test_what_a_gate_means(text: str, gate: Gate) -> None:
    assert parse_gate(text) == gate


@pytest.mark.parametrize(
    "command",
    [
        "pytest", ".venv/bin/pytest -q", "py.test", "python -m pytest", "/usr/bin/python3.12 -W error -X dev -m pytest",
        "python -P -m coverage run --branch -m pytest", "coverage run -p --source app -m pytest", "uv run -q pytest",
        "uv run --with pytest --python 3.12 pytest", "poetry -C app run pytest", "hatch -e test run pytest",
        "pdm run pytest", "tox exec -e py -- pytest", "xvfb-run -a -s '-screen 0' python -m pytest",
        "env -u HOME A=1 python -m pytest", "timeout 60s nice -n 10 pytest",
    ],
)  # fmt: skip
def test_pytest_is_known_by_its_place(command: str) -> None:
    gate = parse_gate(f"{command} pytest")  # the last word is a folder of that name
    assert gate.kind is Kind.TESTS
    words = shlex.split(command)
    assert pytest_word(gate.command) == max(place for place, word in enumerate(words) if re.search(r"py\.?test$", word))


@pytest.mark.parametrize(
    "command",
    [
        "grep -rc pytest f", "python scripts/count.py pytest", "python -c 'import x' pytest", "python -m mypy pytest",
        "uv run grep -c pytest f", "env A=1 grep pytest f", "make pytest", "git commit -m pytest", "nice ls pytest",
        "uv pip show pytest", "python -m coverage report pytest", "python -m pip show pytest",
    ],
)  # fmt: skip
def test_a_word_pytest_is_not_pytest(command: str) -> None:
    assert parse_gate(command).kind is Kind.COMMAND


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("''", "has no command"),
        ("diagnostics:", "has no command"),
        ("slower<=5%:", "has no command"),
        ("compliance>=abc", "abc is no percentage"),
        ("compliance>=", "nothing is no percentage"),
        ("compliance>=101", "101 is no percentage"),
        ("compliance>=-1", "-1 is no percentage"),
        ("compliance>=nan", "nan is no percentage"),
        ("slower<=x%: a", "x% is no percentage"),
        ("slower<=200%: a", "200% is no percentage"),
        ("compliance>75", "there is no gate compliance>75"),
        ("complience>=75", "there is no gate complience>=75"),
        ("faster<=5%: a", "there is no gate faster"),
        ("diagnostic: mypy", "there is no gate diagnostic: mypy"),
        ("slower<=5%", "there is no gate slower<=5%"),
        ("cd app && pytest", "runs without a shell"),
        ("mypy app | tail", "runs without a shell"),
        ("pytest 'a", "No closing quotation"),
        ("pytest --junitxml=a.xml", "given by recanon itself"),
    ],
)
def test_what_is_no_gate_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_gate(text)
    assert message in caught.value.message
    assert caught.value.hint


def test_a_program_must_be_there_and_executable(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    (tmp_path / "folder").mkdir()
    for text, message in (
        ("no-such-program-anywhere -q", "there is no program no-such-program-anywhere"),
        ("A=1 python", "there is no program A=1"),
        ("./gone", "gone"),
        ("./plain", "cannot be executed"),
        ("./folder", "cannot be executed"),
    ):
        with pytest.raises(UsageError, match=message):
            check_programs([parse_gate(text)], tmp_path)
    check_programs([parse_gate(sys.executable), parse_gate("no-new-manual")], tmp_path)
