"""SARIF: what comes out is what the standard, its readers and the tree itself say it must be."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from jsonschema import Draft4Validator

from recanon.provenance import public_url, read_provenance
from recanon.report.entries import file_entries, further_findings
from recanon.report.model import Report
from recanon.report.sarif import report_sarif
from tests.report.kit import FIXTURE, awaited, fixture_report, hostile_report, report_of, sarif_validator


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    return sarif_validator()


def log_of(report: Report) -> Any:
    return json.loads(report_sarif(report))


def run_of(report: Report) -> Any:
    return log_of(report)["runs"][0]


def path_of(location: Mapping[str, Any]) -> bytes:
    return unquote_to_bytes(location["artifactLocation"]["uri"])


def test_the_official_schema_holds(validator: Draft4Validator, tmp_path: Path) -> None:
    for report in (fixture_report(), hostile_report(tmp_path)):
        log = log_of(report)
        assert [error.message for error in validator.iter_errors(log)] == []
        assert log["runs"][0]["results"]
    broken = log_of(fixture_report())
    broken["runs"][0]["results"][0]["level"] = "terrible"
    assert list(validator.iter_errors(broken)), "a validator that accepts everything proves nothing"


def test_each_result_points_at_the_word_that_it_is_about() -> None:
    run = run_of(fixture_report())
    assert run["columnKind"] == "unicodeCodePoints"
    pointed = 0
    for result in run["results"]:
        physical = result["locations"][0]["physicalLocation"]
        region = physical["region"]
        path = path_of(physical).decode()
        line = text_of(path)[region["startLine"] - 1]
        if "endColumn" in region:
            word = line[region["startColumn"] - 1 : region["endColumn"] - 1]
            assert f" {word}: " in result["message"]["text"]
            pointed += 1
    assert pointed > len(run["results"]) * 0.8


def text_of(path: str) -> list[str]:
    """Return the lines of a file of the fixture; those that do not decode are no matter here."""
    data = (FIXTURE / path).read_bytes()
    return data.decode("utf-8" if b"coding: latin-1" not in data else "latin-1").split("\n")


def test_every_result_names_its_rule_and_every_rule_helps() -> None:
    run = run_of(fixture_report())
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert {result["ruleId"] for result in run["results"]} == {rule["id"] for rule in rules}
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_what_fails_today_is_an_error_and_what_is_left_is_no_result() -> None:
    report = fixture_report()
    results = run_of(report)["results"]
    assert {result["level"] for result in results} == {"error", "warning", "note"}
    verdicts = report.audit.plan.account.verdicts
    mentions = sum(count for name, count in verdicts.items() if name in {"safe", "review", "manual"})
    assert len(results) == mentions + len(list(further_findings(report.audit)))


def test_what_a_detector_finds_besides_the_mentions_is_a_result_of_its_own_rule() -> None:
    run = run_of(fixture_report())
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    for detected in fixture_report().audit.detected:
        found = [result for result in run["results"] if result["ruleId"] == detected.id]
        assert len(found) <= len(detected.findings)
        if found:
            assert rules[detected.id]["help"]["text"] == f"{detected.definition} {detected.advice}"
            assert {result["level"] for result in found} == {"note" if detected.id == "cycles" else "warning"}
            assert all(detected.id in result["properties"]["detectors"] for result in found)
    assert {"cycles", "factories", "fragmentation", "shims"} <= rules.keys()


def test_a_mention_that_detectors_find_too_is_one_result() -> None:
    run = run_of(fixture_report())
    seen = [result for result in run["results"] if len(result["properties"].get("detectors", ())) > 1]
    mentions = [result for result in seen if result["properties"]["detectors"][0] == "deprecated"]
    assert mentions
    for result in mentions:
        assert result["ruleId"] not in result["properties"]["detectors"]
        assert [other for other in run["results"] if other["locations"] == result["locations"]] == [result]


def test_what_a_detector_finds_renames_no_mention() -> None:
    report = fixture_report()
    whole = {entry.path: entry for entry in report.files}
    for entry in file_entries(FIXTURE, replace(report.audit, detected=()), {}):
        mentions = [place.fingerprint for place in whole[entry.path].places if place.is_mention]
        assert [place.fingerprint for place in entry.places] == mentions


def test_a_fix_gives_the_very_text_of_the_plan(tmp_path: Path) -> None:
    texts = {
        "app/chat.py": awaited("# ascii\n"),
        "app/wide.py": awaited("x = '🙂é'\n") + "\n\nasync def h(c):\n    '🙂'; await create_websocket_manager(c)\n",
        "app/dos.py": awaited("x = 1\n").replace("\n", "\r\n"),
    }  # fmt: skip
    report = report_of(tmp_path, texts)
    changes = {change.path: change for change in report.audit.plan.changes}
    assert changes.keys() >= texts.keys()
    fixed = set()
    for result in run_of(report)["results"]:
        for fix in result.get("fixes", ()):
            (artifact,) = fix["artifactChanges"]
            path = path_of(artifact).decode()
            change = changes[path]
            assert repaired(change.before.decode(), artifact["replacements"]) == change.after.decode()
            fixed.add(path)
    assert fixed == changes.keys()


def repaired(text: str, replacements: list[dict[str, Any]]) -> str:
    """Apply replacements as a viewer would: by line and column, from the end."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    for part in reversed(replacements):
        region = part["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:start] + part["insertedContent"]["text"] + text[end:]
    return text


def test_paths_are_relative_references_that_lead_back_to_the_file(tmp_path: Path) -> None:
    report = hostile_report(tmp_path)
    run = run_of(report)
    found = set()
    for result in run["results"]:
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        parts = urlsplit(artifact["uri"])
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
        assert artifact["uriBaseId"] == "%SRCROOT%"
        found.add(unquote_to_bytes(artifact["uri"]))
    paths = {entry.path.encode("utf-8", "surrogateescape") for entry in report.files}
    assert found <= paths
    assert len(found) >= 8


def test_a_message_holds_no_link_and_no_placeholder(tmp_path: Path) -> None:
    texts = [result["message"]["text"] for result in run_of(hostile_report(tmp_path))["results"]]
    assert not [text for text in texts if "](" in text or "\x1b" in text or "\u202e" in text]
    assert not [text for text in texts if "{" in text.replace("{{", "")]


def test_a_fingerprint_stays_when_lines_move(tmp_path: Path) -> None:
    def named(folder: str, text: str) -> dict[str, str]:
        run = run_of(report_of(tmp_path / folder, {"app/chat.py": text}))
        return {
            f"{result['ruleId']} {result['message']['text']}": result["partialFingerprints"]["recanon/v1"]
            for result in run["results"]
            if path_of(result["locations"][0]["physicalLocation"]) == b"app/chat.py"
        }

    before = named("before", awaited())
    assert before
    assert named("after", awaited("import os\n\n\nprint(os)\n")) == before


def test_files_that_were_not_worked_on_are_told(tmp_path: Path) -> None:
    report = report_of(tmp_path, {"app/broken.py": f"{awaited()}\ndef ("})
    (invocation,) = run_of(report)["invocations"]
    assert invocation["executionSuccessful"] is True
    assert invocation["exitCode"] == 0
    (told,) = invocation["toolExecutionNotifications"]
    assert path_of(told["locations"][0]["physicalLocation"]) == b"app/broken.py"


def test_the_fixture_stays_far_below_the_limits_of_code_scanning() -> None:
    run = run_of(fixture_report())
    assert len(run["results"]) <= 5_000
    assert all(len(result["locations"]) == 1 for result in run["results"])
    assert all(len(rule["properties"]["tags"]) <= 10 for rule in run["tool"]["driver"]["rules"])


@pytest.mark.parametrize(
    ("remote", "shown"),
    [
        ("https://name:secret@example.org/a/b.git", "https://example.org/a/b.git"),
        ("https://example.org:8443/a/b?token=1#x", "https://example.org:8443/a/b"),
        ("git@example.org:a/b.git", "ssh://git@example.org/a/b.git".replace("git@", "")),
        ("ssh://git@example.org/a/b.git", "ssh://example.org/a/b.git"),
        ("/home/somebody/b", ""),
        ("../b", ""),
        ("file:///home/somebody/b", ""),
        ("", ""),
        ("http://[broken", ""),
    ],
)
def test_a_remote_is_shown_without_secrets_and_without_paths_of_this_machine(remote: str, shown: str) -> None:
    assert public_url(remote) == shown


def test_the_commit_is_named_only_where_it_is_the_tree(tmp_path: Path) -> None:
    report = report_of(tmp_path, {"app/chat.py": awaited()})
    assert read_provenance(tmp_path) is None, "no repository"
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    assert read_provenance(tmp_path) is None, "no remote"
    git(tmp_path, "remote", "add", "origin", "https://u:p@example.org/a.git")
    found = read_provenance(tmp_path)
    assert found is not None
    assert (found.repository, found.branch, len(found.revision)) == ("https://example.org/a.git", "main", 40)
    assert read_provenance(tmp_path / "app") is None, "a part of the repository"
    (told,) = run_of(replace(report, provenance=found))["versionControlProvenance"]
    assert told["revisionId"] == found.revision
    assert "versionControlProvenance" not in run_of(report)
    (tmp_path / "app" / "chat.py").write_text("changed = 1\n")
    assert read_provenance(tmp_path) is None, "changed since"


def git(root: Path, *words: str) -> None:
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, "-C", root, *words], check=True, capture_output=True)
