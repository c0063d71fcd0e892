"""What a terminal gets: colour, bars and questions; and never a raw control character from the tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recanon.outcome import Finding, Reverted, Skipped, Verdict
from recanon.plan import FileChange, Plan
from recanon.safe_text import safe_text

# What the tool itself may write: colours, cursor moves and clearing of lines by the progress bars, and line ends.
OWN = re.compile(rb"\x1b\[[0-9;]*m|\x1b\[\?25[lh]|\x1b\[[0-9]*[AK]|\x1b\[2K|\r\n|\r|\n")

PAYLOADS = [
    "\x1b]52;c;ZXZpbA==\x07", "\x1b]0;title\x07", "\x1b[2J\x1b[H", "\x1b[31mred", "\x1bP0;1|17/ab\x1b\\", "\x1b(0",
    "\x1b[6n", "\x1b[5i", "\x1bc", "\x9b31m", "\x9d52;c;x\x9c", "\x90q\x9c", "\x85", "\x8d", "\x84", "\a", "\b\b\b",
    "\r\x1b[K", "\rgood", "\v", "\f", "\x0e", "\x0f", "\x7f", "\x00", "\x1f", "line\nbreak", "tab\there", "\x1b[?1049h",
    "\x1b]8;;http://evil\x1b\\x", "\u202eevil", "\u2066a\u2069", "\u200bzero", "\ufeff", "\u2028", "\udc9b31m",
    "\udcff",
]  # fmt: skip
RAW = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028\u202a-\u202e\u2066-\u2069\ufeff]")


def test_a_terminal_gets_colour_and_the_lists(tool: Any, tree: Path) -> None:
    code, shown = tool.on_terminal("preview", tree, "--pack", "sample")
    assert code == 0
    assert b"\x1b[31m-x = old.f()\x1b[0m\r\n\x1b[32m+import new\x1b[0m\r\n" in shown
    plain = OWN.sub(lambda match: b"\n" if match[0] == b"\r\n" else b"", shown).decode()
    assert "review  1 place in 1 file" in plain
    assert re.search(r"b\.py:3 +reference old *\n +Call it here\.", plain)
    assert "account: mentions 6 = safe 2 + review 1 + manual 2 + left 1 + canonical 0" in plain


def test_a_terminal_gets_progress_bars(tool: Any, tree: Path) -> None:
    assert b"\xe2\x94\x81" in tool.on_terminal("preview", tree, "--pack", "sample")[1]


def test_a_pipe_gets_none_of_it(tool: Any, tree: Path) -> None:
    done = tool.piped("preview", tree, "--pack", "sample", FORCE_COLOR="1")
    assert done.returncode == 0
    assert not re.search(rb"[\x00-\x09\x0b-\x1f]", done.stdout + done.stderr)


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_can_be_refused(environ: dict[str, str], tool: Any, tree: Path) -> None:
    shown = tool.on_terminal("preview", tree, "--pack", "sample", **environ)[1]
    assert b"-x = old.f()\r\n+import new\r\n" in shown
    assert not re.search(rb"\x1b\[[0-9;]*m", shown)


def test_a_narrow_terminal_cuts_no_place(tool: Any, tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    path = "some/very/long/folder/name/" * 4 + "module.py"
    finding = Finding(path, 1234, 1, "old", "call", Verdict.MANUAL, "because")
    long = tool_for(replace(plan, findings=(finding,)))
    shown = long.on_terminal("preview", tree, "--pack", "sample", "--format", "summary", COLUMNS="40", NO_COLOR="1")[1]
    letters = re.sub(rb"[^a-z0-9_/.:]", b"", OWN.sub(b"", shown))
    assert b"module.py:1234" in re.sub(rb"callold", b"", letters)


def test_no_raw_control_character_from_the_tree_reaches_a_terminal(
    tool_for: Callable[[Plan], Any], plan: Plan, tree: Path
) -> None:
    shown = tool_for(_hostile(plan)).on_terminal("preview", tree, "--pack", "sample", NO_COLOR="1")[1]
    assert not RAW.search(OWN.sub(b"", shown).decode())
    for payload in PAYLOADS:
        bare = safe_text(payload).split("\n")[0][:6].encode()
        assert bare in shown


def test_a_pipe_gets_the_raw_bytes_of_the_diff(tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    hostile = _hostile(plan)
    done = tool_for(hostile).piped("preview", tree, "--pack", "sample")
    for change in hostile.changes:
        assert change.after.replace(b"\n", b"\n+").removesuffix(b"+") in done.stdout
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", done.stderr)


def test_a_deceptive_diff_bears_a_badge(tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    trojan = replace(plan, changes=(FileChange("a.py", b"x\n", "if a:\u202e # \u2066\n".encode()),))
    shown = tool_for(trojan).on_terminal("preview", tree, "--pack", "sample", NO_COLOR="1")[1]
    assert b"+if a:<U+202E> # <U+2066>" in shown
    assert b"! invisible or direction-changing characters" in shown


def test_an_honest_diff_bears_none(tool: Any, tree: Path) -> None:
    assert b"! invisible" not in tool.on_terminal("preview", tree, "--pack", "sample")[1]


def test_a_stream_that_knows_only_ascii_is_no_crash(tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    odd = replace(plan, skipped=(Skipped("caf\u00e9.py", "\u4e16"),))
    done = tool_for(odd).piped("preview", tree, "--pack", "sample", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert b"caf\\xe9.py  \\u4e16" in done.stderr


def test_apply_asks_and_takes_no_for_an_answer(tool: Any, tree: Path) -> None:
    code, shown = tool.on_terminal("apply", tree, "--pack", "sample", typed=b"n\n")
    assert code == 130
    assert b"Write 1 file in" in shown
    assert b"Nothing was written." in shown


def test_apply_asks_and_takes_yes_for_an_answer(tool: Any, tree: Path) -> None:
    code, shown = tool.on_terminal("apply", tree, "--pack", "sample", typed=b"y\n", NO_COLOR="1")
    assert code == 3
    assert b"run 20250101T000000.000Z-abcdef  1 file written" in shown


def test_a_folder_with_a_steering_name_is_asked_about_in_plain_words(tool: Any, tree: Path) -> None:
    hostile = tree.rename(tree.parent / "tree\x1b]0;evil\x07\u202e")
    code, shown = tool.on_terminal("apply", hostile, "--pack", "sample", typed=b"n\n", NO_COLOR="1")
    assert code == 130
    assert b"tree\\x1b]0;evil\\x07<U+202E>? [y/N]" in shown
    assert b"\x1b]0;" not in shown


def test_ctrl_c_at_the_question_is_an_interruption(tool: Any, tree: Path) -> None:
    code, shown = tool.on_terminal("apply", tree, "--pack", "sample", typed=b"\x03")
    assert code == 130
    assert b"Traceback" not in shown


def _hostile(plan: Plan) -> Plan:
    changes = tuple(FileChange(f"{text}.py", b"", text.encode("utf-8", "surrogateescape") + b"\n") for text in PAYLOADS)
    findings = tuple(
        Finding(f"{text}.py", 1, 1, text, text, Verdict.MANUAL, f"why {text}", hint=text, group=text)
        for text in PAYLOADS
    )
    skipped = tuple(Skipped(text, text, text) for text in PAYLOADS)
    reverted = tuple(Reverted(text, text, text) for text in PAYLOADS)
    return replace(plan, changes=changes, findings=findings, skipped=skipped, reverted=reverted)
