"""A gate, as a user writes it: a command, or one of the built-in ones."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from recanon.errors import UsageError

SECONDS = 1800.0  # the time limit of a command, where none is given
FORMS = (
    "compliance>=PERCENT, no-new-manual, diagnostics: COMMAND, slower<=PERCENT%: COMMAND, "
    "or a command such as python -m pytest -q"
)
_COMPLIANCE = re.compile(r"compliance\s*>=\s*(?P<limit>.*)")
_SLOWER = re.compile(r"slower\s*<=\s*(?P<limit>[^:]*?)\s*:(?P<command>.*)", re.DOTALL)
_DIAGNOSTICS = re.compile(r"diagnostics\s*:(?P<command>.*)", re.DOTALL)
# What has the look of a built-in gate and is none: no program's name ends in a colon or holds a comparison.
_LIKE_BUILT_IN = re.compile(r"[\w-]+\s*(?:[<>=]=|[<>:])")
_OPERATORS = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<", "2>", "2>&1"})
_PYTEST = frozenset({"pytest", "py.test"})
# What starts another program, and what stands between the two: an option, a variable, a time, `run`.
_RUNNER = re.compile(
    r"(python|pypy)[\d.]*t?|py|uvx?|poetry|hatch|pdm|pipenv|pipx|rye|tox|conda|coverage|xvfb-run|env|nice|nohup|time|timeout"
)
_BETWEEN = re.compile(r"-.*|\w+=.*|[\d.]+[smhd]?|run|exec", re.DOTALL)
_WITH_VALUE = frozenset({
    "-C", "-W", "-X", "-e", "-k", "-n", "-p", "-s", "-u", "--directory", "--env-file", "--extra", "--group",
    "--package", "--project", "--python", "--rcfile", "--source", "--with",
})  # fmt: skip
_REPORT = re.compile(r"--junit-?xml(=|$)")


class Kind(StrEnum):
    """What a gate looks at."""

    TESTS = "tests"
    COMMAND = "command"
    DIAGNOSTICS = "diagnostics"
    SLOWER = "slower"
    COMPLIANCE = "compliance"
    MANUAL = "no-new-manual"


@dataclass(frozen=True, slots=True)
class Gate:
    """What must hold at the boundary of a phase.

    Args:
        text: as the user wrote it.
        kind: what it looks at.
        command: the words of its command, or ().
        limit: percent, for `compliance` and `slower`.
    """

    text: str
    kind: Kind
    command: tuple[str, ...] = ()
    limit: float = 0.0


def parse_gate(text: str) -> Gate:
    """Read a gate.

    Args:
        text: as it stands behind `--gate`.

    Raises:
        UsageError: it is empty, no such built-in gate, has a wrong number, or a command that needs a shell.
    """
    text = text.strip()
    if not text:
        raise UsageError("a gate is empty", f"Write one of: {FORMS}.")
    if text == Kind.MANUAL:
        return Gate(text, Kind.MANUAL)
    if found := _COMPLIANCE.fullmatch(text):
        return Gate(text, Kind.COMPLIANCE, limit=_percent(text, found["limit"]))
    if found := _SLOWER.fullmatch(text):
        return Gate(text, Kind.SLOWER, _words(text, found["command"]), _percent(text, found["limit"]))
    if found := _DIAGNOSTICS.fullmatch(text):
        return Gate(text, Kind.DIAGNOSTICS, _words(text, found["command"]))
    if _LIKE_BUILT_IN.match(text):
        raise UsageError(f"there is no gate {text}", f"Write one of: {FORMS}.")
    words = _words(text, text)
    kind = Kind.COMMAND if pytest_word(words) is None else Kind.TESTS
    if kind is Kind.TESTS and any(_REPORT.match(word) for word in words):
        raise UsageError(f"gate {text}: --junitxml is given by recanon itself", "Leave it out.")
    return Gate(text, kind, words)


def pytest_word(words: Iterable[str]) -> int | None:
    """Return where pytest stands as the program in a command, or None: at the start, or behind known runners.

    Args:
        words: of the command.
    """
    before = ""
    for place, word in enumerate(words):
        name = word.rpartition("/")[2]
        is_value = before in _WITH_VALUE and not word.startswith("-")
        if name in _PYTEST and not is_value:
            return place
        if not (is_value or _RUNNER.fullmatch(name) or (place and _BETWEEN.fullmatch(word))):
            return None
        before = word
    return None


def check_programs(gates: Iterable[Gate], root: Path) -> None:
    """See that each command can be started, before any work is done.

    Args:
        gates: the gates; those without a command pass.
        root: the tree's root, where they will run.

    Raises:
        UsageError: a program is not there, or cannot be executed.
    """
    for gate in gates:
        if gate.command:
            _check_program(gate, gate.command[0], root)


def _check_program(gate: Gate, name: str, root: Path) -> None:
    if "/" not in name:
        if shutil.which(name) is None:
            hint = "Write variables as `env NAME=VALUE command`." if "=" in name else f"Install it, or write: {FORMS}."
            raise UsageError(f"gate {gate.text}: there is no program {name}", hint)
        return
    path = root / name
    if not path.exists():
        raise UsageError(f"gate {gate.text}: there is no program {path}", "A path is taken from the root of the tree.")
    if not path.is_file() or not os.access(path, os.X_OK):
        raise UsageError(
            f"gate {gate.text}: {path} cannot be executed", "Give the right to (chmod +x), or name its interpreter."
        )


def _words(gate: str, command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as exc:
        raise UsageError(f"gate {gate}: {exc}", "Close the quotation.") from exc
    if not words or not words[0] or "\0" in command:
        raise UsageError(f"gate {gate} has no command", f"Write one of: {FORMS}.")
    if _OPERATORS.intersection(words) or words[0] == "cd":
        raise UsageError(
            f"gate {gate}: a command runs without a shell", "Write sh -c '...' around it; it runs at the tree's root."
        )
    return words


def _percent(gate: str, text: str) -> float:
    number = text.strip().removesuffix("%").strip()
    if not re.fullmatch(r"\d+(\.\d+)?", number) or float(number) > 100:
        raise UsageError(f"gate {gate}: {text or 'nothing'} is no percentage", "Write a number from 0 to 100.")
    return float(number)
