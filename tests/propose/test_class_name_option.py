"""`class_name=WebSocketManager` renames the class in a module; whoever needs the old name of that module follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.pack import load_pack
from tests.helpers import CANON, UNI, Outcome, migrate

PACK = load_pack("websocket-ssot", {"prefix": "app", "class_name": "WebSocketManager"})
OLD = f"from {UNI} import UnifiedWebSocketManager\n"
USER = OLD + "\n\ndef f():\n    return UnifiedWebSocketManager()\n"


def renamed(root: Path, texts: dict[str, str]) -> Outcome:
    return migrate(root, texts, using=PACK)


def test_import_and_uses_take_the_canonical_name(tmp_path: Path) -> None:
    done = renamed(tmp_path, {"app/services/a.py": USER})
    assert done.text("app/services/a.py") == USER.replace(UNI, CANON).replace("Unified", "")


@pytest.mark.parametrize(
    "rest",
    [
        "\n\nclass WebSocketManager(UnifiedWebSocketManager):\n    pass\n",
        "\n\ndef f(WebSocketManager):\n    return UnifiedWebSocketManager\n",
        "\n__all__ = ['UnifiedWebSocketManager']\n",
    ],
)
def test_where_the_name_is_taken_or_handed_on_it_becomes_an_alias(tmp_path: Path, rest: str) -> None:
    done = renamed(tmp_path, {"tests/x.py": OLD + rest})
    assert done.text("tests/x.py") == f"from {CANON} import WebSocketManager as UnifiedWebSocketManager\n{rest}"


@pytest.mark.parametrize(
    "test",
    [
        "from unittest.mock import patch\n\npatch('app.services.a.UnifiedWebSocketManager').start()\n",
        "from app.services.a import UnifiedWebSocketManager\n\nprint(UnifiedWebSocketManager)\n",
        "from app.services import a\n\nprint(a.UnifiedWebSocketManager)\n",
        "import app.services.a\n\n\ndef test_f(monkeypatch):\n"
        "    monkeypatch.setattr(app.services.a, 'UnifiedWebSocketManager', 1)\n",
    ],
    ids=["patch", "import", "attribute", "monkeypatch"],
)
def test_a_name_that_others_take_from_the_module_is_not_lost(tmp_path: Path, test: str) -> None:
    done = renamed(tmp_path, {"app/services/a.py": USER, "tests/b.py": test})
    kept = "UnifiedWebSocketManager" in done.text("app/services/a.py").splitlines()[0]
    assert kept or "UnifiedWebSocketManager" not in done.text("tests/b.py")


def test_a_function_that_sets_the_global_name_keeps_it(tmp_path: Path) -> None:
    setter = "\n\ndef fake(value):\n    global UnifiedWebSocketManager\n    UnifiedWebSocketManager = value\n"
    done = renamed(tmp_path, {"tests/x.py": USER + setter})
    assert "UnifiedWebSocketManager()" in done.text("tests/x.py")


def test_a_quoted_annotation_is_renamed_with_its_import(tmp_path: Path) -> None:
    done = renamed(tmp_path, {"tests/x.py": OLD + "\n\ndef f(m: 'UnifiedWebSocketManager'):\n    pass\n"})
    after = f"from {CANON} import WebSocketManager\n\n\ndef f(m: 'WebSocketManager'):\n    pass\n"
    assert done.text("tests/x.py") == after


@pytest.mark.parametrize(
    "rest",
    [
        "\n\ndef f(m: 'Unified' 'WebSocketManager'):\n    return UnifiedWebSocketManager\n",
        "\nprint(f'{UnifiedWebSocketManager}')\n",
    ],
    ids=["string annotation", "f-string"],
)
def test_where_a_use_cannot_be_renamed_the_name_becomes_an_alias(tmp_path: Path, rest: str) -> None:
    done = renamed(tmp_path, {"tests/x.py": OLD + rest})
    assert done.text("tests/x.py") == f"from {CANON} import WebSocketManager as UnifiedWebSocketManager\n{rest}"
