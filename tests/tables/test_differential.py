"""Random programs do the same before and after a table rewrites their calls.

The suite runs a few; `make differential` runs many more, by the number in `RECANON_TABLE_PROGRAMS`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tables.kit import migrate
from tests.tables.programs import Case

COUNT = int(os.environ.get("RECANON_TABLE_PROGRAMS", "12"))


def ran(root: Path) -> str:
    done = subprocess.run([sys.executable, "use.py"], cwd=root, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr.rpartition("\n  ")[2]


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_program_does_the_same_with_its_calls_rewritten(tmp_path: Path, seed: int) -> None:
    case = Case(seed)
    outcome = migrate(tmp_path, case.tables(), case.files())
    before = ran(outcome.root)
    for change in outcome.plan.changes:
        (outcome.root / change.path).write_bytes(change.after)
    assert ran(outcome.root) == before, outcome.reasons()


def test_programs_are_rewritten_at_all(tmp_path: Path) -> None:
    verdicts: list[str] = []
    for seed in range(COUNT):
        case = Case(seed)
        verdicts += migrate(tmp_path / str(seed), case.tables(), case.files()).verdicts()
    assert verdicts.count("safe") * 3 > len(verdicts)
