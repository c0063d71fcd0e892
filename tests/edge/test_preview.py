"""`recanon preview`: what goes where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recanon.diff import unified_diff
from recanon.outcome import Account, Verdict
from recanon.plan import FileChange, Plan
from recanon.settings import Settings

ACCOUNT = "account: mentions 6 = safe 2 + review 1 + manual 2 + left 1 + canonical 0"


def test_the_diff_goes_to_standard_output_and_the_rest_to_standard_error(tool: Any, tree: Path, plan: Plan) -> None:
    done = tool("preview", tree, "--pack", "sample")
    assert done.exit_code == 0
    assert done.stdout_bytes == unified_diff(plan.changes[0])
    assert done.stderr.rstrip().endswith(ACCOUNT)


def test_git_takes_the_diff(tool: Any, tree: Path) -> None:
    diff = tool("preview", tree, "--pack", "sample").stdout_bytes
    subprocess.run(["git", "apply", "-"], cwd=tree, input=diff, check=True)
    assert (tree / "a.py").read_bytes() == b"import new\nx = new.f()\n"


def test_the_lists_say_place_reason_and_what_to_do(tool: Any, tree: Path) -> None:
    text = tool("preview", tree, "--pack", "sample", "--format", "summary").stdout
    assert text == (
        "changes: 1 file of 40 (6 hold a trigger word)\n"
        "  imports  1 edit in 1 file\n"
        "  calls  1 edit in 1 file\n"
        "\n"
        "skipped: 1 file not worked on\n"
        "  broken.py  does not parse: line 3; holds 2 mentions; Mend it.\n"
        "\n"
        "reverted: 1 file left as they were, because a check of the new text failed\n"
        "  e.py  names: F821 undefined name x\n"
        "\n"
        "review: 1 place in 1 file: a rewrite is offered, behaviour may change or a check could not tell; "
        "`--include review` takes it\n"
        "  in a try (1)\n"
        "    do: Look at the except branch.\n"
        "    b.py:1  import old\n"
        "\n"
        "manual: 2 places in 2 files: no rewrite is offered; a person decides\n"
        "  values (2)\n"
        "    why: handed on as a value\n"
        "    b.py:3  reference old; Call it here.\n"
        "    c.py:3  reference old; Call it there.\n"
        "\n"
        f"{ACCOUNT}\n"
    )


@pytest.mark.parametrize("form", ["diff", "summary", "json"])
def test_a_file_takes_the_output(form: str, tool: Any, tree: Path, tmp_path: Path) -> None:
    file = tmp_path / "out"
    piped = tool("preview", tree, "--pack", "sample", "--format", form)
    filed = tool("preview", tree, "--pack", "sample", "--format", form, "-o", file)
    assert file.read_bytes() == piped.stdout_bytes
    assert filed.stdout == ""
    assert ACCOUNT in filed.stderr


def test_an_empty_plan_leaves_an_empty_file(tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    file = tree.parent / "out"
    file.write_bytes(b"old text")
    done = tool_for(replace(plan, changes=()))("preview", tree, "--pack", "sample", "-o", file)
    assert (done.exit_code, file.read_bytes()) == (0, b"")


def test_json_holds_the_whole_plan(tool: Any, tree: Path, plan: Plan) -> None:
    value = json.loads(tool("preview", tree, "--pack", "sample", "--format", "json").stdout)
    assert value["schema"] == "recanon/plan/1"
    assert value["digest"] == plan.digest
    assert value["account"] | {"mentions": 6, "safe": 2, "balanced": True} == value["account"]
    assert len(value["mentions"]) == 6
    assert value["mentions"][1] == {
        "file": "a.py", "line": 2, "column": 5, "name": "old", "kind": "call", "verdict": "safe", "codemod": "calls",
        "reason": "same signature", "hint": "", "origin": "pkg.old.f", "chain": ["a", "pkg", "pkg.old"], "group": "",
        "notes": ["never awaited"], "phase": "production", "applied": True,
    }  # fmt: skip
    [file] = value["files"]
    assert set(file) == {"path", "kind", "before_sha256", "after_sha256", "phases", "edits"}
    assert file["edits"][0] == {"start": 7, "end": 10, "expected": "old", "replacement": "new", "codemod": "imports"}
    assert (value["skipped"][0]["mentions"], value["reverted"][0]["step"]) == (2, "names")


def test_hidden_characters_in_a_diff_are_counted_with_their_file(
    tool_for: Callable[[Plan], Any], plan: Plan, tree: Path
) -> None:
    near = FileChange("near.py", "old()  # \u202e\u200b\u202e\n".encode(), b"new()\n")
    far = FileChange(
        "far.py", ("old()\n" + "\n" * 9 + "# \u2066\n").encode(), b"new()\n" + b"\n" * 9 + "# \u2066\n".encode()
    )
    done = tool_for(replace(plan, changes=(*plan.changes, near, far))).piped("preview", tree, "--pack", "sample")
    said = done.stderr.decode().splitlines()
    assert "hidden: 1 file with invisible or direction-changing characters in the diff; read it with care" in said
    assert "  near.py  <U+200B>, <U+202E>" in said


def test_json_takes_any_path(tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    odd = replace(plan, changes=(FileChange("\udcff\u202e.py", b"", b"a\n"),))
    text = tool_for(odd)("preview", tree, "--pack", "sample", "--format", "json").stdout
    assert text.isascii()
    assert json.loads(text)["files"][0]["path"] == "\udcff\u202e.py"


def test_check_says_whether_anything_would_change(
    tool: Any, tool_for: Callable[[Plan], Any], plan: Plan, tree: Path
) -> None:
    assert tool("preview", tree, "--pack", "sample", "--check").exit_code == 1
    assert tool_for(replace(plan, changes=()))("preview", tree, "--pack", "sample", "--check").exit_code == 0


def test_an_account_that_does_not_hold_is_a_bug(tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    odd = replace(plan, account=Account(7, plan.account.verdicts, ("z.py:1:1 old",)))
    done = tool_for(odd)("preview", tree, "--pack", "sample")
    assert done.exit_code == 4
    assert "7 mentions, 6 verdicts" in done.stderr
    assert "unexplained: z.py:1:1 old" in done.stderr


def test_the_options_reach_the_services(tool: Any, tree: Path) -> None:
    words = "--phase one --phase two --include review --exclude a/** --exclude b.py --set x=1 --set y=a=b --jobs 3"
    limits = "--max-bytes 10 --max-lines 20"
    assert tool("preview", tree, "--pack", "sample", *words.split(), *limits.split()).exit_code == 0
    settings = Settings(
        ("a/**", "b.py"), ("one", "two"), frozenset({Verdict.SAFE, Verdict.REVIEW}), 3, max_bytes=10, max_lines=20
    )
    assert tool.services.asked == [
        ("pack", "sample", {"x": "1", "y": "a=b"}),
        ("plan", tree.resolve(), "sample", settings),
    ]


def test_what_is_not_said_has_the_usual_value(tool: Any, tree: Path) -> None:
    tool("preview", tree, "--pack", "sample")
    assert tool.services.asked[1][3] == Settings()
