"""What a program did before its migration it does after; what raised may work afterwards, but nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, note, settings

from tests.differential.programs import programs
from tests.helpers import Outcome, migrate

DRIVER = Path(__file__).with_name("driver.py")


def results(root: Path, count: int) -> list[dict[str, Any]]:
    """Run the programs of a tree and return what each function gives."""
    command = [sys.executable, "-B", str(DRIVER), str(count)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def worked(outcome: Any) -> bool:
    """Whether no exception is anywhere in what came out."""
    return "raises" not in json.dumps(outcome)


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return what worked and is something else now."""
    if "import" in before:
        return []
    return [
        f"{name}: {old} -> {after.get(name)}" for name, old in before.items() if worked(old) and after.get(name) != old
    ]


def check(texts: list[str]) -> None:
    """Migrate programs together and compare what they do."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        done: Outcome = migrate(root, {f"tests/p{number}.py": text for number, text in enumerate(texts)})
        before = results(root, len(texts))
        for change in done.plan.changes:
            (root / change.path).write_bytes(change.after)
        after = results(root, len(texts))
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            found = differences(old, new)
            if found:
                note(texts[number])
                note(done.text(f"tests/p{number}.py"))
                note(
                    "\n".join(f"{f.line}: {f.word} {f.verdict}: {f.reason}" for f in done.found(f"tests/p{number}.py"))
                )
            assert not found


EACH = 8
SMALL = 96
PROGRAMS = int(os.environ.get("RECANON_PROGRAMS", str(SMALL)))


@settings(
    max_examples=PROGRAMS // EACH,
    deadline=None,
    derandomize=PROGRAMS == SMALL,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(programs(EACH))
def test_what_worked_does_the_same(texts: list[str]) -> None:
    check(texts)


def test_a_difference_is_seen() -> None:
    before = {"run_0": ["UnifiedWebSocketManager", True], "run_1": ["raises", "TypeError"], "run_2": None}
    after = {"run_0": ["coroutine", "deep"], "run_1": "now it works", "run_2": None}
    assert [text.partition(":")[0] for text in differences(before, after)] == ["run_0"]
