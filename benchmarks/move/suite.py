"""The tests of a repository, run in a copy of it."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.move.places import Places
from benchmarks.move.truth import Repository


def passed(places: Places, repository: Repository, tree: Path) -> tuple[set[str], float]:
    """Run the tests of a copy; return those that passed, and the seconds it took."""
    report = places.work / f"{tree.name}.xml"
    report.unlink(missing_ok=True)
    python = places.tests_of(repository)
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *repository.tests]
    start = time.perf_counter()
    subprocess.run(command, cwd=tree, env=places.environment_for(tree), capture_output=True, stdin=subprocess.DEVNULL)
    spent = time.perf_counter() - start
    if not report.exists():
        return set(), spent
    cases = ElementTree.parse(report).iter("testcase")
    return {f"{case.get('classname')}::{case.get('name')}" for case in cases if not any(is_bad(x) for x in case)}, spent


def is_bad(element: ElementTree.Element) -> bool:
    """Return whether an element of a test's report says that it did not pass."""
    return element.tag in {"failure", "error", "skipped"}


def baseline(places: Places, repository: Repository) -> set[str]:
    """Return the tests that pass twice in an untouched copy, remembered between calls."""
    memory = places.work / f"{repository.name}-baseline.json"
    if not memory.exists():
        runs = [passed(places, repository, places.copy(repository, "untouched"))[0] for _ in range(2)]
        memory.write_text(json.dumps(sorted(runs[0] & runs[1])))
    return set(json.loads(memory.read_text()))
