"""Layouts of calls and imports that must be rewritten, not refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.helpers import AWAITED, FAC, migrate


def test_parentheses_without_a_blank_before_them(tmp_path: Path) -> None:
    text = "from app.websocket_core import(create_websocket_manager)\n" + AWAITED
    done = migrate(tmp_path, {"tests/x.py": text})
    assert "tests/x.py" in done.changed()


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_a_call_over_several_lines_with_other_newlines(tmp_path: Path, newline: str) -> None:
    text = f"from {FAC} import create_websocket_manager\n"
    text += AWAITED.replace("(c)\n", "(\n        c,  # the user\n    )\n")
    done = migrate(tmp_path, {"tests/x.py": text.replace("\n", newline)})
    want = text.replace(FAC, "app.websocket_core.websocket_manager").replace("create_", "get_").replace("\n", newline)
    assert done.data("tests/x.py").decode() == want


def test_an_import_over_several_lines_in_a_file_of_mixed_newlines(tmp_path: Path) -> None:
    text = f"import os\r\nfrom {FAC} import (\n    create_websocket_manager,\n)\n\nx = os, create_websocket_manager\r\n"
    text += "\r\n\r\nasync def f(c):\r\n    return await create_websocket_manager(c)\n"
    done = migrate(tmp_path, {"tests/x.py": text.replace("x = os, create_websocket_manager\r\n", "x = os\r\n")})
    assert "tests/x.py" in done.changed()


def test_a_call_that_goes_on_the_next_line_within_parentheses(tmp_path: Path) -> None:
    text = f"from {FAC} import create_websocket_manager\n"
    text += AWAITED.replace("create_websocket_manager(c)", "(create_websocket_manager\n                  (c))")
    done = migrate(tmp_path, {"tests/x.py": text})
    assert "tests/x.py" in done.changed()


@pytest.mark.parametrize(
    "use",
    ["m = [create_websocket_manager(i) for i in range(2)]\n", "class A:\n    m = create_websocket_manager(1)\n"],
)
def test_a_use_before_a_later_canonical_import(tmp_path: Path, use: str) -> None:
    tail = "from app.websocket_core.websocket_manager import get_websocket_manager\n\nprint(get_websocket_manager)\n"
    done = migrate(tmp_path, {"tests/x.py": f"from {FAC} import create_websocket_manager\n\n{use}\n{tail}"})
    assert "tests/x.py" in done.changed()


def test_a_gone_class_as_annotation_of_a_variable(tmp_path: Path) -> None:
    text = f"from {FAC} import IsolatedWebSocketManager\n\nmanager: IsolatedWebSocketManager = None\n"
    done = migrate(tmp_path, {"tests/x.py": text})
    assert "manager: WebSocketManager = None" in done.text("tests/x.py")


def test_a_file_whose_name_is_no_text_is_rewritten(tmp_path: Path) -> None:
    path = os.fsdecode(b"app/services/\xff\x9b.py")
    looked_up = "def name(module):\n    return getattr(module, 'create_websocket_manager')\n"
    texts = {path: f"from {FAC} import create_websocket_manager\n{AWAITED}", "app/services/near.py": looked_up}
    assert migrate(tmp_path, texts).changed() == {path}
