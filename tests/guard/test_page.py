"""`docs/guard.md` shows what the commands print."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guard.kit import run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guard.md"


def sessions() -> Iterator[tuple[str, str]]:
    """Yield each command of the page with the output that it shows."""
    for block in re.findall(r"```\n(\$ .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


@pytest.mark.skipif(sys.version_info < (3, 12), reason="under 3.11 one more file cannot be parsed: other figures")
def test_the_page_shows_what_the_commands_print(tmp_path: Path) -> None:
    tree = shutil.copytree(ROOT / "fixtures" / "netra_mini", tmp_path / "backend")
    shown = list(sessions())
    assert len(shown) > 6
    for command, output in shown:
        done = run(tree, "bash", "-c", command)
        assert done.stderr == "", command
        assert done.stdout == output, command
