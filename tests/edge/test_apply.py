"""`recanon apply` and `recanon explain` over replaced services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recanon.journal.result import Recovered, Refused, RunResult
from recanon.outcome import Account
from recanon.plan import Plan


def test_without_a_terminal_apply_wants_to_be_told(tool: Any, tree: Path) -> None:
    done = tool("apply", tree, "--pack", "sample")
    assert done.exit_code == 2
    assert "Say --yes" in done.stderr
    assert tool.services.asked == []


def test_apply_writes_the_very_plan_and_names_the_refused(tool: Any, tree: Path, plan: Plan) -> None:
    done = tool("apply", tree, "--pack", "sample", "--yes")
    assert done.exit_code == 3
    assert tool.services.asked[-1] == ("apply", tree.resolve(), plan)
    assert "run 20250101T000000.000Z-abcdef: 1 file written" in done.stdout
    assert "refused: 1 file: stand as they were\n  b.py  changed since; Plan again.\n" in done.stdout
    assert "--run 20250101T000000.000Z-abcdef" in done.stdout


def test_apply_is_done_when_nothing_is_refused(tool: Any, tree: Path) -> None:
    tool.services.result = RunResult("r1", ("a.py",))
    assert tool("apply", tree, "--pack", "sample", "--yes").exit_code == 0


def test_apply_tells_of_an_earlier_run_put_in_order(tool: Any, tree: Path) -> None:
    earlier = Recovered("r0", ("x.py",), (), (Refused("y.py", "edited"),))
    tool.services.result = RunResult("r1", ("a.py",), recovered=(earlier,))
    text = tool("apply", tree, "--pack", "sample", "--yes").stdout
    assert "run r0: was found interrupted and put in order: 1 written, 0 not" in text
    assert "y.py  edited" in text


def test_nothing_to_change_is_done(tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    tool = tool_for(replace(plan, changes=()))
    done = tool("apply", tree, "--pack", "sample", "--yes")
    assert done.exit_code == 0
    assert "Nothing to change." in done.stdout
    assert tool.services.asked[-1][0] == "plan"


def test_a_plan_whose_account_does_not_hold_is_not_written(
    tool_for: Callable[[Plan], Any], plan: Plan, tree: Path
) -> None:
    tool = tool_for(replace(plan, account=Account(7, plan.account.verdicts, ("z.py:1:1 old",))))
    done = tool("apply", tree, "--pack", "sample", "--yes")
    assert done.exit_code == 4
    assert "Nothing was written" in done.stderr
    assert tool.services.asked[-1][0] == "plan"


def test_explain_tells_origin_chain_and_what_becomes_of_the_line(tool: Any, tree: Path) -> None:
    done = tool("explain", tree, "a.py:2", "--pack", "sample")
    assert done.exit_code == 0
    assert done.stdout == (
        "a.py:2:5: call old: safe\n"
        "  reason  same signature\n"
        "  origin  pkg.old.f\n"
        "  found through  a → pkg → pkg.old\n"
        "  codemod  calls\n"
        "  phase  production\n"
        "  rewritten  yes\n"
        "  note  never awaited\n"
        "\n"
        "edits: what becomes of this line\n"
        "  calls  'old' → 'new'\n"
        "\n"
    )


@pytest.mark.parametrize("words", [["a.py:1"], [".", "a.py:1"], ["{tree}/a.py:1"], ["a.py:1:8"]])
def test_explain_finds_the_place(words: list[str], tool: Any, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    done = tool("explain", *(word.format(tree=tree) for word in words), "--pack", "sample")
    assert done.stdout.startswith("a.py:1:8: import old: safe\n")


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("a.py:7", "a.py:7 holds no mention of the old API\nhint: Lines with one: 2, 1."),
        ("b.py:7", "hint: Lines with one: 3, 1."),
        ("broken.py:3", "broken.py was skipped: does not parse: line 3\nhint: Mend it."),
        ("none.py:3", "none.py is no file in"),
        ("a.py", "a.py is no place"),
        ("a.py:0", "a.py:0 is no place"),
        ("../outside.py:1", "../outside.py is no file in"),
    ],
)
def test_explain_says_why_it_cannot(place: str, message: str, tool: Any, tree: Path) -> None:
    (tree.parent / "outside.py").write_text("")
    done = tool("explain", tree, place, "--pack", "sample")
    assert done.exit_code == 2
    assert message in done.stderr
