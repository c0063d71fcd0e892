"""The written pages point at what is there: links, headings, commands and options."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from recanon.cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.M | re.S)
_COMMAND = re.compile(r"^(?:\$ )?recanon ([a-z]+)(.*)$", re.M)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for link in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        path, _, heading = link.partition("#")
        if path.startswith(("https:", "http:")):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (heading and heading not in _headings(target)):
            lost.append(link)
    assert not lost


@each_page
def test_commands_and_options_are_those_of_the_tool(page: Path) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name, rest in _COMMAND.findall(page.read_text(encoding="utf-8")):
        assert name in commands
        first = rest.split()[:1]
        named = [name, *(first if first and first[0] in getattr(commands[name], "commands", ()) else [])]
        words = rest.partition("|")[0].partition("#")[0]
        assert set(re.findall(r"(?<![\w-])--[a-z-]+", words)) <= _options(*named)


@cache
def _options(*named: str) -> set[str]:
    """Return the options that the help of a command shows."""
    shown = CliRunner().invoke(app, [*named, "--help"], env={"COLUMNS": "200", "TERM": "dumb"}).stdout
    return set(re.findall(r"--[a-z-]+", shown))


def _headings(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
