"""A module's name is reached in more ways than by `from module import name`; no way may lead into a hole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import AWAITED, FAC, code, migrate

OLD = "from app.websocket_core import create_websocket_manager\n"
USER = OLD + AWAITED


def test_a_name_handed_on_under_an_alias_is_followed(tmp_path: Path) -> None:
    texts = {
        "app/services/a.py": OLD.rstrip() + " as make\n",
        "tests/b.py": "from app.services.a import make\n\n\ndef f(c):\n    return make(c)\n",
    }
    done = migrate(tmp_path, texts)
    moved = "get_websocket_manager as make" in done.text("app/services/a.py")
    assert not moved, "tests/b.py got a manager, and gets a coroutine now"


def test_an_alias_that_splits_in_two_stays_for_its_importers(tmp_path: Path) -> None:
    split = "\n\ndef one(c):\n    return make(c)\n\n\nasync def two(c):\n    return await make(c)\n"
    texts = {
        "tests/b.py": OLD.rstrip() + " as make\n" + split,
        "tests/c.py": "from tests.b import make\n",
    }
    done = migrate(tmp_path, texts)
    assert "as make" in done.text("tests/b.py")


def test_a_use_through_a_module_of_the_old_api_is_no_crash(tmp_path: Path) -> None:
    text = "from app.websocket_core import utils\n" + AWAITED.replace("create_", "utils.create_")
    done = migrate(tmp_path, {"tests/b.py": text})
    assert done.verdicts("tests/b.py", "create_websocket_manager") in (["manual"], ["safe"])


@pytest.mark.parametrize(
    ("head", "module"),
    [
        ("from app.services import a", "a"),
        ("import app.services.a", "app.services.a"),
        ("import app.services.a as a", "a"),
        ("from app import services", "services.a"),
    ],
)
def test_a_use_through_a_consumer_keeps_the_name_there(tmp_path: Path, head: str, module: str) -> None:
    text = f"{head}\n\n\nasync def f(c):\n    return await {module}.create_websocket_manager(c)\n"
    done = migrate(tmp_path, {"app/services/a.py": USER, "tests/b.py": text})
    kept = "import create_websocket_manager" in done.text("app/services/a.py")
    followed = f"{module}.get_websocket_manager(c)" in done.text("tests/b.py")
    assert kept or followed, "AttributeError: a has no create_websocket_manager"


def test_an_attribute_of_an_imported_module_is_called_by_its_origin(tmp_path: Path) -> None:
    text = "import app.websocket_core as wc\n\n\nasync def f(c):\n    return await wc.create_websocket_manager(c)\n"
    done = migrate(tmp_path, {"tests/b.py": text})
    assert [f.verdict.value for f in done.found("tests/b.py", "create_websocket_manager")] != ["left"]


def test_a_module_whose_name_is_assigned_to_keeps_it(tmp_path: Path) -> None:
    text = "from app.services import a\n\n\ndef test_chat(fake):\n    a.create_websocket_manager = fake\n"
    done = migrate(tmp_path, {"app/services/a.py": USER, "tests/b.py": text})
    kept = "import create_websocket_manager" in done.text("app/services/a.py")
    assert kept or "a.get_websocket_manager = fake" in done.text("tests/b.py"), "the fake is not called any more"


def test_a_star_import_of_a_facade_binds_the_name(tmp_path: Path) -> None:
    texts = {
        "app/facade.py": "from app.websocket_core import *\n",
        "tests/b.py": "from app.facade import *\n\n\nasync def f(c):\n    return await create_websocket_manager(c)\n",
    }
    done = migrate(tmp_path, texts)
    assert not any("NameError" in f.reason for f in done.found("tests/b.py"))


def test_a_later_star_import_does_not_capture_the_new_name(tmp_path: Path) -> None:
    text = f"from {FAC} import create_websocket_manager\nfrom app.websocket_core import *\n"
    done = migrate(tmp_path, {"tests/b.py": text + AWAITED})
    assert "tests/b.py" not in done.changed(), "the star binds get_websocket_manager of the package"


@pytest.mark.parametrize("name", ["create_websocket_manager", "get_websocket_manager"])
def test_a_function_that_sets_the_global_name_refuses_it(tmp_path: Path, name: str) -> None:
    setter = f"\n\ndef fake(value):\n    global {name}\n    {name} = value\n"
    done = migrate(tmp_path, {"tests/b.py": USER + setter})
    assert "tests/b.py" not in done.changed()


def test_an_import_in_a_class_body_stays(tmp_path: Path) -> None:
    text = code("""
        class A:
            from app.websocket_core import create_websocket_manager

            def f(self, c):
                return A.create_websocket_manager(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


@pytest.mark.parametrize("call", ['append("create_websocket_manager")', 'extend(["create_websocket_manager"])'])
def test_a_name_added_to_all_by_a_call_stays(tmp_path: Path, call: str) -> None:
    done = migrate(tmp_path, {"app/services/a.py": f"{OLD}__all__ = []\n__all__.{call}\n"})
    assert "app/services/a.py" not in done.changed()


def test_a_name_behind_two_stars_of_which_one_leads_out_of_the_tree_cannot_be_told(tmp_path: Path) -> None:
    texts = {
        "app/s/__init__.py": "",
        "app/s/a.py": "from app.s.b import *\n",
        "app/s/b.py": "from numpy import *\n",
        "tests/b.py": "from app.s.a import create_websocket_manager\n",
    }
    done = migrate(tmp_path, texts)
    assert not any("already broken" in f.reason for f in done.found("tests/b.py"))


def test_a_name_of_the_own_module_that_is_patched_by_its_path_stays(tmp_path: Path) -> None:
    text = USER + code("""


        def test_chat(patch, c):
            with patch(__name__ + ".create_websocket_manager", return_value="fake"):
                return f(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


def test_a_star_bound_name_that_is_patched_stays(tmp_path: Path) -> None:
    text = code("""
        from unittest.mock import patch

        from tests import b


        async def test_chat(c):
            with patch("tests.b.create_websocket_manager", return_value="fake"):
                assert await b.f(c) == "fake"
    """)
    star = f"from {FAC} import *\n" + AWAITED
    done = migrate(tmp_path, {"tests/b.py": star, "tests/c.py": text})
    assert "tests/b.py" not in done.changed()


def test_two_things_under_one_name_stay_in_their_order(tmp_path: Path) -> None:
    text = code("""
        from app.websocket_core import create_websocket_manager as make, WebSocketManager as make


        def test_chat(c):
            return make(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


def test_a_star_bound_name_patched_by_a_path_that_is_put_together_stays(tmp_path: Path) -> None:
    text = f"from {FAC} import *\n" + AWAITED
    text += (
        '\n\ndef test_chat(patch, c):\n    with patch(__name__ + ".create_websocket_manager"):\n        return f(c)\n'
    )
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


def test_a_canonical_name_that_is_looked_for_in_a_module_does_not_appear_there(tmp_path: Path) -> None:
    text = "from app.services import a\n\n\ndef test_chat():\n    assert not hasattr(a, 'get_websocket_manager')\n"
    done = migrate(tmp_path, {"app/services/a.py": USER, "tests/b.py": text})
    assert "app/services/a.py" not in done.changed()


def test_a_mock_of_a_function_that_is_not_async_and_gives_a_coroutine_stays_one(tmp_path: Path) -> None:
    consumer = "from app.websocket_core.utils import create_websocket_manager\n\n\n"
    consumer += "def f(c):\n    return create_websocket_manager(c)\n"
    text = code("""
        from unittest.mock import patch

        from app.services.a import f


        def test_chat(c):
            with patch("app.services.a.create_websocket_manager", return_value="fake"):
                assert f(c) == "fake"
    """)
    done = migrate(tmp_path, {"app/services/a.py": consumer, "tests/b.py": text})
    assert done.changed() == set()


def test_an_alias_that_is_patched_by_a_path_that_is_put_together_stays(tmp_path: Path) -> None:
    text = OLD.rstrip() + " as make\n" + AWAITED.replace("create_websocket_manager", "make")
    text += '\n\ndef test_chat(patch, c):\n    with patch(__name__ + ".make"):\n        return f(c)\n'
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


def test_an_alias_that_is_looked_up_by_its_name_stays(tmp_path: Path) -> None:
    text = OLD.rstrip() + ' as make\n\n\ndef test_chat(c):\n    return globals()["make"](c)\n'
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


def test_a_patch_stays_where_something_reads_the_name_through_its_module(tmp_path: Path) -> None:
    text = code("""
        from unittest.mock import patch

        from app import websocket_core as core


        async def f(c):
            from app.websocket_core import create_websocket_manager
            return await create_websocket_manager(c)


        async def test_chat(c):
            with patch("app.websocket_core.create_websocket_manager") as fake:
                return core.create_websocket_manager(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert 'patch("app.websocket_core.create_websocket_manager")' in done.text("tests/b.py")


def test_an_import_that_never_comes_to_bind_a_name_does_not_make_another_one_unused(tmp_path: Path) -> None:
    text = code(f"""
        from {FAC} import ConnectionLifecycleManager, create_websocket_manager

        try:
            from {FAC} import IsolatedWebSocketManager, create_websocket_manager
        except ImportError:
            IsolatedWebSocketManager = None


        async def f(c):
            return ConnectionLifecycleManager, await create_websocket_manager(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


def test_a_module_that_imports_itself_keeps_what_it_reads_there(tmp_path: Path) -> None:
    text = (
        USER
        + "\n\nasync def test_chat(c):\n    import tests.b as me\n    return await me.create_websocket_manager(c)\n"
    )
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


def test_a_new_name_of_an_unused_import_does_not_appear_where_it_is_looked_for(tmp_path: Path) -> None:
    text = "try:\n    from app.websocket_core import create_websocket_manager\nexcept ImportError:\n    pass\n\n\n"
    text += "def test_chat(c):\n    return globals()['get_websocket_manager'](c)\n"
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


def test_a_use_of_a_name_with_several_origins_keeps_all_of_them(tmp_path: Path) -> None:
    text = code(f"""
        from app.websocket_core import create_websocket_manager
        from app.websocket_core import *
        from {FAC} import ConnectionLifecycleManager, create_websocket_manager


        async def f():
            return ConnectionLifecycleManager, await create_websocket_manager()
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()
    assert done.verdicts("tests/b.py", "create_websocket_manager") == ["manual"] * 3


def test_a_name_that_a_later_star_binds_anew_cannot_be_told_from_outside(tmp_path: Path) -> None:
    texts = {
        "app/s/__init__.py": "",
        "app/s/a.py": f"from {FAC} import create_websocket_manager\nfrom app.websocket_core import *\n",
        "tests/b.py": "from app.s.a import create_websocket_manager\n" + AWAITED,
    }
    done = migrate(tmp_path, texts)
    assert "tests/b.py" not in done.changed()


def test_a_fallback_that_runs_because_its_import_fails_cannot_be_told_from_outside(tmp_path: Path) -> None:
    a = code(f"""
        try:
            from {FAC} import create_websocket_manager, IsolatedWebSocketManager
        except ImportError:
            async def create_websocket_manager(c):
                return "fallback"
    """)
    b = "from app.services.a import create_websocket_manager\n" + AWAITED
    done = migrate(tmp_path, {"app/services/a.py": a, "tests/b.py": b})
    assert done.changed() == set()


def test_two_imports_of_one_local_name_stay_in_their_order(tmp_path: Path) -> None:
    text = code("""
        from app.websocket_core.unified_manager import UnifiedWebSocketManager as make

        from app.websocket_core.websocket_manager import WebSocketManager, get_websocket_manager as make

        print(make, WebSocketManager)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert done.text("tests/b.py").index("UnifiedWebSocketManager as make") < done.text("tests/b.py").index("get_web")


@pytest.mark.parametrize("value", ["{}", "staticmethod({})"])
def test_a_class_that_takes_the_name_for_itself_reads_it_from_the_module(tmp_path: Path, value: str) -> None:
    text = code(f"""
        from app.websocket_core import WebSocketManager, create_websocket_manager


        class Maker:
            create_websocket_manager = {value.format("create_websocket_manager")}
            manager = WebSocketManager
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "import create_websocket_manager" in done.text("tests/b.py")
