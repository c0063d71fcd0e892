"""A string that patches the canonical symbol where a module imports it is canonical itself."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import CANON, FAC, migrate

USER = f"from {CANON} import get_websocket_manager\n\n\nasync def f(c):\n    return await get_websocket_manager(c)\n"
PATCH = "from unittest.mock import patch\n\n\n@patch('MODULE.get_websocket_manager')\ndef test_f(made):\n    pass\n"


def test_where_a_consumer_imports_it_from_its_module(tmp_path: Path) -> None:
    texts = {"app/services/a.py": USER, "tests/b.py": PATCH.replace("MODULE", "app.services.a")}
    done = migrate(tmp_path, texts)
    assert done.verdicts("tests/b.py") == ["canonical"]


def test_a_string_that_was_moved_is_canonical_afterwards(tmp_path: Path) -> None:
    old = f"from {FAC} import create_websocket_manager\n\n\nasync def f(c):\n"
    old += "    return await create_websocket_manager(c)\n"
    patch = PATCH.replace("MODULE.get_", "app.services.a.create_")
    first = migrate(tmp_path, {"app/services/a.py": old, "tests/b.py": patch})
    for change in first.plan.changes:
        (tmp_path / change.path).write_bytes(change.after)
    again = migrate(tmp_path, {path: first.text(path) for path in ("app/services/a.py", "tests/b.py")})
    assert again.verdicts("tests/b.py") == ["canonical"]


def test_where_an_old_module_imports_it_the_patch_is_none(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"tests/b.py": PATCH.replace("MODULE", FAC)})
    assert "canonical" not in done.verdicts("tests/b.py")


def test_where_it_comes_through_another_module(tmp_path: Path) -> None:
    texts = {
        "app/services/a.py": USER,
        "app/services/b.py": "from app.services.a import get_websocket_manager\n",
        "tests/b.py": PATCH.replace("MODULE", "app.services.b"),
    }
    assert migrate(tmp_path, texts).verdicts("tests/b.py") == ["left"]
