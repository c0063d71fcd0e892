"""The suite of the fixture application fails before the migration where it has something to do, and passes after."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.suite.kit import FIXTURE, FOLDER, PACK, ROOT, copy_of, recanon, run_suite

BROKEN_BEFORE = {
    "test_no_import_takes_the_old_api",
    "test_no_module_offers_an_old_name",
    "test_the_running_application_offers_no_other_old_name",
}


def test_before_the_migration_the_violations_fail(before: Path) -> None:
    assert run_suite(before).failed == BROKEN_BEFORE


def test_after_the_migration_all_pass_and_quickly(after: Path) -> None:
    begun = time.monotonic()
    ran = run_suite(after)
    assert not ran.failed, ran.said
    assert ran.skipped == 0
    assert ran.passed == 23
    assert time.monotonic() - begun < 30  # under 10 s on a machine that does nothing else


def test_the_page_shows_what_fails_before_and_what_passes_after(before: Path, after: Path) -> None:
    page = (ROOT / "docs" / "validation-tests.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| `test_") and line.count("|") == 5]
    rows = {line.split("`")[1]: line.split("|")[3:5] for line in lines}
    collected = run_suite(after, "--collect-only").said
    names = {line.partition("::")[2].partition("[")[0] for line in collected.splitlines() if "::" in line}
    assert set(rows) == names
    shown = {name for name, (was, now) in rows.items() if was.strip() == "fails"}
    assert shown == BROKEN_BEFORE
    assert all(now.strip() == "passes" for _, now in rows.values())


def test_a_suite_made_after_the_migration_allows_the_same(after: Path, tmp_path: Path) -> None:
    recanon("guard", "tests", after, *PACK, "--include", "review", "-o", tmp_path / "suite")
    one, other = (json.loads((folder / "tables.json").read_bytes()) for folder in (after / FOLDER, tmp_path / "suite"))

    def counts(tables: dict[str, dict[str, dict[str, dict[str, dict[str, int]]]]]) -> dict[tuple[str, str, str], int]:
        allowed = tables["allowed"].items()
        return {
            (kind, path, what): entry["count"]
            for kind, files in allowed
            for path, entries in files.items()
            for what, entry in entries.items()
        }

    assert counts(one) == counts(other)
    assert one["rules"] == other["rules"]


def test_without_the_rewrites_for_review_the_suite_allows_what_they_would_change(tmp_path: Path) -> None:
    tree = copy_of(FIXTURE, tmp_path / "netra_mini")
    recanon("guard", "tests", tree, *PACK, "-o", tree / FOLDER)
    recanon("apply", tree, *PACK, "--yes")
    assert not run_suite(tree, "-k", "not order").failed


def test_the_suite_adds_no_mention_of_the_old_api(before: Path) -> None:
    with_suite = recanon("preview", before, *PACK, "--format", "summary")
    without = recanon("preview", FIXTURE, *PACK, "--format", "summary")
    assert with_suite.splitlines()[-1] == without.splitlines()[-1]


def test_the_same_tree_gives_the_same_suite(before: Path, tmp_path: Path) -> None:
    tree = copy_of(FIXTURE, tmp_path / "elsewhere")
    recanon("guard", "tests", tree, *PACK, "--include", "review", "-o", tree / FOLDER, "--jobs", "1")
    for file in sorted((before / FOLDER).iterdir()):
        if file.is_file():
            assert file.read_bytes() == (tree / FOLDER / file.name).read_bytes(), file.name


def test_the_files_are_laid_out_and_say_what_they_are(before: Path) -> None:
    ruff = [sys.executable, "-m", "ruff"]
    for words in (["format", "--check"], ["check", "--select", "E4,E7,E9,F,B,I"]):
        line = [*ruff, *words, "--isolated", "--no-cache", "--target-version", "py310", str(before / FOLDER)]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    for file in sorted((before / FOLDER).glob("*.py")):
        text = file.read_text(encoding="utf-8")
        assert "recanon guard tests" in text.partition('"""')[2].partition('"""')[0], file.name
        if file.name.startswith("test_"):
            assert "Guards that" in text, file.name
            assert "When it fails" in text, file.name
        assert "import recanon" not in text
        assert "from recanon" not in text


@pytest.mark.parametrize("mode", ["prepend", "append", "importlib"])
def test_the_suite_runs_under_every_way_in_which_pytest_imports(after: Path, mode: str) -> None:
    ran = run_suite(after, f"--import-mode={mode}", "-k", "imports or events")
    assert not ran.failed
    assert ran.passed == 7


def test_a_suite_outside_of_the_tree_is_run_from_its_root(after: Path, tmp_path: Path) -> None:
    recanon("guard", "tests", after, *PACK, "--include", "review", "-o", tmp_path / "suite")
    assert not run_suite(after, "-k", "imports or events", folder=str(tmp_path / "suite")).failed
