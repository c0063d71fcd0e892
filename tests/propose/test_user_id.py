"""`user_id=` becomes a context made of it, for review."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import BOTH, FAC, migrate

HEAD = f"from {FAC} import create_websocket_manager\n"
CONTEXT = "from app.services.user_execution_context import UserExecutionContext\n"


def call(value: str, parameters: str = "u", head: str = HEAD) -> str:
    return f"{head}\n\nasync def f({parameters}):\n    return await create_websocket_manager(user_id={value})\n"


def test_a_context_class_that_is_imported_already_is_used(tmp_path: Path) -> None:
    done = migrate(
        tmp_path, {"tests/x.py": call("u", head=CONTEXT + HEAD + "\nprint(UserExecutionContext)\n")}, include=BOTH
    )
    assert done.text("tests/x.py").count("import UserExecutionContext") == 1
    assert "get_websocket_manager(user_context=UserExecutionContext(user_id=u" in done.text("tests/x.py")


def test_a_context_class_of_the_same_name_from_elsewhere_refuses_the_one_call(tmp_path: Path) -> None:
    text = call("u", head=HEAD + "\n\nclass UserExecutionContext:\n    pass\n")
    text += "\n\nasync def g(c):\n    return await create_websocket_manager(c)\n"
    done = migrate(tmp_path, {"tests/x.py": text}, include=BOTH)
    assert "await get_websocket_manager(c)" in done.text("tests/x.py"), "the whole file was refused"
    assert "await create_websocket_manager(user_id=u)" in done.text("tests/x.py")


@pytest.mark.parametrize("value", ["make_id()", "str(uuid4())", "f'user_{next(ids)}'", "(await new_id())"])
def test_a_value_that_may_differ_each_time_is_evaluated_once(tmp_path: Path, value: str) -> None:
    done = migrate(tmp_path, {"tests/x.py": call(value, "make_id, uuid4, ids, new_id")}, include=BOTH)
    assert done.text("tests/x.py").count(value) <= 1


@pytest.mark.parametrize("value", ["""d['a']["b"]""", "{'a': 1}['a']", "r'a\\nb'", "d['x\\n']"])
def test_a_value_that_no_f_string_takes_is_no_crash_and_no_other_value(tmp_path: Path, value: str) -> None:
    done = migrate(tmp_path, {"tests/x.py": call(value, "d")}, include=BOTH)
    assert done.reverted("tests/x.py") is None
    done.check_compiles()
    assert "thread_a\\nb" not in done.text("tests/x.py").replace("r'thread_a\\nb'", "")
