"""The reading of files from their text alone: which imports, definitions and calls it sees, and that it skips none."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recanon.pack import load_pack
from recanon.suite.canonical_rules import Place, Rules
from recanon.suite.canonical_tree import python_files
from recanon.suite.canonical_way import places, readings
from recanon.suite.tables import suite_rules
from tests.suite.kit import FIXTURE

CORE = "app.websocket_core"
MAN = f"{CORE}.manager"
MIGRATION = load_pack("websocket-ssot", {"prefix": "app"}).migration
assert MIGRATION.suite is not None
RULES = suite_rules(MIGRATION, MIGRATION.suite)


class Thorough(Rules):
    """Parses every file."""

    def may_hold(self, data: bytes, module: str) -> bool:
        return True


def found(texts: dict[str, str], rules: Rules = RULES) -> list[Place]:
    return places(readings({path: text.encode() for path, text in texts.items()}, rules, True))


def named(texts: dict[str, str], kind: str) -> list[str]:
    return [place.what for place in found(texts) if place.kind == kind]


def thorough(rules: Rules) -> Rules:
    return Thorough(**{name: getattr(rules, name) for name in Rules.__dataclass_fields__})


@pytest.mark.parametrize(
    ("path", "text", "what"),
    [
        ("x.py", f"from {CORE} import create_websocket_manager", [f"{CORE}.create_websocket_manager"]),
        (
            "x.py",
            f"from {CORE}.websocket_manager import create_websocket_manager",
            [f"{CORE}.websocket_manager.create_websocket_manager"],
        ),
        ("x.py", f"from {CORE} \\\n  import get_websocket_manager", [f"{CORE}.get_websocket_manager"]),
        ("x.py", f"import os, {CORE}.manager as m", [f"{CORE}.manager"]),
        ("x.py", f"from {CORE} import (  # (odd)\n    protocols, manager)", [f"{CORE}.manager"]),
        ("x.py", f"from {CORE} import *", [f"{CORE}.*"]),
        ("x.py", f"match 1:\n    case 1:\n        import {CORE}.manager", [f"{CORE}.manager"]),
        ("x.py", f"try:\n    pass\nexcept E:\n    from {MAN} import A, B", [f"{MAN}.A", f"{MAN}.B"]),
        ("app/websocket_core/x.py", "from . import manager", [f"{CORE}.manager"]),
        ("app/websocket_core/x.py", "from .u import get_websocket_manager", [f"{CORE}.u.get_websocket_manager"]),
        ("app/websocket_core/__init__.py", "from .manager import X", [f"{CORE}.manager.X"]),
        ("app/x.py", "from .websocket_core.manager import X", [f"{CORE}.manager.X"]),
        ("src/app/x.py", "from . import websocket_core\nfrom .websocket_core import manager", [f"{CORE}.manager"]),
        ("x.py", f"from {CORE}.websocket_manager import get_websocket_manager, WebSocketManager", []),
        ("x.py", f"from {CORE} import protocols, websocket_manager", []),
        ("x.py", f"import {CORE}\nimport {CORE}.websocket_manager", []),
        ("x.py", "from other import create_websocket_manager, get_websocket_manager", []),
        ("x.py", f"'from {CORE} import create_websocket_manager'", []),
    ],
)  # fmt: skip
def test_old_imports_are_told_from_others(path: str, text: str, what: list[str]) -> None:
    assert named({path: text}, "import") == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("WebSocketManager(user_context=c)", []),
        ("WebSocketManager(mode=m, user_context=c)", []),
        ("WebSocketManager(**words)", []),
        ("WebSocketManager(c)", ["(*)"]),
        ("WebSocketManager()", ["()"]),
        ("WebSocketManager(m, user_context=c)", ["(*, user_context=)"]),
        ("f(x=[WebSocketManager(mode=m) for _ in y])", ["(mode=)"]),
    ],
)
def test_calls_that_lose_the_user_are_found(text: str, what: list[str]) -> None:
    canonical = f"from {CORE}.websocket_manager import WebSocketManager\n"
    assert named({"x.py": canonical + text}, "call") == what
    assert named({"x.py": canonical.replace("\n", " as M\n") + text.replace("WebSocketManager", "M")}, "call") == what
    through = text.replace("WebSocketManager", "websocket_manager.WebSocketManager")
    assert named({"x.py": f"from {CORE} import websocket_manager\n" + through}, "call") == what
    assert named({"x.py": "from other import WebSocketManager\n" + text}, "call") == []


def test_doors_follow_stars_and_respect_all() -> None:
    texts = {
        "app/websocket_core/utils.py": "def create_websocket_manager(): ...\n",
        "app/one.py": f"from {CORE}.utils import *\n",
        "app/two.py": "from app.one import *\n__all__ = []\n",
        "app/three.py": "from app.two import *\nfrom app.four import *\n",
        "app/four.py": "from app.three import *\n",
        "tests/five.py": f"from {CORE}.utils import *\n",
    }
    assert named(texts, "door") == [
        "app.one.create_websocket_manager",
        "app.two.create_websocket_manager",
        f"{CORE}.utils.create_websocket_manager",
    ]


def test_a_door_is_open_under_its_local_name_and_at_the_top_alone() -> None:
    text = f"if x:\n    from {CORE} import create_websocket_manager as make\ndef f():\n    import {CORE}.manager\n"
    assert named({"app/one.py": text}, "door") == ["app.one.make"]


def test_a_protocol_and_a_part_are_no_implementation() -> None:
    body = "".join(f"    def {name}(self): ...\n" for name in RULES.role)
    texts = {
        "app/one.py": f"class Whole:\n{body}",
        "app/two.py": f"class Contract(typing.Protocol[T]):\n{body}",
        "app/three.py": "class Part:\n    def add_connection(self): ...\n",
        "tests/four.py": f"class Double:\n{body}",
    }
    assert named(texts, "class") == ["app.one.Whole"]


@pytest.mark.parametrize("text", ["{}\xff", "{}x = (", "{}\0", "# coding: nonsense\n{}"])
def test_a_file_that_imports_the_old_api_and_cannot_be_read_is_said_so(text: str) -> None:
    data = text.format(f"from {CORE} import create_websocket_manager\n").encode("latin-1")
    assert [place.kind for place in places(readings({"x.py": data}, RULES, True))] == ["unreadable"]


def test_no_file_of_the_application_is_passed_over_wrongly() -> None:
    migration = load_pack("websocket-ssot").migration
    assert migration.suite is not None
    rules = suite_rules(migration, migration.suite)
    files = {path: (FIXTURE / path).read_bytes() for path in python_files(FIXTURE)}
    parsed = {path: data for path, data in files.items() if _parses(data)}
    assert places(readings(parsed, rules, True)) == places(readings(parsed, thorough(rules), True)) != []


NAMES = st.sampled_from(
    ["create_websocket_manager", "get_websocket_manager", "WebSocketManager", "manager", "utils", "other", "*"]
)
MODULES = st.sampled_from(
    ["", "app", "app.websocket", CORE, MAN, f"{CORE}.utils", f"{CORE}.websocket_manager", ".", "..", ".manager"]
)
FORMS = st.sampled_from(
    [
        "from {m} import {n}",
        "from {m} import ({n})",
        "from {m} \\\n    import {n}",
        "from {m} import os, {n} as y\ny()",
        "import {m}",
        "import os, {m} as x",
    ]
)
PATHS = st.sampled_from(["x.py", "app/x.py", "app/websocket_core/x.py", "app/websocket_core/__init__.py"])


@given(st.lists(st.tuples(FORMS, MODULES, NAMES), max_size=3), PATHS)
def test_the_quick_look_passes_over_nothing(parts: Iterable[tuple[str, str, str]], path: str) -> None:
    text = "\n".join(form.format(m=module, n=name) for form, module, name in parts)
    if _parses(text.encode()):
        assert found({path: text}) == found({path: text}, thorough(RULES))


def _parses(data: bytes) -> bool:
    try:
        ast.parse(data)
    except SyntaxError:
        return False
    return True


def test_files_are_listed_with_and_without_git(tmp_path: Path) -> None:
    for path in ("a.py", ".hidden/b.py", "__pycache__/c.py", "venv/d.py", "venv/pyvenv.cfg", "pkg/e.py", "note.txt"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("")
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    assert python_files(tmp_path) == ["a.py", "pkg/e.py"]
