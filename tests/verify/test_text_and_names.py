"""Steps 1 to 4: a codemod that writes what does not parse, other bytes, or names that mean nothing is stopped."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from recanon.errors import RecanonError
from recanon.rewrite.calls import with_callee
from recanon.verify import ruff
from tests.helpers import AWAITED as USE
from tests.helpers import CANON
from tests.verify.kit import AWAITED, BAD, GOOD, OLD, Bad, check_stopped, named, tried, written

HELPER = "def other(c):\n    return c\n\n\n"


def test_a_keyword_as_a_name_does_not_parse(tmp_path: Path) -> None:
    check_stopped(tried(tmp_path, Bad({"build": named("class")})), "1 parses")


def test_a_second_await_does_not_parse(tmp_path: Path) -> None:
    twice = Bad({"build": lambda call, name: cst.Await(with_callee(call, name))})
    check_stopped(tried(tmp_path, twice), "1 parses")


def test_another_newline_is_not_kept_bytes(tmp_path: Path) -> None:
    def broken(call: cst.Call, name: str) -> cst.BaseExpression:
        line = cst.TrailingWhitespace(newline=cst.Newline("\r\n"))
        before = cst.LeftParen(cst.ParenthesizedWhitespace(first_line=line))
        return with_callee(call, name).with_changes(lpar=[before], rpar=[cst.RightParen()])

    check_stopped(tried(tmp_path, Bad({"build": broken})), "2 bytes")


def test_a_character_outside_the_encoding_costs_the_file(tmp_path: Path) -> None:
    done = tried(tmp_path, Bad({"build": written("NAME('é')")}), "# coding: ascii\n" + AWAITED)
    check_stopped(done, "edits")


@pytest.mark.parametrize("text", ["NAME(nowhere)", "nowhere(c)", "NAME(c if nowhere else c)"])
def test_an_undefined_name_is_stopped(tmp_path: Path, text: str) -> None:
    done = tried(tmp_path, Bad({"build": written(text)}))
    check_stopped(done, "3 names")
    assert "nowhere" in str(done.reverted(BAD))


def test_an_import_that_nothing_uses_is_stopped(tmp_path: Path) -> None:
    unused = Bad({"imports": ("app.services.user_execution_context.UserExecutionContext",)})
    done = tried(tmp_path, unused)
    check_stopped(done, "3 names")
    assert "UserExecutionContext" in str(done.reverted(BAD))


def test_a_name_that_is_undefined_before_as_well_is_no_reason(tmp_path: Path) -> None:
    done = tried(tmp_path, Bad({}), AWAITED + "\n\nprint(nowhere)\n")
    assert done.changed() == {BAD, GOOD}


def test_one_more_use_of_a_name_that_is_undefined_before_is_stopped(tmp_path: Path) -> None:
    done = tried(tmp_path, Bad({"build": written("NAME(nowhere)")}), AWAITED + "\n\nprint(nowhere)\n")
    check_stopped(done, "3 names")


def test_a_call_of_another_function_is_not_the_canonical_one(tmp_path: Path) -> None:
    check_stopped(tried(tmp_path, Bad({"build": written("other(c)")}), HELPER + AWAITED), "3 names")


def test_an_unused_name_that_comes_into_use_does_not_hide_another_function(tmp_path: Path) -> None:
    unused = "from unittest.mock import Mock as other\n"
    check_stopped(tried(tmp_path, Bad({"build": written("other(c)")}), unused + AWAITED), "4 capture")


def test_a_parameter_of_the_new_name_captures_it(tmp_path: Path) -> None:
    captured = written("(lambda NAME: NAME(c))(other)")
    done = tried(tmp_path, Bad({"build": captured}), HELPER + AWAITED)
    assert done.reverted(BAD) is not None
    assert done.changed() == {GOOD}


def test_a_comprehension_that_binds_the_new_name_captures_it(tmp_path: Path) -> None:
    captured = written("[NAME(c) for NAME in (other,)][0]")
    done = tried(tmp_path, Bad({"build": captured}), HELPER + AWAITED)
    assert done.reverted(BAD) is not None
    assert done.changed() == {GOOD}


def test_a_second_use_of_the_new_name_was_not_planned(tmp_path: Path) -> None:
    check_stopped(tried(tmp_path, Bad({"build": written("NAME(NAME)")})), "4 capture")


def test_a_name_that_the_canonical_module_lacks_is_stopped(tmp_path: Path) -> None:
    gone = Bad({"target": f"{CANON}.get_manager"}, kinds=("call", "import"))
    done = tried(tmp_path, gone)
    assert done.reverted(BAD) is not None
    assert done.changed() == {GOOD}


def test_every_place_of_a_file_goes_back_when_one_of_them_fails(tmp_path: Path) -> None:
    half = USE.replace("create_websocket_manager(c)", "create_websocket_manager(user_context=c)").replace(" f", " g")
    class_path = "from app.websocket_core.unified_manager import UnifiedWebSocketManager\n"
    text = class_path + OLD + USE + half + "\n\nprint(UnifiedWebSocketManager)\n"
    done = tried(tmp_path, Bad({"build": written("NAME(nowhere)")}), text)
    check_stopped(done, "3 names")
    assert done.text(BAD) == text


def test_where_there_is_no_ruff_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise FileNotFoundError("looked at /nowhere")

    monkeypatch.setattr(ruff, "find_ruff_bin", missing)
    with pytest.raises(RecanonError, match="there is no ruff: looked at /nowhere") as caught:
        tried(tmp_path, Bad({}))
    assert "pip install" in caught.value.hint
