"""Markdown: read by a real renderer, and inert whatever stands in the tree."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

from recanon.report.markdown import LIMIT, report_markdown
from recanon.report.markdown_text import code, prose
from recanon.report.model import FileEntry, Report
from recanon.safe_text import safe_text
from tests.helpers import CANON
from tests.report.kit import fixture_report, hostile_report, report_of

ANYTHING = st.text(alphabet=st.characters(codec=None) | st.sampled_from("`|\n\r\t*_[]()<>#@!&\\~:$ \u202e"), min_size=1)


@pytest.fixture(scope="module")
def github() -> MarkdownIt:
    return MarkdownIt("gfm-like", {"html": True}).use(tasklists_plugin)


def inline(markdown: MarkdownIt, text: str) -> list[Token]:
    (block,) = [token for token in markdown.parse(f"- {text}") if token.type == "inline"]
    return block.children or []


def test_the_tables_and_boxes_are_tables_and_boxes(github: MarkdownIt) -> None:
    page = github.render(report_markdown(fixture_report()))
    assert page.count("<table>") == 4
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    assert {len(re.findall(r"<t[hd]", row)) for row in rows} == {7, 3, 4}
    boxes = page.count('type="checkbox"')
    assert boxes > 4
    assert page.count("- [") == 0, "a box that is no box"
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["One way to get a WebSocket manager"]


def test_a_phase_is_ticked_when_nothing_is_left_in_it(tmp_path: Path) -> None:
    lines = [line for line in report_markdown(fixture_report()).split("\n") if re.match(r"- \[.\] \*\*", line)]
    assert [line[:5] for line in lines] == ["- [ ]"] * 4
    call = (
        f"from {CANON} import get_websocket_manager\n\n\nasync def f(c):\n    return await get_websocket_manager(c)\n"
    )
    done = report_markdown(report_of(tmp_path, {"app/chat.py": call, "tests/test_chat.py": call}))
    assert "- [x] **tests**" in done
    assert "- [ ] **cleanup**" in done, "the definitions are still there"


def test_every_place_for_a_person_is_listed_or_counted() -> None:
    report = fixture_report()
    text = report_markdown(report)
    verdicts = report.audit.plan.account.verdicts
    headings = [int(number) for number in re.findall(r"^### .* \((\d+) places?\)$", text, re.MULTILINE)]
    assert sum(headings) == sum(count for name, count in verdicts.items() if name in {"manual", "review"})


def test_hostile_names_say_nothing_but_themselves(github: MarkdownIt, tmp_path: Path) -> None:
    report = hostile_report(tmp_path)
    text = report_markdown(report)
    page = github.render(text)
    for tag in ("<script", "<img", "<a ", "<b>", "\u202e", "\x1b"):
        assert tag not in page
    shown = {
        token.content for block in github.parse(text) for token in block.children or [] if token.type == "code_inline"
    }
    for entry in report.files:
        if any(place.is_mention and place.finding.verdict == "manual" for place in entry.places):
            assert any(content.startswith(safe_text(entry.path)) for content in shown), entry.path
    outside = re.sub(r"<code>.*?</code>", "", page)
    assert "@octocat" not in outside, "GitHub would call somebody"


@given(ANYTHING)
def test_a_code_span_shows_exactly_the_text(text: str) -> None:
    if not safe_text(text).strip(" "):
        return
    tokens = inline(MarkdownIt("gfm-like"), f"x {code(text)} y")
    assert [token.type for token in tokens] == ["text", "code_inline", "text"]
    assert tokens[1].content == safe_text(text)


@given(ANYTHING)
def test_a_sentence_is_never_markup(text: str) -> None:
    tokens = inline(MarkdownIt("gfm-like", {"html": True}), f"x: {prose(text)}")
    assert {token.type for token in tokens} <= {"text", "text_special", "code_inline"}


@settings(deadline=None, max_examples=40)
@given(st.integers(min_value=0, max_value=3000), st.integers(min_value=4_000, max_value=LIMIT))
def test_the_text_never_grows_beyond_the_limit_and_says_what_was_cut(many: int, limit: int) -> None:
    report = crowded(many)
    text = report_markdown(report, limit)
    assert len(text) <= limit
    told = sum(int(n.replace(",", "")) for n in re.findall(r"^([\d,]+) places? cut", text, re.MULTILINE))
    listed = sum(1 + line.partition("` ")[0].count(", ") + others(line) for line in boxes(text))
    assert told + listed == many


def boxes(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("- [ ] `")]


def others(line: str) -> int:
    """How many more lines a box names behind the first."""
    found = re.match(r"- \[ \] `[^`]*`((?:, \d+)*)", line)
    return found[1].count(",") if found else 0


def crowded(many: int) -> Report:
    """Return the report of the fixture with so many places for a person, in groups of unlike size."""
    report = fixture_report()
    (place, *_) = (p for entry in report.files for p in entry.places if p.is_mention and p.finding.verdict == "manual")
    entries = [
        FileEntry(f"f{number}.py", (replace(place, finding=replace(
            place.finding, path=f"f{number}.py", group=f"group {number.bit_length()}", reason="r" * (number % 300))),))
        for number in range(many)
    ]  # fmt: skip
    return replace(report, files=tuple(entries))


def test_the_risk_matrix_counts_files_by_phase_and_level(github: MarkdownIt) -> None:
    report = fixture_report()
    page = github.render(report_markdown(report))
    for phase in {risk.phase for entry in report.files for risk in entry.risks}:
        levels = [risk.level for entry in report.files for risk in entry.risks if risk.phase == phase]
        cells = "".join(rf"\s*<td[^>]*>{levels.count(level)}</td>" for level in ("low", "medium", "high"))
        assert re.search(rf"<td>{phase}</td>{cells}", page), phase
    assert "## Risk" not in report_markdown(replace(report, files=()))
