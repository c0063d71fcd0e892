"""The page in a real browser: it works, it asks for nothing, and nothing from the tree comes to life in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from recanon.history import Moment
from recanon.outcome import Verdict
from recanon.report.entries import further_findings
from recanon.report.html import report_html
from recanon.report.model import Report
from recanon.safe_text import safe_text
from tests.report.browser import Visit, chromium, running, visit
from tests.report.kit import HOSTILE_PATHS, against, entries_of, fixture_report, hostile_report

pytestmark = pytest.mark.skipif(not chromium(), reason="no Chromium here: the page was not looked at in a browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running() as found:
        yield found


def opened(browser: Browser, folder: Path, report: Report, *, width: int = 1280) -> Visit:
    file = folder / "report.html"
    file.write_text(report_html(report), encoding="utf-8")
    return visit(browser, file, width=width)


@pytest.fixture
def seen(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    found = opened(browser, tmp_path, with_past(fixture_report()))
    yield found
    assert found.said == [], "the console has something to say"
    assert [url for url in found.asked if not url.startswith(("file:", "data:"))] == []
    found.page.close()


def with_past(report: Report) -> Report:
    """Give the report earlier ones to compare with."""
    share = report.audit.compliance.places
    past = tuple(Moment(f"2025-09-0{day}T08:00:00+00:00", replace(share, canonical=day)) for day in (1, 4, 9))
    return replace(report, history=past)


def count(page: Page) -> str:
    return page.inner_text("#count")


def test_the_places_open_with_what_there_is_to_do(seen: Visit) -> None:
    verdicts = fixture_report().audit.plan.account.verdicts
    todo = sum(verdicts[verdict] for verdict in (Verdict.SAFE, Verdict.REVIEW, Verdict.MANUAL))
    todo += len(list(further_findings(fixture_report().audit)))
    assert count(seen.page).startswith(f"{todo} places in ")
    seen.page.click("input[value=left] + span")
    assert count(seen.page).startswith(f"{todo + verdicts[Verdict.LEFT]} places in ")


def test_search_and_filters_narrow_the_list_and_clear_brings_it_back(seen: Visit) -> None:
    page, report = seen.page, fixture_report()
    whole = count(page)
    page.keyboard.press("/")
    page.keyboard.type("WebSocket/message_handler.py call")
    expected = [
        place
        for entry in report.files
        for place in entry.places
        if place.finding.verdict in {"safe", "review", "manual"}
        and entry.path.endswith("websocket/message_handler.py")
        and place.finding.kind == "call"
    ]
    assert expected
    assert count(page) == f"{len(expected)} places in 1 file"
    page.fill("#q", "")
    page.select_option("#phase", "production")
    page.select_option("#rule", "patch-target")
    fitting = [
        place
        for entry in report.files
        for place in entry.places
        if (place.finding.phase, place.rule) == ("production", "patch-target")
        and place.finding.verdict in {"safe", "review", "manual"}
    ]
    assert count(page).startswith(f"{len(fitting)} places in ")
    page.click("#clear")
    page.wait_for_function("text => document.getElementById('count').textContent === text", arg=whole)


def test_a_detector_chooses_what_it_found_mentions_among_it(seen: Visit) -> None:
    page, audit = seen.page, fixture_report().audit
    offered = page.locator("#detector option").all_inner_texts()
    assert set(offered[1:]) == {detected.id for detected in audit.detected if detected.findings}
    for detected in audit.detected:
        if detected.findings:
            page.select_option("#detector", detected.id)
            assert count(page).startswith(f"{len(detected.findings)} place"), detected.id
    page.select_option("#detector", "noncanonical-imports")
    page.click("input[value=detected] + span")
    found = next(detected.findings for detected in audit.detected if detected.id == "noncanonical-imports")
    assert 0 < int(count(page).split()[0]) < len(found)


def test_a_place_shows_its_diff(seen: Visit) -> None:
    page = seen.page
    page.fill("#q", "interfaces_data")
    page.keyboard.press("Tab")
    page.locator(".place summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".place[open] .diff .cut")
    assert "create_websocket_manager" in page.inner_text(".place[open] .diff .cut >> nth=0")
    assert page.locator(".place[open] .diff .add").count() > 0


def test_a_cell_of_the_risk_matrix_and_a_folder_choose_their_places(seen: Visit) -> None:
    page = seen.page
    cell = page.locator(".heat[data-phase=production][data-risk=high]")
    files = int(cell.inner_text())
    cell.click()
    assert page.input_value("#phase") == "production"
    assert count(page).endswith(f" in {files} file{'s' * (files > 1)}")
    shown = page.locator(".facts").all_inner_texts()
    assert len([text for text in shown if text.startswith("Risk in production: high, production code")]) == files
    page.locator(".folder >> text=tests/unit").click()
    assert page.input_value("#folder") == "tests/unit"
    assert page.input_value("#phase") == ""


def test_all_files_can_be_reached_and_printed(seen: Visit) -> None:
    page = seen.page
    files = int(count(page).split(" in ")[1].split(" ")[0])
    assert page.locator(".file").count() < files
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".file").count() == files
    assert not page.locator("#more").is_visible()


def test_light_and_dark_follow_the_system_and_the_button(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_html(fixture_report()), encoding="utf-8")
    colours = []
    for scheme in ("light", "dark"):
        found = visit(browser, file, scheme=scheme)
        colours.append(background(found.page))
        found.page.click("#theme")
        colours.append(background(found.page))
        found.page.evaluate("localStorage.clear()")
        found.page.close()
    assert colours[0] == colours[3] != colours[1] == colours[2]


def background(page: Page) -> str:
    found: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return found


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_makes_the_page_scroll_sideways(browser: Browser, tmp_path: Path, width: int) -> None:
    found = opened(browser, tmp_path, with_past(fixture_report()), width=width)
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    found.page.close()


@pytest.mark.slow
def test_hostile_names_and_code_stay_text(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    found = opened(browser, tmp_path, hostile_report(tmp_path / "tree"))
    page = found.page
    for summary in page.locator(".place summary").all():
        summary.click()
    page.wait_for_timeout(100)
    assert found.said == []
    assert [url for url in found.asked if not url.startswith(("file:", "data:"))] == []
    assert page.locator("img, iframe, object, embed, a[href^='javascript']").count() == 0
    assert page.locator("script").count() == 2
    shown = set(page.locator(".file > h3").all_text_contents())
    assert {safe_text(path) for path in HOSTILE_PATHS} <= shown
    whole: str = page.evaluate("document.documentElement.outerHTML")
    assert "\u202e" not in whole
    assert "<U+202E>" in page.inner_text("body")


def test_the_policy_stops_a_script_that_comes_in_all_the_same(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    planted = '<script>document.title = "taken"</script><img src="https://example.invalid/x.png"></main>'
    file.write_text(report_html(fixture_report()).replace("</main>", planted), encoding="utf-8")
    found = visit(browser, file)
    assert found.page.title() != "taken"
    assert any("Content Security Policy" in said for said in found.said)
    found.page.close()


def test_new_places_of_hostile_names_are_text_on_the_page(browser: Browser, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    report = hostile_report(tree)
    found = opened(browser, tmp_path, against(report, tree, entries_of(report)[:3], "<img src=x onerror=alert(5)>"))
    assert found.said == []
    assert [url for url in found.asked if not url.startswith(("file:", "data:"))] == []
    told = found.page.inner_text("#guard")
    assert "Against <img src=x onerror=alert(5)>: 3 known" in told
    assert "tests/<script>alert(1)<" + "/script>.py:" in told
    assert found.page.locator("#guard tbody tr").count() == len(entries_of(report)) - 3
    found.page.close()
