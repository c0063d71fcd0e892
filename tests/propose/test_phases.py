"""A phase alone leaves no hole: what the others still need stays, and strings that patch come along."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import AWAITED, BOTH, CANON, CORE, FAC, migrate

OLD = f"from {FAC} import create_websocket_manager\n"
FACADE = "from app.websocket_core.canonical_imports import create_websocket_manager\n"
PACKAGE = "from app.websocket_core import create_websocket_manager\n"
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


def test_exports_moves_those_who_take_the_name_from_a_facade(tmp_path: Path) -> None:
    texts = {"app/services/a.py": FACADE + AWAITED, "tests/b.py": FACADE + AWAITED, "tests/c.py": PACKAGE + AWAITED}
    done = migrate(tmp_path, {**texts, "tests/d.py": OLD + AWAITED}, phases=["exports"])
    assert done.changed() == {"app/services/a.py", "tests/b.py", "tests/c.py"}
    assert {f.phase for f in done.found("tests/b.py")} == {"exports"}
    assert {f.phase for f in done.found("tests/d.py")} == {"tests"}


def test_exports_takes_the_strings_along_that_patch_what_it_moves(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"app/services/a.py": FACADE + AWAITED, "tests/b.py": PATCH}, phases=["exports"])
    assert done.text("tests/b.py") == PATCH.replace("a.create_", "a.get_")


def test_a_name_moves_in_its_own_phase_beside_one_from_a_facade(tmp_path: Path) -> None:
    both = FACADE.replace("\n", " as one\n") + OLD + "\n\nasync def f(c):\n"
    both += "    return await one(c), await create_websocket_manager(c)\n"
    done = migrate(tmp_path, {"tests/b.py": both}, phases=["exports"])
    assert done.text("tests/b.py") == both.replace(FACADE[:-1], f"from {CANON} import get_websocket_manager")
    assert OLD in done.text("tests/b.py")


def test_exports_ends_a_facade_that_nothing_needs_once_its_importers_have_left(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"tests/b.py": FACADE + AWAITED}, phases=["exports"], include=BOTH)
    assert done.text(CORE + "canonical_imports.py").endswith('__all__ = ["ConnectionLifecycleManager"]\n')


def test_an_entry_of_all_leaves_before_its_definition(tmp_path: Path) -> None:
    module = 'def create_websocket_manager(c=None):\n    return c\n\n\n__all__ = ["create_websocket_manager"]\n'
    texts = {CORE + "spare.py": module}
    done = migrate(tmp_path, texts, phases=["exports"], include=BOTH)
    assert done.text(CORE + "spare.py") == module.replace('"create_websocket_manager"', "")


def test_cleanup_alone_keeps_a_definition_that_is_still_listed(tmp_path: Path) -> None:
    module = 'def create_websocket_manager(c=None):\n    return c\n\n\n__all__ = ["create_websocket_manager"]\n'
    done = migrate(tmp_path, {CORE + "spare.py": module}, phases=["cleanup"], include=BOTH)
    assert CORE + "spare.py" not in done.changed()
    reasons = [f.reason for f in done.found(CORE + "spare.py") if f.kind == "definition"]
    assert reasons == [f"still needed by {CORE}spare.py lists it in its __all__ until phase exports runs"]
