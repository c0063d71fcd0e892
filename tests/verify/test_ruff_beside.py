"""While ruff reads in a process beside, the other steps go on; whatever they do, nothing is left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest

from recanon.errors import RecanonError
from recanon.outcome import Reverted
from recanon.plan import FileChange
from recanon.resolve.program import Program
from recanon.verify import failures
from recanon.verify.names import names
from recanon.verify.trial import Trial

NOBODY = cast(Program, None)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let temporary folders be made in one of our own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def trial(files: int) -> Trial:
    """Return a trial in which every third file loses a definition that it needs."""
    changes = [FileChange(f"{n}.py", b"x = 1\nprint(x)\n", b"" if n % 3 else b"print(x)\n") for n in range(files)]
    return Trial(NOBODY, NOBODY, {change.path: change for change in changes})


@pytest.mark.parametrize("files", [3, 60])
def test_what_ruff_finds_is_the_same_for_few_files_and_for_many(temporary: Path, files: int) -> None:
    found = failures(trial(files), (names,))
    assert set(found) == {f"{number}.py" for number in range(0, files, 3)}
    assert list(temporary.iterdir()) == []


def test_nothing_is_left_behind_where_another_step_ends_the_run(temporary: Path) -> None:
    def ending(trial: Trial) -> Iterator[Reverted]:
        yield from ()
        if trial.changes:
            raise RecanonError("ended")

    with pytest.raises(RecanonError, match="ended"):
        failures(trial(300), (names, ending))
    assert list(temporary.iterdir()) == []


def test_what_is_wrong_with_ruff_is_said_as_it_is(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[dict[str, str]]:
        raise ValueError("not what ruff writes")

    monkeypatch.setattr(import_module("recanon.verify.names"), "_ruff", broken)
    with pytest.raises(ValueError, match="not what ruff writes"):
        failures(trial(60), (names,))
