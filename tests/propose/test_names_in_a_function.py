"""A local import makes its name local to the whole function; a use that it has not reached must not become unbound."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import CANON, FAC, code, migrate

HEAD = f"from {CANON} import get_websocket_manager\n\n\n"


@pytest.mark.parametrize("before", [True, False], ids=["before it", "behind it"])
def test_an_import_in_a_try_does_not_shadow_the_canonical_name(tmp_path: Path, before: bool) -> None:
    attempt = code(f"""
        try:
            from {FAC} import create_websocket_manager
            old = await create_websocket_manager(c)
        except ImportError:
            old = None
    """)
    use = "new = await get_websocket_manager(c)\n"
    body = use + attempt if before else attempt + use
    text = HEAD + "async def f(c):\n" + "".join(f"    {line}\n" for line in body.splitlines()) + "    return old, new\n"
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "tests/b.py" not in done.changed()


def test_an_import_that_is_no_try_gives_way_to_the_one_of_the_module(tmp_path: Path) -> None:
    text = HEAD + code(f"""
        async def f(c):
            new = await get_websocket_manager(c)
            from {FAC} import create_websocket_manager
            return new, await create_websocket_manager(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert done.text("tests/b.py") == HEAD + code("""
        async def f(c):
            new = await get_websocket_manager(c)
            return new, await get_websocket_manager(c)
    """)


PATCHING = code("""
    from unittest.mock import patch

    from app.services.a import f


    async def test_chat(c):
        with patch("app.services.a.get_websocket_manager") as fake:
            assert await f(c)
            fake.assert_not_called()
""")


def test_a_patch_of_the_canonical_name_reaches_what_it_reached(tmp_path: Path) -> None:
    text = HEAD + code(f"""
        async def f(c):
            from {FAC} import create_websocket_manager
            old = await create_websocket_manager(c)
            return old, await get_websocket_manager(c)
    """)
    done = migrate(tmp_path, {"app/services/a.py": text, "tests/b.py": PATCHING})
    assert "app/services/a.py" not in done.changed(), "the second call would not be patched any more"


def test_nor_does_it_reach_more(tmp_path: Path) -> None:
    text = HEAD + code(f"""
        async def f(c):
            from {FAC} import create_websocket_manager
            return await create_websocket_manager(c)


        async def g(c):
            return await get_websocket_manager(c)
    """)
    done = migrate(tmp_path, {"app/services/a.py": text, "tests/b.py": PATCHING})
    assert f"    from {CANON} import get_websocket_manager\n    return await" in done.text("app/services/a.py")


def test_a_new_local_name_does_not_hide_the_new_name_of_the_module_from_its_patch(tmp_path: Path) -> None:
    text = code(f"""
        from unittest.mock import patch

        from app.websocket_core import create_websocket_manager


        def f(c):
            from {FAC} import create_websocket_manager_sync
            with patch("tests.b.create_websocket_manager", return_value="fake"):
                return create_websocket_manager(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    kept = "return create_websocket_manager(c)" in done.text("tests/b.py")
    assert kept or f"    from {CANON} import WebSocketManager" not in done.text("tests/b.py")
