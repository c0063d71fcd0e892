"""`recanon audit` on the fixture application."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TREE = ROOT / "fixtures" / "netra_mini"


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "recanon", "audit", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_json_has_mentions_compliance_findings_and_yardsticks(tmp_path: Path) -> None:
    done = run(TREE, "--pack", "websocket-ssot", "--format", "json", "-o", tmp_path / "audit.json")
    assert done.returncode == 0, done.stderr
    audit = json.loads((tmp_path / "audit.json").read_text())
    verdicts = [count for name, count in audit["mentions"].items() if name != "all"]
    assert audit["mentions"]["all"] == sum(verdicts)
    places = audit["compliance"]["places"]
    assert places["old"] == len(audit["findings"])
    assert places["old"] == sum(share["old"] for share in audit["compliance"]["folders"].values())
    assert set(audit["yardsticks"]) == {"compliance", "initialisation", "census"}
    assert all({"file", "line", "symbol", "chain"} <= set(finding) for finding in audit["findings"])


def test_text_names_shares_yardsticks_and_places() -> None:
    done = run(TREE, "--pack", "websocket-ssot")
    assert done.returncode == 0, done.stderr
    for piece in ("compliance: ", "by folder", "published 18.2", "manual: ", "account: mentions "):
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
