"""`recanon report`: each form, on a tree with a journal, and wrong words."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from recanon.errors import UsageError
from recanon.history import read_history
from tests.command import run as recanon
from tests.phases.kit import PACK as SMALL
from tests.phases.kit import tree as phased_tree
from tests.report.kit import FIXTURE, ROOT, fixture_report

PACK = ("--pack", "websocket-ssot", "--jobs", "1")


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree after a run of one phase, with the report from before it beside."""
    folder = tmp_path_factory.mktemp("work")
    tree = phased_tree(folder)
    assert recanon("report", tree, *SMALL, "--format", "json", "-o", folder / "before.json").returncode == 0
    assert recanon("apply", tree, *SMALL, "--phase", "production", "--yes").returncode == 0
    return folder


def state(tree: Path) -> dict[str, int]:
    return {str(path): os.stat(path).st_mtime_ns for path in tree.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        ("text", b"phases: 1 of 4 have nothing left"),
        ("json", b'"schema": "recanon/report/1"'),
        ("markdown", b"- [x] **production**"),
        ("sarif", b'"version":"2.1.0"'),
        ("html", b"Content-Security-Policy"),
    ],
)
def test_each_form_goes_to_a_file(applied: Path, form: str, sign: bytes) -> None:
    tree, file = applied / "tree", applied / f"report.{form}"
    before = state(tree)
    done = recanon("report", tree, *SMALL, "--format", form, "-o", file)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"account: mentions " in done.stderr
    assert sign in file.read_bytes()
    assert state(tree) == before, "a report writes nothing into the tree"


@pytest.fixture(scope="module")
def told(applied: Path) -> Any:
    """What is told of the tree after the phase, with the report from before it."""
    done = recanon(*about(applied), "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def about(applied: Path) -> tuple[str | Path, ...]:
    return ("report", applied / "tree", *SMALL, "--history", applied / "before.json", "--format")


def test_runs_and_history_are_told(applied: Path, told: Any) -> None:
    words = about(applied)
    (run,) = told["runs"]
    assert (run["kind"], run["standing"], run["phases"]) == ("apply", "applied", ["production"])
    (earlier,) = told["history"]
    assert earlier["percent"] < told["compliance"]["places"]["percent"]
    assert [phase["id"] for phase in told["phases"]] == ["exports", "production", "tests", "cleanup"]
    issue = recanon(*words, "markdown").stdout.decode()
    assert f"- Earlier: {earlier['percent']} % on " in issue
    assert run["run"] in issue
    page = recanon(*words, "html").stdout.decode()
    assert page.count("<circle") == 2
    assert run["run"] in page
    log = json.loads(recanon(*words, "sarif").stdout)
    assert log["version"] == "2.1.0"


def test_a_phase_that_was_applied_has_less_to_rewrite(applied: Path, told: Any) -> None:
    before = json.loads((applied / "before.json").read_bytes())
    now, then = ({phase["id"]: phase for phase in value["phases"]} for value in (told, before))
    assert then["production"]["safe"] > 10 * now["production"]["safe"]
    assert then["tests"]["files"] >= now["tests"]["files"] > 0


def test_what_is_said_of_the_tree_behind_the_last_phase_comes_true(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(FIXTURE, tree, ignore=shutil.ignore_patterns("__pycache__", ".recanon"))
    assert recanon("apply", tree, *PACK, "--yes").returncode == 0
    told = json.loads(recanon("report", tree, *PACK, "--format", "json").stdout)
    last = fixture_report().steps[-1].after
    assert told["compliance"]["places"] == {"percent": last.percent, "canonical": last.canonical, "old": last.old}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b"[]", "is no report of the schema"),
        (b'{"schema": "recanon/audit/1"}', "is no report of the schema"),
        (b'{"schema": "recanon/report/1", "pack": "other"}', "is about the pack other"),
        (b'{"schema": "recanon/report/1", "pack": "websocket-ssot"}', "is damaged"),
        (b'{"schema": "recanon/report/1", "pack": "websocket-ssot", "made": 3, "compliance": 4}', "is damaged"),
        (
            b'{"schema": "recanon/report/1", "pack": "websocket-ssot", "made": "2025-01-01T00:00:00+00:00",'
            b' "compliance": {"places": {"canonical": -1, "old": true}}}',
            "is damaged",
        ),
    ],
)
def test_a_history_that_is_none_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "earlier.json"
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_history([file], "websocket-ssot")
    assert message in caught.value.message
    assert str(file) in caught.value.message
    assert caught.value.hint


@pytest.mark.skipif(sys.version_info < (3, 12), reason="under 3.11 one more file cannot be parsed: other figures")
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_docs_show_what_comes_out(form: str) -> None:
    words = (
        "report",
        "fixtures/netra_mini",
        "--pack",
        "websocket-ssot",
        *(("--format", form) if form != "text" else ()),
    )
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    block = page.partition(f"$ recanon {' '.join(words)}\n")[2].partition("\n```")[0]
    done = recanon(*words, cwd=ROOT).stdout.decode()
    pieces = [piece.strip("\n") for piece in block.split("[...]") if piece.strip()]
    assert pieces
    for piece in pieces:
        assert piece in done
        done = done.partition(piece)[2]


@pytest.mark.parametrize(
    "words",
    [
        ("nowhere", *PACK),
        (FIXTURE, "--pack", "nothing"),
        (FIXTURE, *PACK, "--format", "pdf"),
        (FIXTURE, *PACK, "-o", "no/such/folder/f"),
        (FIXTURE, *PACK, "--history", "no-such.json"),
    ],
)
def test_wrong_words_end_with_two(words: tuple[str, ...]) -> None:
    done = recanon("report", *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr
