"""`recanon check`: it fails where a codemod does, and tells what no example reaches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from recanon.cli.main import app
from recanon.testing import check_example, check_pack, examples_of
from recanon.testing.check import report_of
from tests.authoring.kit import NOW_UTC, PACK_TOML, write_pack

CRASH = "        raise KeyError(site.kind)\n"


def checked(folder: Path) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, ["check", str(folder), "--format", "json", "--jobs", "1"])
    return done.exit_code, json.loads(done.stdout)


def test_a_good_pack_passes(tmp_path: Path) -> None:
    code, said = checked(write_pack(tmp_path / "pack"))
    (codemod,) = said["codemods"]
    assert (code, said["ok"], codemod["failures"]) == (0, True, [])
    assert (codemod["changing"], codemod["staying"]) == (1, 1)
    assert codemod["shapes"] > 100
    assert codemod["rewritten"] > 80


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("print(now())", "print(now(0))", "the text after is another one"),
        ('verdict="manual"', 'verdict="left"', "expected left, found"),
        ("        if site.call is not None", f"{CRASH}        if site.call is not None", "a codemod failed"),
        ('title = "now_utc() becomes now()"', 'title = ""', "Give its class a `title`"),
        ('"A call with hours stays."', '"A call asks the clock."', "Twice: A call asks the clock."),
        (
            '"""`now_utc()` becomes `now()`; a call with hours to add is left to a person."""',
            "",
            "Begin it with a docstr",
        ),
        ('print(now_utc(2))\\n",', 'print(now_utc(2))\\n", after="",', "Here are 0 for 2"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in NOW_UTC
    folder = write_pack(tmp_path / "pack", codemod=NOW_UTC.replace(old, new))
    code, said = checked(folder)
    failures = said["codemods"][0]["failures"]
    assert code == 1
    assert any(reason in failure["why"] for failure in failures), failures
    assert all(failure["where"].startswith(str(folder / "now_utc.py")) for failure in failures)


def test_a_pytest_over_the_pack_fails_with_what_is_wrong(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack", codemod=NOW_UTC.replace("print(now())", "print(now(0))"))
    with pytest.raises(AssertionError, match="now_utc") as caught:
        check_pack(folder)
    assert "the text after is another one" in str(caught.value)


def test_a_codemod_that_crashes_does_not_pass_for_one_that_leaves_a_place_to_a_person(tmp_path: Path) -> None:
    crashing = NOW_UTC.replace("        if site.call is not None", f"{CRASH}        if site.call is not None")
    case = next(c for c in examples_of(write_pack(tmp_path / "pack", codemod=crashing)) if c.example.after is None)
    with pytest.raises(AssertionError, match="a codemod failed"):
        check_example(case)


def test_every_shape_of_a_file_is_tried(tmp_path: Path) -> None:
    crashing = NOW_UTC.replace("        if site.call is not None", f"{CRASH}        if site.call is not None")
    failed = " ".join(failure.what for failure in report_of(write_pack(tmp_path / "pack", codemod=crashing)).failures)
    for shape in ("bytes: crlf", "import: backslash after from", "use: walrus", "call: unpacked mapping"):
        assert f"({shape})" in failed


def test_code_and_entries_that_no_example_reaches_are_told(tmp_path: Path) -> None:
    more = NOW_UTC.replace(
        "        return Rewrite", "        if site.expects_failure:\n            return None\n        return Rewrite", 1
    ).replace("-> Answer:", "-> Answer | None:")
    entry = '\n[[symbol]]\nname = "utc"\nhome = "shop"\nbecomes = "now"\ncodemod = "now-utc"\n'
    code, said = checked(write_pack(tmp_path / "pack", codemod=more, toml=PACK_TOML + entry))
    line = more.splitlines().index("            return None") + 1
    assert code == 0
    assert said["codemods"][0]["unreached"] == {"lines": [line], "branches": [[line - 1, line]]}
    assert said["not_reached"]["entries"] == ["[[symbol]] utc"]
    assert said["not_reached"]["verdicts"] == ["review", "left", "canonical"]


def test_processes_change_nothing_of_the_report(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    (folder / "other_one.py").write_text(NOW_UTC)
    alone, shared = report_of(folder), report_of(folder, jobs=2)
    assert alone == shared
    assert len(alone.codemods) == 2


def test_a_pack_that_cannot_be_loaded_is_wrong_use(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack", codemod="import nothing_like_it\n")
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert done.exit_code == 2
    assert "now_utc.py cannot be loaded: ModuleNotFoundError" in done.stderr
