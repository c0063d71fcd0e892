"""`recanon rollback`, `runs` and `show` over the real journal: what `apply` wrote is listed, shown and given back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recanon.apply import apply_plan
from recanon.plan import FileChange, Plan

BEFORE = b"import old\nx = old.f()\n"
AFTER = b"import new\nx = new.f()\n"


@pytest.fixture
def run(tree: Path, plan: Plan) -> str:
    """An applied run."""
    result = apply_plan(tree, plan)
    assert (tree / "a.py").read_bytes() == AFTER
    return result.run


@pytest.mark.parametrize(
    "words",
    [["a.py"], ["--all"], ["--run", "last"], ["--run", "{run}"], ["a.py", "--all"], ["{tree}/a.py"], ["./a.py"]],
)
def test_rollback_gives_the_bytes_back(words: list[str], run: str, tool: Any, tree: Path) -> None:
    done = tool("rollback", tree, *(word.format(run=run, tree=tree) for word in words), "--yes")
    assert done.exit_code == 0, done.stderr
    assert "1 file given back" in done.stdout
    assert (tree / "a.py").read_bytes() == BEFORE


def test_a_path_may_be_relative_to_the_current_folder(
    run: str, tool: Any, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "sub").mkdir()
    monkeypatch.chdir(tree / "sub")
    assert tool("rollback", "..", "../a.py", "--yes").exit_code == 0
    assert (tree / "a.py").read_bytes() == BEFORE


def test_rollback_takes_a_phase_by_its_name(run: str, tool: Any, tree: Path) -> None:
    done = tool("rollback", tree, "--phase", "nonsense", "--yes")
    assert done.exit_code == 2
    assert "No run has a phase nonsense" in done.stderr


def test_an_edited_file_is_refused_and_named(run: str, tool: Any, tree: Path) -> None:
    (tree / "a.py").write_bytes(AFTER + b"more\n")
    done = tool("rollback", tree, "--all", "--yes")
    assert done.exit_code == 3
    assert "refused: 1 file: stand as they were\n  a.py  it was edited after run" in done.stdout
    assert (tree / "a.py").read_bytes() == AFTER + b"more\n"


def test_merge_keeps_later_edits(tool: Any, tree: Path, plan: Plan) -> None:
    file, rest = tree / "a.py", b"".join(b"line %d\n" % number for number in range(9))
    file.write_bytes(BEFORE + rest)
    apply_plan(tree, replace(plan, changes=(FileChange("a.py", BEFORE + rest, AFTER + rest),)))
    file.write_bytes(AFTER + rest + b"more\n")
    assert tool("rollback", tree, "a.py", "--merge", "--yes").exit_code == 0
    assert file.read_bytes() == BEFORE + rest + b"more\n"


def test_force_replaces_them_and_says_where_they_are(run: str, tool: Any, tree: Path) -> None:
    (tree / "a.py").write_bytes(AFTER + b"more\n")
    done = tool("rollback", tree, "a.py", "--force", "--yes")
    assert done.exit_code == 0
    assert (tree / "a.py").read_bytes() == BEFORE
    kept = done.stdout.split("kept: 1 file: ")[1].split("\n")[1].strip()
    assert (tree / kept).read_bytes() == AFTER + b"more\n"


def test_a_second_rollback_has_nothing_to_do(run: str, tool: Any, tree: Path) -> None:
    tool("rollback", tree, "--all", "--yes")
    done = tool("rollback", tree, "--all", "--yes")
    assert done.exit_code == 0
    assert "nothing to do" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--yes"], "rollback is not told what to give back"),
        (["--all", "--run", "last", "--yes"], "--all gives back every run and phase"),
        (["--all", "--merge", "--force", "--yes"], "--merge keeps later edits"),
        (["--run", "20990101", "--yes"], "There is no run 20990101"),
        (["--all"], "rollback asks before it writes"),
    ],
)
def test_wrong_words_are_named(words: list[str], message: str, run: str, tool: Any, tree: Path) -> None:
    done = tool("rollback", tree, *words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert (tree / "a.py").read_bytes() == AFTER


def test_rollback_asks_on_a_terminal(run: str, tool: Any, tree: Path) -> None:
    code, shown = tool.on_terminal("rollback", tree, "a.py", typed=b"y\n")
    assert code == 0
    assert b"Give back a.py in" in shown
    assert (tree / "a.py").read_bytes() == BEFORE


def test_runs_lists_them_the_latest_first(run: str, tool: Any, tree: Path) -> None:
    tool("rollback", tree, "--all", "--yes")
    lines = tool("runs", tree).stdout.splitlines()
    assert lines[0] == "runs: 2 runs"
    assert "rollback everything: rollback; 1 done" in lines[1]
    assert run in lines[2]
    assert "apply sample (production): rolled back; 1 undone" in lines[2]


def test_a_tree_without_runs_has_none(tool: Any, tree: Path) -> None:
    assert tool("runs", tree).stdout == "runs: 0 runs\n\n"


@pytest.mark.parametrize("name", ["last", "{run}"])
def test_show_tells_what_became_of_each_file(name: str, run: str, tool: Any, tree: Path, plan: Plan) -> None:
    done = tool("show", name.format(run=run), tree)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"run {run}: applied\n  kind  apply\n  pack  sample\n  phases  production\n")
    for part in ("options  prefix=app", f"plan  {plan.digest}", "files: 1 file\n  done (1)\n    a.py"):
        assert part in done.stdout


def test_show_of_an_unknown_run_is_wrong_use(run: str, tool: Any, tree: Path) -> None:
    done = tool("show", "nonsense", tree)
    assert done.exit_code == 2
    assert "There is no run nonsense" in done.stderr


@pytest.mark.parametrize(
    "words", [["runs", "{none}"], ["show", "last", "{none}"], ["rollback", "{none}", "--all", "--yes"]]
)
def test_a_tree_that_is_not_there_is_wrong_use(words: list[str], tool: Any, tree: Path) -> None:
    done = tool(*(word.format(none=tree / "none") for word in words))
    assert done.exit_code == 2
    assert "is not there" in done.stderr
