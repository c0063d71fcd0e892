"""A report without `--pack` is about the pack of the last run."""

from __future__ import annotations

import json
from pathlib import Path

from tests.phases.kit import PACK, recanon, tree


def test_the_pack_and_its_options_are_those_of_the_last_run(tmp_path: Path) -> None:
    root = tree(tmp_path)
    assert recanon("apply", root, *PACK, "--yes").exit_code == 0
    done = recanon("report", root, "--format", "json", "-o", tmp_path / "report.json", "--jobs", "1")
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "report.json").read_bytes())
    assert told["pack"] == "websocket-ssot"
    assert told["options"]["prefix"] == "app"


def test_a_run_of_a_guest_is_none_of_a_pack(tmp_path: Path) -> None:
    root = tree(tmp_path)
    (root / "format.py").write_text('x = "{}".format(1)\n')
    guest = "libcst:libcst.codemod.commands.convert_format_to_fstring.ConvertFormatStringCommand"
    assert recanon("run", guest, root, "--files", "format.py", "--apply", "--yes").exit_code == 0
    done = recanon("report", root)
    assert done.exit_code == 2
    assert "report is not told about which pack" in done.output


def test_without_a_run_the_pack_is_asked_for(tmp_path: Path) -> None:
    done = recanon("report", tree(tmp_path))
    assert done.exit_code == 2
    assert "report is not told about which pack" in done.output
