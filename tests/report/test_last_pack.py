"""A report without `--pack` is about the pack of the last run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from faults.trees import plan_of
from recanon.apply import apply_plan
from recanon.plan import FileChange
from tests.helpers import write_tree
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


@pytest.mark.parametrize("name", ["./evil", "evil/pack.toml", "evil\n"])
def test_a_pack_that_a_journal_names_by_its_path_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = tree(tmp_path)
    write_tree(root, {"evil/pack.toml": '[pack]\nid = "evil"\n', "evil/codemod.py": "open('fired', 'w').close()\n"})
    (root / "evil\n").symlink_to("evil")
    apply_plan(root, plan_of(FileChange("tests/c.py", (root / "tests/c.py").read_bytes(), b""), pack=name))
    monkeypatch.chdir(root)
    done = recanon("report", root)
    assert done.exit_code == 2
    assert "report is not told about which pack" in done.output
    assert not (root / "fired").exists()


def test_without_a_run_the_pack_is_asked_for(tmp_path: Path) -> None:
    done = recanon("report", tree(tmp_path))
    assert done.exit_code == 2
    assert "report is not told about which pack" in done.output
