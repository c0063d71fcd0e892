"""What a program did before a symbol of it moved, it does afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from recanon.errors import UsageError
from recanon.move.planner import Request, plan_move
from recanon.outcome import Verdict
from recanon.settings import Settings
from tests.helpers import slow
from tests.move.helpers import tree, write
from tests.move.programs import programs

DRIVER = Path(__file__).with_name("driver.py")
EACH = 8
SMALL = 32
PROGRAMS = int(os.environ.get("RECANON_MOVE_PROGRAMS", str(SMALL)))


def results(roots: list[Path]) -> list[dict[str, Any]]:
    """Run the programs of some trees and return what each of their functions gives."""
    command = [sys.executable, "-B", str(DRIVER), *map(str, roots)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def differences(before: Mapping[str, Any], after: Mapping[str, Any], told: frozenset[str] = frozenset()) -> list[str]:
    """Return what worked and is something else now, except in the modules of which a person is told to look."""
    return [
        f"{name}: {old} -> {after.get(name)}"
        for name, old in before.items()
        if "raises" not in json.dumps(old) and after.get(name) != old and name.rpartition(".")[0] not in told
    ]


def move(root: Path, new: str) -> frozenset[str] | None:
    """Move the symbol; return the modules of which a person is told to look, or None where it cannot move.

    What a test module calls lies in other modules, so it is told of what is told of them.
    """
    try:
        plan = plan_move(root, Request("app.core.fetch", new, Settings(jobs=1)))
    except UsageError:
        return None
    assert plan.account.balanced
    write(root, plan)
    paths = {finding.path for finding in plan.findings if finding.verdict is Verdict.MANUAL}
    modules = {path.removesuffix(".py").replace("/", ".") for path in paths}
    return frozenset(modules | ({"test_use"} if modules else set()))


def check(texts: list[Mapping[str, str]], new: str) -> int:
    """Move the symbol of some programs, compare what they do, and return how many could move."""
    with TemporaryDirectory() as folder:
        roots = [Path(folder, str(number)) for number in range(len(texts))]
        for root, files in zip(roots, texts, strict=True):
            tree(root, files)
        before = results(roots)
        told = [move(root, new) for root in roots]
        after = results(roots)
        for number, look in enumerate(told):
            if found := differences(before[number], after[number], look or frozenset()):
                pytest.fail("\n".join([*found, *_listing(roots[number], texts[number])]), pytrace=False)
        return sum(look is not None for look in told)


def _listing(root: Path, before: Mapping[str, str]) -> list[str]:
    found = [f"=== {path} before\n{text}" for path, text in before.items()]
    return found + [f"=== {p.relative_to(root)} after\n{p.read_text()}" for p in sorted(root.rglob("*.py"))]


class Tally:
    """How many programs there were, and in how many the symbol could move."""

    def __init__(self) -> None:
        self.programs = self.moved = 0


@pytest.mark.parametrize("new", [slow("app.core.load"), slow("app.other.fetch"), slow("app.api.fetch"), "app.api.load"])
def test_what_worked_does_the_same(new: str) -> None:
    tally = Tally()

    @settings(
        max_examples=PROGRAMS // EACH,
        deadline=None,
        derandomize=PROGRAMS == SMALL,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(programs(), min_size=EACH, max_size=EACH))
    def run(texts: list[Mapping[str, str]]) -> None:
        tally.moved += check(texts, new)
        tally.programs += len(texts)

    run()
    assert tally.moved > tally.programs // 4, "too few moves are allowed for the test to say anything"


def test_a_difference_is_seen() -> None:
    before = {"m.run_0": "donex", "m.run_1": ["raises", "TypeError"], "m": ["raises", "ImportError"]}
    after = {"m.run_0": "s", "m.run_1": "now it works"}
    assert differences(before, after) == ["m.run_0: donex -> s"]
