"""The generated pages are what the generator makes of the code as it is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recanon.cli.main import app

DOCS = Path(__file__).parents[1] / "docs"


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run([sys.executable, DOCS / "generate.py", "--check"], capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    "command",
    [
        *("packs", "audit", "report", "preview", "plan", "gate", "apply", "rollback", "runs", "show", "explain", "run"),
        *("recover", "verify", "gc"),
        *("guard", "guard tests", "fleet"),
    ],
)
def test_the_page_of_the_commands_has_every_option_that_help_shows(command: str) -> None:
    page = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    section = page.partition(f"## recanon {command}\n")[2].partition("\n## ")[0]
    shown = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200", "TERM": "dumb"}).stdout
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", shown)) - {"--help"}
    assert options <= set(re.findall(r"--[a-z-]+", section))
