"""What README and tutorial show of `explain` is what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recanon.cli.main import app

ROOT = Path(__file__).parents[1]
_SHOWN = re.compile(r"^\$ recanon explain (?P<place>\S+) --pack websocket-ssot\n(?P<lines>(?:(?!\$|```).*\n)+)", re.M)
_PAGES = ("README.md", "docs/tutorial.md")
_CASES = sorted({(page, m["place"]) for page in _PAGES for m in _SHOWN.finditer((ROOT / page).read_text("utf-8"))})


@pytest.mark.parametrize(("page", "place"), _CASES)
def test_an_explanation_is_shown_as_it_is_given(page: str, place: str) -> None:
    done = CliRunner().invoke(app, ["explain", str(ROOT / "fixtures/netra_mini"), place, "--pack", "websocket-ssot"])
    said = [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]
    shown = [m["lines"] for m in _SHOWN.finditer((ROOT / page).read_text("utf-8")) if m["place"] == place]
    assert any(all(line.rstrip() in said for line in text.splitlines() if line != "[...]") for text in shown)
