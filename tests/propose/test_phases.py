"""A phase alone leaves no hole: what the others still need stays, and strings that patch come along."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import AWAITED, BOTH, CANON, migrate

OLD = "from app.websocket_core import create_websocket_manager\n"
USER = OLD + AWAITED
PATCH = (
    "from unittest.mock import patch\n\n\n@patch('app.services.a.create_websocket_manager')\ndef test_f(m):\n    pass\n"
)


def test_production_takes_the_strings_of_tests_along(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"app/services/a.py": USER, "tests/b.py": PATCH}, phases=["production"])
    assert done.text("app/services/a.py").startswith(f"from {CANON} import get_websocket_manager\n")
    assert done.text("tests/b.py") == PATCH.replace("a.create_", "a.get_")


def test_tests_alone_leave_strings_that_patch_production(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"app/services/a.py": USER, "tests/b.py": PATCH}, phases=["tests"])
    assert done.changed() == set()


def test_a_test_that_takes_the_name_from_production_comes_along(tmp_path: Path) -> None:
    test = "from app.services.a import create_websocket_manager\n" + AWAITED
    done = migrate(tmp_path, {"app/services/a.py": USER, "tests/b.py": test}, phases=["production"])
    assert "await get_websocket_manager(c)" in done.text("app/services/a.py")
    assert done.text("tests/b.py").startswith(f"from {CANON} import get_websocket_manager\n")


def test_a_definition_that_nothing_needs_takes_its_imports_along(tmp_path: Path) -> None:
    module = "from app.services import helper\n\n\ndef create_websocket_manager(c=None):\n    return helper.make(c)\n"
    texts = {
        "app/services/helper.py": "def make(c):\n    return c\n\n\ndef other():\n    pass\n",
        "app/websocket_core/spare.py": module + "\n\ndef stays():\n    pass\n",
    }
    done = migrate(tmp_path, texts, include=BOTH)
    assert done.reverted("app/websocket_core/spare.py") is None
    assert "helper" not in done.text("app/websocket_core/spare.py")
