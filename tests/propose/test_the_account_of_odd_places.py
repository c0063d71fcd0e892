"""The account holds whatever stands in a file: a place that no rule knows must not stop a whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import code, migrate


@pytest.mark.parametrize(
    "text",
    [
        "import app.websocket_core.manager\nmake = app.websocket_core.manager.WebSocketManager\n",
        "import app\nmodule = app.websocket_core.websocket_manager_factory\n",
        "import app.websocket_core\nprint(app.websocket_core.unified_manager.WebSocketConnection())\n",
        "for x in [get_websocket_manager for get_websocket_manager in (1, 2)]:\n    print(x)\n",
        "with (create_websocket_manager := open(__file__)) as f:\n    print(f)\n",
        "for x in {n: create_websocket_manager for n, create_websocket_manager in ((1, 2),)}:\n    print(x)\n",
        "def f(g):\n    for x in g(lambda create_websocket_manager=1: create_websocket_manager):\n        x\n",
    ],
)
def test_every_mention_is_explained(tmp_path: Path, text: str) -> None:
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()
    assert done.found("tests/b.py")


def test_a_comprehension_in_the_head_of_a_loop_binds_its_own_name(tmp_path: Path) -> None:
    text = code("""
        from app.websocket_core import create_websocket_manager


        async def f(c, make):
            for x in [create_websocket_manager(c) for create_websocket_manager in make]:
                print(x)
            return await create_websocket_manager(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "[create_websocket_manager(c) for create_websocket_manager in make]" in done.text("tests/b.py")
