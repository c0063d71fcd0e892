"""Where a patch cannot follow its consumer, or would miss it, the consumer keeps the name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import AWAITED, CANON, FAC, migrate

CONSUMER = "from app.websocket_core import create_websocket_manager\n" + AWAITED
HEAD = """\
from unittest.mock import patch
from app.services import a

TARGET = 'app.services.a.create_websocket_manager'
MODULE = 'app.services.a'
"""

FORMS = {
    "object": "patch.object(a, 'create_websocket_manager')",
    "multiple": "patch.multiple('app.services.a', create_websocket_manager=None)",
    "multiple object": "patch.multiple(a, create_websocket_manager=None)",
    "constant": "patch(TARGET)",
    "f-string": "patch(f'{MODULE}.create_websocket_manager')",
    "f-string without a field": "patch(f'app.services.a.create_websocket_manager')",
    "sum": "patch(MODULE + '.create_websocket_manager')",
    "format": "patch('{}.create_websocket_manager'.format(MODULE))",
}


def works(consumer: str, test: str) -> bool:
    """Whether the patch still names what the consumer binds."""
    old_stays = "import create_websocket_manager" in consumer or ", create_websocket_manager" in consumer
    return old_stays or "get_websocket_manager" in test.split("def test")[1] or "a.get_websocket_manager" in test


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_patch_and_consumer_stay_together(tmp_path: Path, form: str) -> None:
    test = f"{HEAD}\n\ndef test_chat():\n    with {form}:\n        pass\n"
    done = migrate(tmp_path, {"app/services/a.py": CONSUMER, "tests/b.py": test})
    assert works(done.text("app/services/a.py"), done.text("tests/b.py"))


def test_a_patch_of_a_module_whose_package_is_imported_too_follows_its_consumer(tmp_path: Path) -> None:
    head = "import app\nimport app.services.a\nfrom unittest.mock import patch\n"
    patched = "with patch.object(app.services.a, 'create_websocket_manager'):"
    test = f"{head}\n\ndef test_chat():\n    {patched}\n        pass\n"
    done = migrate(tmp_path, {"app/services/a.py": CONSUMER, "tests/b.py": test})
    assert "import get_websocket_manager" in done.text("app/services/a.py")
    assert "patch.object(app.services.a, 'get_websocket_manager')" in done.text("tests/b.py")


def test_monkeypatch_by_module_and_name_stays_together_with_its_consumer(tmp_path: Path) -> None:
    test = f"{HEAD}\n\ndef test_chat(monkeypatch):\n    monkeypatch.setattr(a, 'create_websocket_manager', 1)\n"
    done = migrate(tmp_path, {"app/services/a.py": CONSUMER, "tests/b.py": test})
    assert works(done.text("app/services/a.py"), done.text("tests/b.py"))


def test_a_patch_in_a_file_that_does_not_parse_keeps_the_name(tmp_path: Path) -> None:
    test = f"{HEAD}\n\n@patch('app.services.a.create_websocket_manager')\ndef test_chat(made):\n    pass\n\nx =\n"
    done = migrate(tmp_path, {"app/services/a.py": CONSUMER, "tests/b.py": test})
    assert "import create_websocket_manager" in done.text("app/services/a.py")


def test_a_patch_of_the_definition_reaches_a_local_import_that_stays_local(tmp_path: Path) -> None:
    consumer = (
        f"from {CANON} import get_websocket_manager\n\n\nasync def chat(c):\n"
        f"    from {FAC} import create_websocket_manager\n\n    return await create_websocket_manager(c)\n"
    )
    test = f"{HEAD}\n\n@patch('{FAC}.create_websocket_manager')\ndef test_chat(made):\n    pass\n"
    done = migrate(tmp_path, {"app/services/a.py": consumer, "tests/b.py": test})
    retargeted = f"'{CANON}.get_websocket_manager'" in done.text("tests/b.py")
    looks_up = done.text("app/services/a.py").count(f"from {CANON} import get_websocket_manager") == 2
    assert looks_up or not retargeted
