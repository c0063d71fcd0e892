"""The guard within a report: the same places, told in every form, inert whatever stands in the tree."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from recanon.cache import Cache
from recanon.guard.look import Looker
from recanon.guard.ratchet import entry_of
from recanon.pack import load_pack
from recanon.report.guarded import guarded_section
from recanon.report.html import report_html
from recanon.report.markdown import LIMIT, report_markdown
from recanon.report.model import Report
from recanon.report.report_json import report_json
from recanon.report.sarif import report_sarif
from recanon.settings import Settings
from tests.guard.kit import GUARD, USE, guard, recanon, repository, tree
from tests.report.kit import (
    FIXTURE,
    HOSTILE_CODE,
    ROOT,
    against,
    awaited,
    entries_of,
    fixture_report,
    hostile_report,
    report_of,
    sarif_validator,
)

HOSTILE_NAME = "`b` ](x) {0} <script>\x1b @octocat.json"


def run_of(text: str) -> Any:
    log = json.loads(text)
    assert [error.message for error in sarif_validator().iter_errors(log)] == []
    (found,) = log["runs"]
    return found


def silent(stage: str, done: int, total: int) -> None:
    """Report to nobody."""


def test_the_places_of_a_report_are_those_of_a_guard() -> None:
    looker = Looker(FIXTURE, load_pack("websocket-ssot", {}), Settings(jobs=1), cache=Cache(None), progress=silent)
    assert entries_of(fixture_report()) == sorted(map(entry_of, looker.look().places))


def test_a_report_and_a_guard_tell_the_same_also_of_a_file_that_does_not_parse(tmp_path: Path) -> None:
    root = repository(tmp_path / "repo", {"app/user.py": USE})
    tree(root, {"app/broken.py": f"{USE}\ndef (", "app/new.py": USE})
    told = recanon(root, "report", ".", *GUARD, "--baseline", "base.json", "--format", "json")
    assert told.returncode == 0, told.stderr
    seen = json.loads(guard(root, ".", "--baseline", "base.json", "--format", "json").stdout)
    value = json.loads(told.stdout)["guard"]
    assert value["holds"] is seen["holds"] is False
    assert (value["known"], value["gone"], value["moved"]) == (seen["known"], seen["gone"], seen["moved"])
    assert value["new"] == [{key: place[key] for key in value["new"][0]} for place in seen["new"]]
    assert {"app/broken.py", "app/new.py"} == {place["file"] for place in value["new"]}


def test_what_is_gone_and_what_moved_is_told(tmp_path: Path) -> None:
    before = report_of(tmp_path, {"app/first.py": awaited(), "app/gone.py": awaited()})
    known = entries_of(before)
    (tmp_path / "app" / "first.py").rename(tmp_path / "app" / "second.py")
    (tmp_path / "app" / "gone.py").write_text("x = 1\n")
    report = against(report_of(tmp_path, {}), tmp_path, known)
    assert report.guarded is not None
    section = guarded_section(report.guarded)
    assert section.lead.endswith(" 0 new, 2 gone, 2 moved against base.json")
    assert [(group.heading, len(group.rows)) for group in section.groups] == [("gone", 2), ("moved", 2)]
    assert {row.notes[0].partition(":")[0] for row in section.groups[1].rows} == {"now app/second.py"}
    assert "- [x] nothing new against `base.json`" in report_markdown(report)
    assert json.loads(report_json(report))["guard"]["holds"] is False
    states = Counter(result.get("baselineState") for result in run_of(report_sarif(report))["results"])
    assert states["updated"] == 2
    assert states["new"] == 0


def test_sarif_has_a_result_for_each_new_place_and_a_state_for_each_known_one(tmp_path: Path) -> None:
    plain = hostile_report(tmp_path)
    entries = entries_of(plain)
    report = against(plain, tmp_path, entries[::2], HOSTILE_NAME)
    results = run_of(report_sarif(report))["results"]
    new = [result for result in results if result["ruleId"] == "guard-new"]
    assert len(new) == len(entries[1::2]) > 8
    assert {(result["level"], result["baselineState"]) for result in new} == {("error", "new")}
    texts = [result["message"]["text"] for result in new]
    assert not [text for text in texts if "](" in text or "\x1b" in text or "{" in text.replace("{{", "")]
    spots = {json.dumps(result["locations"]) for result in results if result["ruleId"] != "guard-new"}
    assert len([result for result in new if json.dumps(result["locations"]) in spots]) < len(new)
    assert {"new", "unchanged"} <= {result.get("baselineState") for result in results if result not in new}


def test_without_a_baseline_nothing_is_said_of_one() -> None:
    report = fixture_report()
    assert "baselineState" not in report_sarif(report)
    assert json.loads(report_json(report))["guard"] is None
    assert "## Guard" not in report_markdown(report)
    assert 'id="guard"' not in report_html(report)


def test_the_page_shows_fifty_new_places_and_counts_the_others() -> None:
    page = report_html(against(fixture_report(), FIXTURE, ()))
    part = page.partition('<section id="guard">')[2].partition("</section>")[0]
    assert part.count("<tr><td>") == 50
    assert f"… and {len(entries_of(fixture_report())) - 50} more" in part


def boxes(report: Report) -> str:
    page: str = MarkdownIt("gfm-like", {"html": True}).use(tasklists_plugin).render(report_markdown(report))
    return page.partition("<h2>Guard</h2>")[2].partition("<h2>")[0]


def test_the_box_is_ticked_when_nothing_is_new_and_lists_what_is(tmp_path: Path) -> None:
    plain = fixture_report()
    entries = entries_of(plain)
    assert 'checked="checked"' in boxes(against(plain, FIXTURE, entries))
    some = boxes(against(plain, FIXTURE, entries[2:], HOSTILE_NAME))
    assert 'checked="checked"' not in some
    assert some.count('type="checkbox"') == 1
    assert some.count("<li") == 3
    assert "<script>" not in some
    assert "<a " not in some


def test_the_list_of_new_places_is_cut_and_says_so(tmp_path: Path) -> None:
    long = "d" * 200
    names = {f"tests/{'/'.join([long] * 8)}/m{number}.py": HOSTILE_CODE for number in range(12)}
    report = against(report_of(tmp_path, names), tmp_path, ())
    text = report_markdown(report)
    assert len(text) <= LIMIT
    part = text.partition("## Guard")[2].partition("\n## ")[0]
    assert len(part) < 9_000
    assert "more\n" in part


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html", "sarif"])
def test_every_form_names_a_new_place_and_the_exit_code_stays(tmp_path: Path, form: str) -> None:
    root = repository(tmp_path / "repo", {"app/user.py": USE})
    tree(root, {"app/new.py": USE})
    done = recanon(root, "report", ".", *GUARD, "--baseline", "base.json", "--format", form)
    assert done.returncode == 0, done.stderr
    assert "base.json" in done.stdout
    assert "app/new.py" in done.stdout


def test_a_wrong_baseline_is_refused_with_two(tmp_path: Path) -> None:
    root = repository(tmp_path / "repo", {"app/user.py": USE})
    missing = recanon(root, "report", ".", *GUARD, "--baseline", "none.json")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "recanon guard . --pack websocket-ssot --set prefix=app --baseline none.json" in missing.stderr
    folder = recanon(root, "report", ".", *GUARD, "--baseline", "app")
    assert (folder.returncode, folder.stdout) == (2, "")


def test_the_guard_writes_its_new_places_alone_as_sarif(tmp_path: Path) -> None:
    root = repository(tmp_path / "repo", {"app/user.py": USE})
    held = guard(root, ".", "--baseline", "base.json", "--format", "sarif")
    assert held.returncode == 0
    assert run_of(held.stdout)["results"] == []
    tree(root, {"app/a\n[x](y) {0}#?.py": USE})
    found = guard(root, ".", "--baseline", "base.json", "--format", "sarif")
    assert found.returncode == 1
    sarif = run_of(found.stdout)
    assert sarif["automationDetails"]["id"] == "recanon-guard/websocket-ssot/"
    assert [rule["id"] for rule in sarif["tool"]["driver"]["rules"]] == ["guard-new"]
    spots = [result["locations"][0]["physicalLocation"] for result in sarif["results"]]
    assert {spot["artifactLocation"]["uri"] for spot in spots} == {"app/a%0A%5Bx%5D%28y%29%20%7B0%7D%23%3F.py"}
    assert [spot["region"] for spot in spots] == [
        {"startLine": 1, "startColumn": 58},
        {"startLine": 5, "startColumn": 18},
    ]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="under 3.11 one more file cannot be parsed: other figures")
def test_the_page_of_the_docs_shows_what_comes_out(tmp_path: Path) -> None:
    root = shutil.copytree(FIXTURE, tmp_path / "backend", ignore=shutil.ignore_patterns("__pycache__", ".recanon"))
    words = ("--pack", "websocket-ssot", "--baseline", "recanon-baseline.json")
    assert recanon(root, "guard", ".", *words, "--update", "--allow-new").returncode == 0
    new = "from netra_backend.app.websocket_core import create_websocket_manager\n"
    (root / "netra_backend" / "app" / "report.py").write_text(new)
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    shown = page.partition(f"$ recanon report . {' '.join(words)}\n[...]\n")[2].partition("\n[...]")[0]
    assert shown.startswith("guard: ")
    assert shown in recanon(root, "report", ".", *words).stdout
