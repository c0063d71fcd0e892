"""`recanon guard` as users, hooks and CI run it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recanon.cli.main import app
from recanon.guard.baseline import Baseline, Entry
from tests.guard.kit import CLEAN, USE, git, guard, recanon, repository, tree
from tests.helpers import CANON, pack, write_tree

BASE = ("--baseline", "base.json")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", {"app/user.py": USE, "app/clean.py": CLEAN})


def test_an_unchanged_tree_holds(root: Path) -> None:
    done = guard(root, ".", *BASE)
    assert (done.returncode, done.stderr) == (0, "")
    assert " 0 new, 0 gone, 0 moved" in done.stdout


def test_a_new_use_is_shown_with_the_canonical_way_and_what_mends_it(root: Path) -> None:
    tree(root, {"app/new.py": USE})
    done = guard(root, ".", *BASE)
    assert done.returncode == 1
    assert "app/new.py:1:58  import create_websocket_manager" in done.stdout
    assert "use app.websocket_core.websocket_manager.get_websocket_manager" in done.stdout
    assert "do: recanon apply . --pack websocket-ssot --set prefix=app" in done.stdout
    assert "2 new, 0 gone" in done.stdout


def test_the_ratchet_shrinks_on_request_and_grows_on_a_second_one(root: Path) -> None:
    tree(root, {"app/user.py": CLEAN, "app/new.py": USE})
    before = (root / "base.json").read_text()
    assert "2 new, 2 gone" in guard(root, ".", *BASE).stdout
    assert (root / "base.json").read_text() == before
    shrunk = guard(root, ".", *BASE, "--update")
    assert shrunk.returncode == 1
    assert "2 taken out, 0 followed, 0 put in" in shrunk.stdout
    assert "2 new places not put in" in shrunk.stdout
    assert "app/user.py" not in (root / "base.json").read_text()
    assert guard(root, ".", *BASE, "--update", "--allow-new").returncode == 0
    assert guard(root, ".", *BASE).returncode == 0


def test_what_apply_leaves_on_another_line_is_not_new(tmp_path: Path) -> None:
    root = tmp_path / "repo"
    shutil.copytree(Path(__file__).parents[2] / "fixtures/netra_mini", root)
    pack = ("--pack", "websocket-ssot")
    update = ("guard", ".", *pack, *BASE, "--update")
    assert recanon(root, *update, "--allow-new").returncode == 0
    assert recanon(root, "apply", ".", *pack, "--yes").returncode == 0
    done = recanon(root, *update)
    assert (done.returncode, "not put in" in done.stdout) == (0, False), done.stdout
    assert ", 0 put in" in done.stdout
    assert recanon(root, "guard", ".", *pack, *BASE).returncode == 0


def test_files_and_folders_are_spoken_of_alone(root: Path) -> None:
    tree(root, {"app/new.py": USE, "other/more.py": USE})
    done = guard(root, ".", *BASE, "app/new.py", "README.md" if (root / "README.md").exists() else "base.json")
    assert "2 new, 0 gone, 0 moved; 2 new places in files not asked for" in done.stdout
    assert "other/more.py" in guard(root, ".", *BASE, "other").stdout
    assert guard(root, ".", *BASE, "app/clean.py").returncode == 0


def test_a_deleted_file_may_be_asked_for(root: Path) -> None:
    (root / "app/user.py").unlink()
    assert "0 new, 2 gone" in guard(root, ".", *BASE, "app/user.py").stdout
    assert guard(root, ".", *BASE, "app/clean.py").returncode == 0


def test_changed_since_sees_commits_the_index_the_folder_and_untracked_files(root: Path) -> None:
    git(root, "checkout", "-q", "-b", "mine")
    tree(root, {"app/committed.py": USE})
    git(root, "add", "-A")
    git(root, "commit", "-qm", "mine")
    git(root, "checkout", "-q", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "theirs")
    git(root, "checkout", "-q", "mine")
    tree(root, {"app/staged.py": USE})
    git(root, "add", "-A")
    tree(root, {"app/untracked.py": USE, "app/clean.py": USE})
    done = guard(root, ".", *BASE, "--changed-since", "main")
    files = {line.strip().split(":")[0] for line in done.stdout.splitlines() if ".py:" in line}
    assert files == {"app/committed.py", "app/staged.py", "app/untracked.py", "app/clean.py"}
    assert "0 known places, 8 new" in done.stdout
    assert "app/committed.py" not in guard(root, ".", *BASE, "--changed-since", "HEAD").stdout


def test_what_others_did_since_does_not_count(root: Path) -> None:
    git(root, "branch", "mine")
    tree(root, {"app/theirs.py": USE})
    git(root, "add", "-A")
    git(root, "commit", "-qm", "theirs")
    git(root, "checkout", "-q", "mine")
    done = guard(root, ".", *BASE, "--changed-since", "main")
    assert (done.returncode, done.stderr) == (0, "")


def test_json_names_everything(root: Path) -> None:
    tree(root, {"app/new.py": USE, "app/user.py": CLEAN})
    done = guard(root, ".", *BASE, "--format", "json")
    told = json.loads(done.stdout)
    assert (told["schema"], told["holds"], done.returncode) == ("recanon/guard/1", False, 1)
    assert [(place["file"], place["kind"], place["mend"]) for place in told["new"]] == [
        ("app/new.py", "import", "apply"),
        ("app/new.py", "call", "apply"),
    ]
    assert {entry["path"] for entry in told["gone"]} == {"app/user.py"}


def test_annotations_name_the_place_and_the_line_of_the_baseline(root: Path) -> None:
    tree(root, {"app/new,1.py": USE, "app/user.py": CLEAN})
    done = guard(root, ".", *BASE, "--format", "github")
    errors = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert errors[0].startswith("::error file=app/new%2C1.py,line=1,col=58,title=new use of the old API::import ")
    rows = (root / "base.json").read_text().splitlines()
    number = next(n for n, row in enumerate(rows, 1) if '"app/user.py", "call"' in row)
    assert errors[2].startswith(f"::error file=base.json,line={number},col=1,title=outdated baseline::")
    assert len(errors) == 4
    assert all("%0A" in line for line in errors)


def test_no_colour_where_nobody_looks(root: Path) -> None:
    tree(root, {"app/new\x1b[31m.py": USE})
    for form in ("text", "json", "github"):
        assert "\x1b" not in guard(root, ".", *BASE, "--format", form).stdout


def test_a_folder_named_like_a_command_is_reached_with_its_path(root: Path) -> None:
    tree(root, {"export/new.py": USE})
    assert "1 new" not in guard(root, ".", *BASE, "./app").stdout
    assert "2 new" in guard(root, ".", *BASE, "export").stdout
    done = guard(root, "./export", *BASE)
    assert "Traceback" not in done.stderr
    assert done.returncode == 2
    assert "no module app.websocket_core" in done.stderr
    assert "--ruff or --import-linter" in guard(root, "export", ".").stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((".",), "no baseline is given"),
        ((".", "--baseline", "none.json"), "--baseline none.json --update --allow-new"),
        ((".", "--baseline", "app"), "is a folder"),
        ((".", "--baseline", "no/such.json", "--update", "--allow-new"), "there is no folder no"),
        ((".", *BASE, "--allow-new"), "--allow-new does nothing without --update"),
        ((".", *BASE, "--update", "--format", "json"), "--update has no output as json"),
        ((".", *BASE, "app/user.py", "--changed-since", "HEAD"), "two answers to one question"),
        ((".", *BASE, "app/nothing.py"), "app/nothing.py is not there"),
        ((".", *BASE, "../outside.py"), "is not in"),
        ((".", *BASE, "--changed-since", "nothing"), "git knows no commit nothing"),
        ((".", *BASE, "--changed-since", "--help"), "git knows no commit --help"),
        ((".", *BASE, "--set", "class_name=WebSocketManager"), "was made with"),
        (("nowhere", *BASE), "nowhere is not there"),
    ],
)
def test_wrong_words_end_with_two_and_what_to_do(root: Path, words: tuple[str, ...], told: str) -> None:
    done = guard(root, *words)
    assert done.returncode == 2, done.stdout
    assert told in done.stderr
    assert "hint: " in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [(), ("--update",), ("--no-cache",)])
def test_another_tree_empties_no_baseline(root: Path, words: tuple[str, ...]) -> None:
    write_tree(root.parent / "other", {"main.py": CLEAN})
    before = (root / "base.json").read_bytes()
    for _ in range(2):
        done = guard(root, "../other", *BASE, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "the tree has no module app.websocket_core" in done.stderr
        assert "no mention of the old API" in done.stderr
        assert "right folder" in done.stderr
        assert "--set prefix=app" in done.stderr
    assert (root / "base.json").read_bytes() == before


def test_a_finished_tree_may_empty_its_baseline(tmp_path: Path) -> None:
    finished = write_tree(tmp_path / "finished", {CANON.replace(".", "/") + ".py": CLEAN})
    entry = Entry("app/user.py", "call", "create_websocket_manager", "0123456789ab")
    known = Baseline("websocket-ssot", dict(pack().migration.options), frozenset({entry}))
    (finished / "base.json").write_text(known.text())
    done = guard(finished, ".", *BASE, "--update")
    assert (done.returncode, "0 places; 1 taken out" in done.stdout) == (0, True), done.stderr


def test_outside_of_git_only_changed_since_is_refused(tmp_path: Path) -> None:
    root = tree(tmp_path / "plain", {"app/user.py": USE})
    assert guard(root, ".", *BASE, "--update", "--allow-new").returncode == 0
    assert guard(root, ".", *BASE).returncode == 0
    done = guard(root, ".", *BASE, "--changed-since", "HEAD")
    assert (done.returncode, "is in no git repository" in done.stderr) == (2, True)


def test_help_teaches_the_three_ways_of_use() -> None:
    shown = CliRunner().invoke(app, ["guard", "--help"], env={"COLUMNS": "120", "TERM": "dumb"}).stdout
    pieces = ("--update --allow-new", "--changed-since", "guard export --help", "guard tests")
    for piece in (*pieces, "./export", "--no-cache"):
        assert piece in shown


def test_the_list_of_commands_says_what_guard_does() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "160", "TERM": "dumb"}).stdout
    row = " ".join(shown.partition("\n  guard ")[2].partition("\n  fleet ")[0].split())
    assert row == "Stop new uses of the old API against a baseline. Also: guard export, guard tests."
    assert "a red gate" in " ".join(shown.split())


@pytest.mark.parametrize(
    "words",
    [("export", "--ruff"), ("--pack", "p", "export", "--import-linter"), ("tests", "--output=x"), ("tests", "-o", "x")],
)
def test_a_sub_command_that_does_not_stand_first_is_named(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["guard", ".", *words], env={"COLUMNS": "160", "TERM": "dumb"})
    name = "export" if "export" in words else "tests"
    assert done.exit_code == 2
    assert f"The sub-command stands first: recanon guard {name} TREE" in done.output.replace(
        "root guard", "recanon guard"
    )
