"""An `await` is added only where Python takes it and where it leaves the kind of value as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import WORLD, code, migrate

OLD = "from app.websocket_core import create_websocket_manager\n"
HOLDER = """

async def f(c):
    class Holder:
        manager = create_websocket_manager(c)

    return Holder
"""


@pytest.mark.parametrize(
    "value",
    [
        "list(create_websocket_manager(c) for c in cs)",
        "{k: v for k, v in ((c, create_websocket_manager(c)) for c in cs)}",
        "tuple([create_websocket_manager(c) for c in g] for g in cs)",
        "any(c for c in cs if create_websocket_manager(c))",
    ],
)
def test_no_await_in_a_generator_expression(tmp_path: Path, value: str) -> None:
    done = migrate(tmp_path, {"tests/x.py": f"{OLD}\n\nasync def f(cs):\n    return {value}\n"})
    assert "await" not in done.text("tests/x.py")
    assert done.verdicts("tests/x.py") == ["manual", "manual"]


def test_await_in_the_first_iterable_of_a_generator_expression(tmp_path: Path) -> None:
    done = migrate(
        tmp_path, {"tests/x.py": OLD + "\n\nasync def f(c):\n    return list(x for x in create_websocket_manager(c))\n"}
    )
    assert "list(x for x in await get_websocket_manager(c))" in done.text("tests/x.py")


def test_no_await_in_the_body_of_a_class(tmp_path: Path) -> None:
    text = (
        "\n\nasync def f(c):\n    class Holder:\n        manager = create_websocket_manager(c)\n\n    return Holder\n"
    )
    done = migrate(tmp_path, {"tests/x.py": OLD + text})
    done.check_compiles()


def test_the_ladder_compiles_what_it_is_given(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"tests/x.py": OLD + HOLDER, "tests/y.py": OLD})
    done.check_compiles()
    assert "tests/y.py" in done.changed()


def test_a_call_without_a_context_of_a_function_that_takes_none_is_no_crash(tmp_path: Path) -> None:
    reject = '    if user_context is None:\n        raise ValueError("a context is needed")\n'
    package = WORLD["app/websocket_core/__init__.py"].replace(reject, "")
    text = OLD + "\n\ndef test_manager():\n    assert create_websocket_manager()\n"
    done = migrate(tmp_path, {"app/websocket_core/__init__.py": package, "tests/x.py": text})
    assert done.found("tests/x.py", "create_websocket_manager")


def test_the_class_does_not_go_where_a_coroutine_is_run(tmp_path: Path) -> None:
    text = code("""
        import asyncio
        from app.websocket_core import create_websocket_manager


        def test_manager(context):
            assert asyncio.run(create_websocket_manager(context))
    """)
    done = migrate(tmp_path, {"tests/x.py": text})
    assert "asyncio.run(WebSocketManager(" not in done.text("tests/x.py")
