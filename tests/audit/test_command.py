"""`recanon audit` on the fixture application."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from recanon.audit import make_audit
from recanon.detectors import DETECTORS
from recanon.pack import load_pack
from recanon.settings import Settings
from tests.command import run_text

ROOT = Path(__file__).parents[2]
TREE = ROOT / "fixtures" / "netra_mini"

COUNTS = {
    "deprecated": 222,
    "noncanonical-imports": 28,
    "implementations": 5,
    "shims": 3,
    "factories": 9,
    "fragmentation": 5,
    "inconsistent-resolution": 10,
    "import-order": 0,
    "cycles": 1,
    "constructor-calls": 1,
    "awaits": 8,
}


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return run_text("audit", *words)


def test_json_has_mentions_compliance_findings_and_yardsticks(tmp_path: Path) -> None:
    done = run(TREE, "--pack", "websocket-ssot", "--format", "json", "-o", tmp_path / "audit.json")
    assert done.returncode == 0, done.stderr
    audit = json.loads((tmp_path / "audit.json").read_text())
    verdicts = [count for name, count in audit["mentions"].items() if name != "all"]
    assert audit["mentions"]["all"] == sum(verdicts)
    places = audit["compliance"]["places"]
    assert places["old"] == sum(share["old"] for share in audit["compliance"]["kinds"].values())
    assert places["old"] == sum(share["old"] for share in audit["compliance"]["folders"].values())
    assert set(audit["yardsticks"]) == {"compliance", "initialisation", "census"}
    assert all({"detector", "file", "line", "symbol", "chain"} <= set(finding) for finding in audit["findings"])
    counts = Counter(finding["detector"] for finding in audit["findings"])
    assert all(counts[item["id"]] == item["findings"] for item in audit["detectors"])
    assert [item["id"] for item in audit["detectors"]] == [detector.id for detector in DETECTORS]
    assert set(audit["beside"]["census"]) == {
        *("managers", "shims", "factories", "fragmented", "cycles", "noncanonical"),
    }


@pytest.mark.skipif(sys.version_info < (3, 12), reason="under 3.11 one more file cannot be parsed: other figures")
def test_text_names_shares_yardsticks_and_places() -> None:
    done = run(TREE, "--pack", "websocket-ssot")
    assert done.returncode == 0, done.stderr
    for piece in ("compliance: ", "by folder", "published 18.2", "manual: ", "cycles: ", "account: mentions "):
        assert piece in done.stdout
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    assert "\n".join(done.stdout.splitlines()[:3]) in page, "docs/audit.md shows another output"


@pytest.mark.parametrize(
    "words",
    [
        ("nowhere", "--pack", "websocket-ssot"),
        (TREE, "--pack", "nothing"),
        (TREE, "--pack", "websocket-ssot", "-o", "no/such/f"),
    ],
)
def test_wrong_words_end_with_two_and_a_hint(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) >= 2


def test_only_the_detectors_that_are_asked_for_are_run() -> None:
    words = (TREE, "--pack", "websocket-ssot", "--detector", "cycles", "--detector", "shims", "--format", "json")
    done = run(*words)
    assert done.returncode == 0, done.stderr
    audit = json.loads(done.stdout)
    assert {finding["detector"] for finding in audit["findings"]} == {"cycles", "shims"}
    assert audit["yardsticks"] == {}


def test_a_tree_without_the_api_is_no_success_of_a_hundred_percent(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    done = run(tmp_path, "--pack", "websocket-ssot")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("compliance: no place uses the old or the canonical API")
    assert "%" not in done.stdout.splitlines()[0]


def test_a_detector_that_finds_nothing_says_so() -> None:
    done = run(TREE, "--pack", "websocket-ssot", "--detector", "import-order")
    assert (done.returncode, done.stderr) == (0, "")
    assert "import-order: nothing found\n" in done.stdout


def test_an_unknown_detector_is_wrong_use_with_the_nearest_name() -> None:
    done = run(TREE, "--pack", "websocket-ssot", "--detector", "cycels")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean cycles?" in done.stderr


def test_the_detectors_are_listed_with_what_they_find_as_the_page_has_them() -> None:
    done = run("--list-detectors")
    assert done.returncode == 0, done.stderr
    page = " ".join((ROOT / "docs" / "detectors.md").read_text(encoding="utf-8").split())
    for detector in DETECTORS:
        assert f"{detector.id}  {detector.definition}" in done.stdout
        assert f"## {detector.id} {detector.definition}" in page


@pytest.mark.skipif(sys.version_info < (3, 12), reason="under 3.11 one more file cannot be parsed: other figures")
def test_what_the_detectors_find_in_the_fixture_application() -> None:
    """The counts were checked by eye, place by place."""
    audit = make_audit(TREE, load_pack("websocket-ssot"), Settings(jobs=1))
    assert {item.id: len(item.findings) for item in audit.detected} == COUNTS
    assert all(finding.origin and finding.line for finding in audit.findings if finding.detector != "deprecated")
