"""The page of a pack: printed for the one that is named, with its codemods and their examples."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.command import run_text

PACK = Path(__file__).parents[1] / "tables" / "packs" / "palette"


def _packs(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return run_text("packs", *words)


def test_the_page_of_a_pack_holds_its_codemods_with_their_examples(tmp_path: Path) -> None:
    done = _packs(PACK, "-o", tmp_path / "page.md")
    assert (done.returncode, done.stdout) == (0, "")
    page = (tmp_path / "page.md").read_text()
    assert page == _packs(PACK).stdout
    assert page.startswith("# Pack palette\n\nOne palette.\n\n## color-blue\n")
    assert page.count("\nbecomes\n") == page.count("`, changed\n") > 0
    assert page.count("`, not changed\n") > 0


def test_a_page_is_of_one_pack(tmp_path: Path) -> None:
    done = _packs("-o", tmp_path / "page.md")
    assert done.returncode == 2
    assert "Name the pack" in done.stderr
    assert not (tmp_path / "page.md").exists()


def test_an_unknown_pack_has_no_page() -> None:
    done = _packs("nope")
    assert done.returncode == 2
    assert "there is no pack nope" in done.stderr
