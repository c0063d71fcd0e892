"""The page as text: one file, one policy, and no markup from the tree."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from recanon.report.entries import further_findings
from recanon.report.html import report_html
from recanon.report.model import Report
from tests.report.kit import fixture_report, hostile_report


class Reader(HTMLParser):
    """Collect the elements, and the text of scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside in {"script", "style"}:
            self.texts.append((self.inside, data))


def read(report: Report) -> Reader:
    reader = Reader()
    reader.feed(report_html(report))
    return reader


def test_the_policy_allows_just_the_style_and_the_script_of_the_page() -> None:
    reader = read(fixture_report())
    (policy,) = [attrs["content"] or "" for tag, attrs in reader.tags if attrs.get("http-equiv")]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")
    (style,) = [text for tag, text in reader.texts if tag == "style"]
    data, script = [text for tag, text in reader.texts if tag == "script"]
    for text in (style, script):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert json.loads(data)["files"]


def test_nothing_leads_out_of_the_page() -> None:
    for tag, attrs in read(fixture_report()).tags:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            assert re.match(r"#|data:,$", attrs.get(name) or "#"), (tag, attrs)
        assert not [name for name in attrs if name.startswith("on") or name == "style"], "the policy forbids it"


def test_a_hostile_tree_adds_no_element(tmp_path: Path) -> None:
    kinds = {tag for tag, _ in read(fixture_report()).tags}
    hostile = read(hostile_report(tmp_path))
    assert {tag for tag, _ in hostile.tags} <= kinds
    assert [tag for tag, _ in hostile.tags].count("script") == 2
    text = report_html(hostile_report(tmp_path))
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_every_finding_is_in_the_page_with_its_diff() -> None:
    report = fixture_report()
    data = data_of(report)
    verdicts = [place["verdict"] for file in data["files"] for place in file["places"]]
    detected = verdicts.count("detected")
    assert detected == len(list(further_findings(report.audit))) > 0
    assert len(verdicts) - detected == report.audit.plan.account.mentions
    applied = [(file, place) for file in data["files"] for place in file["places"] if place.get("applied")]
    assert len(applied) == sum(finding.applied for finding in report.audit.plan.findings)
    for file, place in applied:
        lines = file["hunks"][place["hunk"]]
        start = int(lines[0].split(" ")[1].split(",")[0].lstrip("-"))
        before = [line for line in lines[1:] if line[:1] in {" ", "-"}]
        assert place["word"] in before[place["line"] - start], place


def data_of(report: Report) -> Any:
    return json.loads(next(text for tag, text in read(report).texts if tag == "script"))
