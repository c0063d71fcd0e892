"""What a test puts in the place of a name still stands in its place, and still fits, after the rewrite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import CANON, FAC, code, migrate

LOCAL = (
    f"async def f(c):\n    from {FAC} import create_websocket_manager\n    return await create_websocket_manager(c)\n"
)
PATCHING = f"""
from unittest.mock import AsyncMock, patch

from {{where}} import f

FAKE = AsyncMock(return_value="fake")


async def test_chat(c):
    with patch("{FAC}.create_websocket_manager", FAKE):
        assert await f(c) == "fake"
"""


@pytest.mark.parametrize("where", ["tests/helper.py", "app/services/a.py", "scripts/tool.py"])
def test_a_look_up_moves_with_its_patch_or_not_at_all(tmp_path: Path, where: str) -> None:
    text = PATCHING.format(where=where.removesuffix(".py").replace("/", "."))
    done = migrate(tmp_path, {where: LOCAL, "tests/t.py": text, "scripts/__init__.py": ""})
    moved = f"from {CANON} import" in done.text(where)
    assert moved == (f'patch("{CANON}.get_websocket_manager"' in done.text("tests/t.py"))


def test_a_look_up_in_conftest_is_reached_by_every_test_below(tmp_path: Path) -> None:
    text = PATCHING.format(where="tests.conftest").replace("from tests.conftest import f\n", "")
    done = migrate(tmp_path, {"tests/conftest.py": LOCAL, "tests/unit/t.py": text})
    moved = f"from {CANON} import" in done.text("tests/conftest.py")
    assert moved == (f'patch("{CANON}.get_websocket_manager"' in done.text("tests/unit/t.py"))


@pytest.mark.parametrize(
    "use",
    [
        'monkeypatch.setattr(fac, "create_websocket_manager", fake)',
        'patch.object(fac, "create_websocket_manager", fake)',
        "fac.create_websocket_manager = fake",
        f'patch(f"{FAC}.{{name}}", fake)',
        f'patch(target="{FAC}.create_websocket_manager", new=fake)',
        f'patch.multiple("{FAC}", create_websocket_manager=fake)',
    ],
)
def test_other_ways_to_replace_a_name_that_is_looked_up_hold_it(tmp_path: Path, use: str) -> None:
    text = f"import {FAC} as fac\nfrom app.services.a import f\n\nname = 'create_websocket_manager'\n\n\n"
    text += f"def test_chat(patch, monkeypatch, fake):\n    {use}\n    f(fake)\n"
    done = migrate(tmp_path, {"app/services/a.py": LOCAL, "tests/t.py": text})
    held = "app/services/a.py" not in done.changed()
    assert held or f"{CANON}.get_websocket_manager" in done.text("tests/t.py")


def test_a_look_up_through_a_facade_that_is_patched_stays(tmp_path: Path) -> None:
    texts = {
        "app/services/facade.py": f"from {FAC} import create_websocket_manager\n",
        "app/services/a.py": LOCAL.replace(FAC, "app.services.facade"),
        "tests/t.py": PATCHING.format(where="app.services.a").replace(FAC, "app.services.facade"),
    }
    done = migrate(tmp_path, texts)
    assert "app/services/a.py" not in done.changed() or "facade import get" in done.text("app/services/a.py")


@pytest.mark.parametrize(
    ("stand_in", "held"),
    [
        ("new=Mock()", True),
        ("new_callable=MagicMock", True),
        ("Mock()", True),
        ("lambda c: 'fake'", True),
        ("new=AsyncMock()", False),
        ("AsyncMock()", False),
        ("return_value='fake'", False),
        ("side_effect=ValueError", False),
    ],
)
def test_a_stand_in_that_cannot_be_awaited_holds_a_call_that_would_get_await(
    tmp_path: Path, stand_in: str, held: bool
) -> None:
    consumer = code("""
        from app.websocket_core import create_websocket_manager


        async def f(c):
            return create_websocket_manager(c)
    """)
    text = f"def test_chat(patch):\n    patch('app.services.a.create_websocket_manager', {stand_in})\n"
    done = migrate(tmp_path, {"app/services/a.py": consumer, "tests/t.py": text})
    assert ("app/services/a.py" not in done.changed()) == held


@pytest.mark.parametrize(("argument", "held"), [("c", True), ("user_context=c", False)])
def test_a_patched_function_that_becomes_the_class_keeps_the_shape_of_its_call(
    tmp_path: Path, argument: str, held: bool
) -> None:
    helper = f"from {FAC} import create_websocket_manager_sync\n\n\n"
    helper += f"def f(c):\n    return create_websocket_manager_sync({argument})\n"
    text = code("""
        from unittest.mock import patch

        from tests.helper import f


        def test_chat(c):
            with patch("tests.helper.create_websocket_manager_sync") as make:
                f(c)
                make.assert_called_once_with(c)
    """)
    done = migrate(tmp_path, {"tests/helper.py": helper, "tests/t.py": text})
    assert ("tests/helper.py" not in done.changed()) == held


@pytest.mark.parametrize("patched", ["create_websocket_manager", "get_websocket_manager"])
def test_two_names_that_are_used_and_patched_apart_stay_two(tmp_path: Path, patched: str) -> None:
    consumer = code(f"""
        from {CANON} import get_websocket_manager
        from {FAC} import create_websocket_manager


        async def f(c):
            return await create_websocket_manager(c), await get_websocket_manager(c)
    """)
    text = f"def test_chat(patch):\n    patch('app.services.a.{patched}')\n"
    done = migrate(tmp_path, {"app/services/a.py": consumer, "tests/t.py": text})
    assert "app/services/a.py" not in done.changed()


def test_a_removed_getter_that_is_patched_stays(tmp_path: Path) -> None:
    consumer = code(f"""
        from {FAC} import get_websocket_manager_factory


        async def f(c):
            factory = get_websocket_manager_factory()
            return await factory(c)
    """)
    text = "def test_chat(patch):\n    patch('tests.a.get_websocket_manager_factory')\n"
    done = migrate(tmp_path, {"tests/a.py": consumer, "tests/t.py": text})
    assert "tests/a.py" not in done.changed()


def test_a_patch_in_the_same_function_asks_for_review(tmp_path: Path) -> None:
    text = code(f"""
        from {FAC} import create_websocket_manager_sync


        def test_chat(c, monkeypatch):
            monkeypatch.setattr("{FAC}.WebSocketManager", None)
            return create_websocket_manager_sync(c)
    """)
    done = migrate(tmp_path, {"tests/t.py": text})
    assert done.verdicts("tests/t.py", "create_websocket_manager_sync")[-1] == "review"


def test_a_module_imported_in_parentheses_is_known(tmp_path: Path) -> None:
    consumer = f"from {FAC} import create_websocket_manager\n\n\nasync def f(c):\n"
    consumer += "    return await create_websocket_manager(c)\n"
    text = "from app.services import (\n    a,\n)\n\n\ndef test_chat(fake):\n"
    text += "    setattr(fake(a), 'create_websocket_manager', None)\n"
    done = migrate(tmp_path, {"app/services/a.py": consumer, "tests/t.py": text})
    assert "app/services/a.py" not in done.changed()


CONSUMER = (
    f"from {FAC} import create_websocket_manager\n\n\nasync def f(c):\n    return await create_websocket_manager(c)\n"
)


@pytest.mark.parametrize(
    "use",
    [
        "mod = importlib.import_module('app.services.a')\nmod.create_websocket_manager(1)",
        "importlib.import_module('app.services.a').create_websocket_manager(1)",
        "mod = a\nmod.create_websocket_manager(1)",
        "for mod in (a,):\n    mod.create_websocket_manager = None",
        "assert 'create_websocket_manager' in dir(a)",
        "NAME = 'create_websocket_manager'\nfake(a, NAME)",
    ],
)
def test_a_name_that_is_reached_through_an_object_that_may_be_its_module_stays(tmp_path: Path, use: str) -> None:
    text = f"import importlib\n\nfrom app.services import a\n\n{use}\n"
    done = migrate(tmp_path, {"app/services/a.py": CONSUMER, "tests/t.py": text})
    assert "app/services/a.py" not in done.changed()


def test_an_attribute_of_another_object_holds_nothing_where_the_module_is_not_known(tmp_path: Path) -> None:
    text = "def test_chat(factory):\n    assert factory.create_websocket_manager(1)\n"
    done = migrate(tmp_path, {"app/services/a.py": CONSUMER, "tests/t.py": text})
    assert "app/services/a.py" in done.changed()


@pytest.mark.parametrize(
    ("module", "name", "verdict"),
    [
        ("app.websocket_core", "create_websocket_manager", "manual"),
        ("app.websocket_core", "get_websocket_manager", "review"),
        (FAC, "create_websocket_manager_sync", "manual"),
    ],
)
def test_code_that_catches_the_old_error_is_not_rewritten_unseen(
    tmp_path: Path, module: str, name: str, verdict: str
) -> None:
    text = code(f"""
        from {module} import {name}


        async def f(c):
            try:
                return {name}(c)
            except ValueError:
                return "refused"
    """)
    done = migrate(tmp_path, {"tests/a.py": text})
    assert done.verdicts("tests/a.py", name)[-1] == verdict


@pytest.mark.parametrize(
    "use",
    [
        f'patch.dict(sys.modules, {{"{FAC}": fake}})',
        f'patch.dict("sys.modules", {{"{FAC}": None}})',
        f'monkeypatch.setitem(sys.modules, "{FAC}", fake)',
    ],
)
def test_a_module_that_is_replaced_as_a_whole_is_still_looked_at(tmp_path: Path, use: str) -> None:
    text = f"import sys\n\nfrom app.services.a import f\n\n\ndef test_chat(patch, monkeypatch, fake):\n    {use}\n"
    done = migrate(tmp_path, {"app/services/a.py": LOCAL, "tests/t.py": text})
    assert "app/services/a.py" not in done.changed()


@pytest.mark.parametrize(
    "use",
    [
        "globals().get('create_websocket_manager')",
        "vars().pop('create_websocket_manager')",
        "'create_websocket_manager' in globals()",
        "globals()['create_websocket_manager']",
    ],
)
def test_a_name_that_its_own_module_looks_for_by_name_stays(tmp_path: Path, use: str) -> None:
    done = migrate(tmp_path, {"app/services/a.py": f"{CONSUMER}\n\nFOUND = {use}\n"})
    assert "app/services/a.py" not in done.changed()


def test_a_module_that_a_fixture_hands_out_keeps_its_names(tmp_path: Path) -> None:
    texts = {
        "app/services/a.py": CONSUMER,
        "tests/conftest.py": "from app.services import a\n\n\n@pytest.fixture\ndef mod():\n    return a\n",
        "tests/unit/t.py": "async def test_chat(mod, c):\n    return await mod.create_websocket_manager(c)\n",
    }
    done = migrate(tmp_path, texts)
    assert "app/services/a.py" not in done.changed()


def test_a_new_name_does_not_come_in_by_a_star_where_it_means_something_else(tmp_path: Path) -> None:
    text = "async def get_websocket_manager(c):\n    return 'mine'\n\n\nfrom tests.helper import *\n"
    text += "\n\nasync def test_chat(c):\n    assert await get_websocket_manager(c) == 'mine'\n"
    done = migrate(tmp_path, {"tests/helper.py": CONSUMER, "tests/t.py": text})
    assert "tests/helper.py" not in done.changed()
