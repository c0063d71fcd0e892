"""An import that fails today still binds the names before the missing one; a rewrite must not change how it fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import CANON, FAC, Outcome, code, migrate

CALLED = """

async def test_manager(context):
    if not AVAILABLE:
        return ERROR
    manager = await create_websocket_manager(context)
    assert isinstance(manager, IsolatedWebSocketManager)
"""
RENAMED = CALLED.replace("create_websocket_manager", "get_websocket_manager")
HANDLED = "    AVAILABLE, ERROR = True, None\nexcept ImportError as e:\n    AVAILABLE, ERROR = False, str(e)\n"


def tried(names: str, caller: str = CALLED, module: str = FAC) -> str:
    """Return a file whose `try` imports some names, and the test that uses them."""
    return f"try:\n    from {module} import {names}\n{HANDLED}{caller}"


def run(root: Path, script: str) -> str:
    """Run a script in a tree and return what it prints."""
    command = [sys.executable, "-B", "-c", script]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=60).stdout


def after(done: Outcome) -> Path:
    """Write the planned texts over the tree."""
    for change in done.plan.changes:
        (done.root / change.path).write_bytes(change.after)
    return done.root


@pytest.mark.parametrize("module", [FAC, "app.websocket_core"])
def test_a_name_before_the_missing_one_moves_and_the_statement_fails_as_before(tmp_path: Path, module: str) -> None:
    text = tried("create_websocket_manager, IsolatedWebSocketManager", module=module)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert done.text("tests/b.py") == (
        f"try:\n    from {CANON} import get_websocket_manager\n    from {module} import IsolatedWebSocketManager\n"
        f"{HANDLED}{RENAMED}"
    )
    assert done.verdicts("tests/b.py", "create_websocket_manager") == ["safe", "safe"]
    assert done.verdicts("tests/b.py", "IsolatedWebSocketManager") == ["manual", "manual"]


def test_the_branch_the_message_and_the_bound_name_are_what_they_were(tmp_path: Path) -> None:
    text = tried("ConnectionLifecycleManager, create_websocket_manager, IsolatedWebSocketManager, WebSocketManager")
    done = migrate(tmp_path, {"tests/b.py": text})
    script = "import tests.b as b; print(b.AVAILABLE, b.ERROR.partition(' (')[0], hasattr(b, {0!r}), b.{0}.__name__)"
    before = run(tmp_path, script.format("create_websocket_manager"))
    afterwards = run(after(done), script.format("get_websocket_manager"))
    assert before.replace("create_", "get_") == afterwards
    assert "False cannot import name 'IsolatedWebSocketManager'" in before


def test_comments_and_layout_of_the_rest_stay(tmp_path: Path) -> None:
    names = """(
        create_websocket_manager,
        # the old class
        IsolatedWebSocketManager,  # gone?
        ConnectionLifecycleManager
    )"""
    done = migrate(tmp_path, {"tests/b.py": tried(names)})
    assert done.text("tests/b.py").startswith(
        code(f"""
        try:
            from {CANON} import get_websocket_manager
            from {FAC} import (
                # the old class
                IsolatedWebSocketManager,  # gone?
                ConnectionLifecycleManager
            )
        """)
    )


def test_the_report_says_what_fails_still(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"tests/b.py": tried("create_websocket_manager, IsolatedWebSocketManager")})
    notes = done.found("tests/b.py", "create_websocket_manager")[0].notes
    assert any("IsolatedWebSocketManager" in note and "before and after" in note for note in notes)


def test_a_second_pass_proposes_nothing(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"tests/b.py": tried("create_websocket_manager, IsolatedWebSocketManager")})
    assert migrate(tmp_path, {"tests/b.py": done.text("tests/b.py")}).changed() == set()


def test_a_name_behind_the_missing_one_is_never_bound_and_stays(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"tests/b.py": tried("IsolatedWebSocketManager, create_websocket_manager")})
    assert done.changed() == set()
    assert set(done.verdicts("tests/b.py")) == {"manual"}


def test_a_probe_that_nothing_uses_stays_whole(tmp_path: Path) -> None:
    text = tried("create_websocket_manager, IsolatedWebSocketManager", caller="")
    done = migrate(tmp_path, {"tests/b.py": text})
    assert done.changed() == set()


def test_a_fallback_of_the_same_name_keeps_both(tmp_path: Path) -> None:
    fallback = CALLED.replace("\n\nasync", "    create_websocket_manager = None\n\n\nasync", 1).lstrip("\n")
    done = migrate(tmp_path, {"tests/b.py": tried("create_websocket_manager, IsolatedWebSocketManager", fallback)})
    assert done.changed() == set()


def test_outside_of_a_try_nothing_is_reached_behind_the_statement(tmp_path: Path) -> None:
    text = code(f"""
        async def test_manager(context):
            if context:
                from {FAC} import create_websocket_manager, IsolatedWebSocketManager
                assert IsolatedWebSocketManager(await create_websocket_manager(context))
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert done.changed() == set()


def test_a_class_in_a_failing_statement_keeps_its_path(tmp_path: Path) -> None:
    text = "try:\n    from app.websocket_core.unified_manager import UnifiedWebSocketManager, missing\n" + HANDLED
    done = migrate(tmp_path, {"tests/b.py": text + "\n\nmanager_class = UnifiedWebSocketManager\n"})
    assert done.changed() == set()


def test_a_name_that_is_used_where_a_failure_is_expected_stays(tmp_path: Path) -> None:
    text = code(f"""
        import pytest


        def test_missing():
            with pytest.raises(ImportError):
                try:
                    from {FAC} import create_websocket_manager, IsolatedWebSocketManager
                finally:
                    print(create_websocket_manager(None))
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert done.changed() == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("create_websocket_manager, IsolatedWebSocketManager", "WebSocketManager"),
        ("create_websocket_manager", "missing"),
        ("create_websocket_manager", "WebSocketManager, missing"),
    ],
    ids=["fails itself", "the next one fails", "the next one fails at its end"],
)
def test_the_canonical_name_is_bound_before_anything_fails(tmp_path: Path, old: str, new: str) -> None:
    statements = f"    from {FAC} import {old}\n    from {CANON} import {new}\n"
    caller = "\n\nasync def test_manager(context):\n    assert await create_websocket_manager(context)\n"
    done = migrate(tmp_path, {"tests/b.py": f"try:\n{statements}{HANDLED}{caller}"})
    script = "import tests.b as b; print(b.AVAILABLE, hasattr(b, {0!r}))"
    assert run(tmp_path, script.format("create_websocket_manager")) == "False True\n"
    assert "await get_websocket_manager" in done.text("tests/b.py")
    assert run(after(done), script.format("get_websocket_manager")) == "False True\n"
