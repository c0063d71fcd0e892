"""Every place where the grammar lets a name stand is explained, also where it is no use of the old API."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import migrate

PLACES = {
    "keyword of a call": "f(create_websocket_manager=1)\n",
    "name of an exception": (
        "try:\n    create_websocket_manager(1)\nexcept ValueError as create_websocket_manager:\n    pass\n"
    ),
    "captured pattern": "match x:\n    case create_websocket_manager:\n        pass\n",
    "keyword of a pattern": "match x:\n    case Foo(create_websocket_manager=1):\n        pass\n",
    "starred pattern": "match x:\n    case [*create_websocket_manager]:\n        pass\n",
    "rest of a mapping pattern": "match x:\n    case {**create_websocket_manager}:\n        pass\n",
    "imported module": "import create_websocket_manager\n",
    "part of an imported module": "import pkg.create_websocket_manager\n",
    "package of an imported module": "import create_websocket_manager.x as y\n",
    "keyword of patch.multiple": (
        "from unittest.mock import patch\n\nwith patch.multiple('app.services', create_websocket_manager=None):\n"
        "    pass\n"
    ),
}


@pytest.mark.parametrize("text", PLACES.values(), ids=list(PLACES))
def test_place_is_explained(tmp_path: Path, text: str) -> None:
    done = migrate(tmp_path, {"tests/x.py": text})
    assert len(done.found("tests/x.py", "create_websocket_manager")) == text.count("create_websocket_manager")
    assert done.changed() == set()


def test_a_dotted_module_over_two_lines_does_not_stop_the_run(tmp_path: Path) -> None:
    text = "from app. \\\n    websocket_core import create_websocket_manager\n"
    migrate(tmp_path, {"tests/x.py": text}).check_compiles()
