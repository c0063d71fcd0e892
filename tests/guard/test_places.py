"""The guard counts what the rewriter and the audit call old, and names the canonical way for it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.guard.kit import OLD, USE, look, recanon, tree
from tests.helpers import CANON

FIXTURE = Path(__file__).parents[2] / "fixtures" / "netra_mini"


def test_every_use_that_an_audit_calls_deprecated_counts(tmp_path: Path) -> None:
    root = shutil.copytree(FIXTURE, tmp_path / "backend")
    only = ("--detector", "deprecated", "--format", "json")
    audit = recanon(root, "audit", ".", "--pack", "websocket-ssot", *only)
    findings = {(f["file"], f["line"], f["column"], f["kind"]) for f in json.loads(audit.stdout)["findings"]}
    made = recanon(root, "guard", ".", "--pack", "websocket-ssot", "--baseline", "b", "--update", "--allow-new")
    assert made.returncode == 0
    (root / "b").write_text(
        "\n".join(line for line in (root / "b").read_text().splitlines() if not line.startswith(","))
    )
    told = recanon(root, "guard", ".", "--pack", "websocket-ssot", "--baseline", "b", "--format", "json")
    places = {(p["file"], p["line"], p["column"], p["kind"]): p for p in json.loads(told.stdout)["new"]}
    assert findings
    assert findings <= set(places)
    more = {place["kind"] for key, place in places.items() if key not in findings}
    assert more == {"definition", "export", "import", "patch target", "string", "unread file"}


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (OLD, [f"{CANON}.get_websocket_manager"]),
        ("from app.websocket_core.unified_manager import WebSocketConnection\n", [f"{CANON}.WebSocketConnection"]),
        ("from app.websocket_core import WebSocketManager\n", [f"{CANON}.WebSocketManager"]),
        ("import app.websocket_core.manager\n", [CANON]),
        ("from app.websocket_core.manager import *\n", [""]),
        ("from app.websocket_core.manager import nothing\n", [CANON]),
    ],
)
def test_the_canonical_way_is_named(tmp_path: Path, text: str, canonical: list[str]) -> None:
    places = look(tree(tmp_path, {"app/user.py": text})).places
    assert [place.canonical for place in places if place.path == "app/user.py"] == canonical


def test_each_place_says_how_it_is_mended(tmp_path: Path) -> None:
    name = "WebSocketManagerFactory"
    by_hand = f"from app.websocket_core.websocket_manager_factory import {name}\n\nx = {name}()\n"
    places = look(tree(tmp_path, {"app/user.py": USE, "app/other.py": by_hand})).places
    assert {place.mend for place in places if place.path == "app/user.py"} == {"apply"}
    assert {place.mend for place in places if place.path == "app/other.py"} == {"hand"}
    assert all(place.hint for place in places if place.path == "app/other.py")


def test_definitions_and_re_exports_count_while_something_needs_them(tmp_path: Path) -> None:
    kinds = {(place.path.rpartition("/")[2], place.kind) for place in look(tree(tmp_path, {"app/user.py": USE})).places}
    assert {("websocket_manager_factory.py", "definition"), ("canonical_imports.py", "export")} <= kinds
    assert ("websocket_manager.py", "definition") not in kinds, "the canonical definition is no old one"
