"""Steps 6 and 7: a call that does not fit its target, or whose await is lost, is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import CORE, WORLD
from tests.verify.kit import AWAITED, BAD, GOOD, OLD, Bad, check_stopped, tried, written

WRAP = "def wrap(value):\n    return value\n\n\n"
STRICT = WORLD[CORE + "websocket_manager.py"].replace("user_context=None, mode", "user_context, mode")


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("NAME(c, bogus=1)", "no argument bogus"),
        ("NAME(c, 1, 2)", "positional"),
        ("NAME(c, user_context=c)", "user_context twice"),
        ("NAME(*c)", "unpacked"),
        ("NAME(**c)", "unpacked"),
    ],
)
def test_a_call_that_does_not_bind_is_stopped(tmp_path: Path, call: str, reason: str) -> None:
    done = tried(tmp_path, Bad({"build": written(call)}))
    check_stopped(done, "6 signature")
    assert reason in str(done.reverted(BAD))


def test_a_dropped_argument_that_the_target_needs_is_stopped(tmp_path: Path) -> None:
    strict = {CORE + "websocket_manager.py": STRICT}
    done = tried(tmp_path, Bad({"build": written("NAME()")}), texts=strict)
    check_stopped(done, "6 signature")
    assert "lacks user_context" in str(done.reverted(BAD))


@pytest.mark.parametrize("call", ["wrap(NAME(c))", "(lambda: NAME(c))()", "wrap(value=NAME(c))"])
def test_an_await_that_moves_to_another_call_is_stopped(tmp_path: Path, call: str) -> None:
    check_stopped(tried(tmp_path, Bad({"build": written(call)}), WRAP + AWAITED), "7 await")


def test_one_bad_call_of_two_is_stopped(tmp_path: Path) -> None:
    more = "\n\nasync def g(c):\n    return create_websocket_manager(c)\n"
    check_stopped(tried(tmp_path, Bad({"build": written("wrap(NAME(c))")}), WRAP + AWAITED + more), "7 await")


def test_a_call_that_did_not_fit_before_is_no_reason(tmp_path: Path) -> None:
    other = "from app.websocket_core.websocket_manager import WebSocketManager\n"
    done = tried(tmp_path, Bad({}), other + AWAITED + "\n\nprint(WebSocketManager(bogus=1))\n")
    assert done.changed() == {BAD, GOOD}


def test_a_keyword_takes_the_place_of_a_position(tmp_path: Path) -> None:
    done = tried(tmp_path, Bad({"build": written("NAME(user_context=c)")}))
    assert done.text(BAD).endswith("    return await get_websocket_manager(user_context=c)\n")
    assert OLD not in done.text(BAD)
