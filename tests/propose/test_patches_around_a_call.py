"""A patch around a call that replaces another name of the old module reaches nothing once the call is canonical."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import AWAITED, FAC, WORLD, Outcome, code, migrate

FAC_PATH = FAC.replace(".", "/") + ".py"
LOGGING = WORLD[FAC_PATH].replace(
    "async def create_websocket_manager(user_context=None, user_id=None):\n",
    'async def create_websocket_manager(user_context=None, user_id=None):\n    logger.warning("deprecated")\n',
    1,
)
LOGGED = "import logging\n\nlogger = logging.getLogger(__name__)\n" + LOGGING
BLOCK = f"""
from unittest.mock import patch

from {FAC} import create_websocket_manager


async def test_manager(context):
    with patch("{FAC}.logger") as mock_logger:
        manager = await create_websocket_manager(context)
    assert manager
"""


def planned(root: Path, text: str, factory: str = LOGGED) -> Outcome:
    """Plan a test file over a tree whose factory module has a logger."""
    return migrate(root, {FAC_PATH: factory, "tests/b.py": text})


def call(done: Outcome) -> tuple[str, str, tuple[str, ...]]:
    """Return verdict, reason and notes of the call."""
    finding = done.found("tests/b.py", "create_websocket_manager")[-1]
    return finding.verdict.value, finding.reason, finding.notes


def test_a_patched_logger_that_nothing_looks_at_is_no_obstacle(tmp_path: Path) -> None:
    done = planned(tmp_path, BLOCK)
    verdict, _, notes = call(done)
    assert verdict == "safe"
    assert any(f"{FAC}.logger" in note for note in notes)
    assert "await get_websocket_manager(context)" in done.text("tests/b.py")


def test_nor_is_one_without_a_name(tmp_path: Path) -> None:
    assert call(planned(tmp_path, BLOCK.replace(" as mock_logger", "")))[0] == "safe"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    assert manager", "    mock_logger.warning.assert_called_once()\n    assert manager"),
        ('logger") as', 'logger", FakeLogger()) as'),
        ('logger") as', 'logger", side_effect=ValueError) as'),
        ("as mock_logger", "as mocks[0]"),
    ],
    ids=["asserted", "replaced", "raising", "kept elsewhere"],
)
def test_a_patch_that_may_be_seen_asks_for_review(tmp_path: Path, old: str, new: str) -> None:
    text = BLOCK.replace(old, new)
    assert text != BLOCK
    verdict, reason, _ = call(planned(tmp_path, text))
    assert verdict == "review"
    assert f"{FAC}.logger" in reason


@pytest.mark.parametrize(
    "line",
    [
        "    level = logger.level\n",
        "    if logger.warning(1):\n        return None\n",
        "    logger()\n",
        "    f(logger)\n",
    ],
)
def test_a_value_that_the_old_module_takes_from_the_patched_name_asks_for_review(tmp_path: Path, line: str) -> None:
    factory = LOGGED.replace('    logger.warning("deprecated")\n', line)
    assert factory != LOGGED
    assert call(planned(tmp_path, BLOCK, factory))[0] == "review"


def test_a_patch_in_a_decorator_asks_for_review(tmp_path: Path) -> None:
    text = code(f"""
        from unittest.mock import patch

        from {FAC} import create_websocket_manager


        @patch("{FAC}.logger")
        async def test_manager(mock_logger, context):
            assert await create_websocket_manager(context)
            mock_logger.warning.assert_called_once()
    """)
    assert call(planned(tmp_path, text))[0] == "review"


def test_a_patch_in_a_decorator_of_the_class_asks_for_review(tmp_path: Path) -> None:
    text = code(f"""
        from unittest.mock import patch

        from {FAC} import create_websocket_manager


        @patch("{FAC}.logger")
        class TestManager:
            async def test_manager(self, mock_logger, context):
                assert await create_websocket_manager(context)
    """)
    assert call(planned(tmp_path, text))[0] == "review"


def test_a_patch_in_a_module_below_the_package_is_not_one_of_the_package(tmp_path: Path) -> None:
    text = code("""
        from unittest.mock import patch

        from app.websocket_core import create_websocket_manager


        async def test_manager(context):
            with patch("app.websocket_core.protocols.ManagerProtocol") as protocol:
                assert await create_websocket_manager(context)
                assert protocol
    """)
    assert call(migrate(tmp_path, {"tests/b.py": text}))[0] == "safe"


def test_a_wrapper_that_looks_the_patched_name_up_asks_for_review(tmp_path: Path) -> None:
    text = code(f"""
        from unittest.mock import patch

        from app.websocket_core.utils import create_websocket_manager


        async def test_manager(context):
            with patch("{FAC}.create_websocket_manager", return_value="fake"):
                assert await create_websocket_manager(context) == "fake"
    """)
    assert call(migrate(tmp_path, {"tests/b.py": text}))[0] == "review"


def test_a_patch_of_what_a_wrapper_looks_up_elsewhere_is_named(tmp_path: Path) -> None:
    consumer = "from app.websocket_core.utils import create_websocket_manager\n" + AWAITED
    text = code(f"""
        from unittest.mock import patch

        from app.services.a import f


        async def test_manager(context):
            with patch("{FAC}.create_websocket_manager", return_value="fake"):
                assert await f(context) == "fake"
    """)
    done = migrate(tmp_path, {"app/services/a.py": consumer, "tests/b.py": text})
    (finding,) = done.found("tests/b.py", "create_websocket_manager")
    assert finding.verdict.value == "manual"
    assert "app.websocket_core.utils.create_websocket_manager" in finding.reason


def test_a_canonical_name_that_the_old_function_looks_up_is_named_too(tmp_path: Path) -> None:
    consumer = f"from {FAC} import create_websocket_manager\n" + AWAITED
    text = code(f"""
        from unittest.mock import patch

        from app.services.a import f


        async def test_manager(context):
            with patch("{FAC}.get_websocket_manager", return_value="fake"):
                assert await f(context) == "fake"
    """)
    done = migrate(tmp_path, {"app/services/a.py": consumer, "tests/b.py": text})
    (finding,) = done.found("tests/b.py", "get_websocket_manager")
    assert finding.verdict.value == "manual"


def test_a_patch_of_a_function_does_not_become_one_of_the_class_that_the_canonical_function_uses(
    tmp_path: Path,
) -> None:
    text = code("""
        from unittest.mock import patch

        from app.websocket_core import create_websocket_manager


        def make(c):
            from app.websocket_core import create_websocket_manager
            return create_websocket_manager(c)


        async def test_manager(c):
            with patch("app.websocket_core.create_websocket_manager", return_value="fake"):
                return create_websocket_manager(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert "websocket_manager.WebSocketManager" not in done.text("tests/b.py")


def test_the_mock_of_an_alias_that_is_patched_by_its_own_path_stays_a_plain_one(tmp_path: Path) -> None:
    text = code("""
        from unittest.mock import patch

        from app.websocket_core.utils import create_websocket_manager as make


        def test_manager(c):
            with patch(__name__ + ".make", return_value="fake"):
                return make(c)
    """)
    done = migrate(tmp_path, {"tests/b.py": text})
    assert done.changed() == set()


def test_a_decorator_of_another_method_does_not_count(tmp_path: Path) -> None:
    text = code(f"""
        from unittest.mock import patch

        from {FAC} import create_websocket_manager


        class TestManager:
            async def test_one(self, context):
                assert await create_websocket_manager(context)

            @patch("{FAC}.get_websocket_manager")
            async def test_two(self, mock, context):
                assert mock
    """)
    assert call(migrate(tmp_path, {"tests/b.py": text}))[0] == "safe"
