"""The page about guests shows the files that it speaks of as they are."""

from __future__ import annotations

import re

from tests.guests.kit import ROOT

PAGE = (ROOT / "docs" / "guests.md").read_text(encoding="utf-8")


def test_the_code_on_the_page_is_the_code_of_the_examples() -> None:
    folders = (ROOT / "docs/examples", ROOT / "codemods/not_in")
    examples = "".join(path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.glob("*.py")))
    lines = {line for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()}
    assert len(lines) > 10
    assert {line for line in lines if line not in examples} == set()


def test_what_the_page_says_of_options_is_their_default() -> None:
    from recanon.cli.run import GuestOptions

    options = GuestOptions()
    assert f"`--timeout` seconds, {options.timeout:g} if nothing is said" in PAGE
    assert f"address space on Linux, {options.memory:,} if nothing is said" in PAGE
