"""A package that imports its own submodule, as many do, is still the place where the submodule is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.move.helpers import moved

USES = {
    "attribute": "import app.core\napp.core.{}(1)\n",
    "alias": "import app.core as c\nc.{}(1)\n",
    "from": "from app import core\ncore.{}(1)\n",
    "relative": "from . import core as c\nc.{}(1)\n",
    "name": "from app.core import {0}\n{0}(1)\n",
}
PACKAGES = ("from . import core\n", "from app import core\n", "import app.core\n", "from .api import core\n")


@pytest.mark.parametrize("case", USES)
@pytest.mark.parametrize("package", PACKAGES)
def test_uses_through_the_package_follow(tmp_path: Path, package: str, case: str) -> None:
    files = {
        "app/__init__.py": package,
        "app/api.py": "from . import core\n",
        "app/core.py": "def fetch(n): ...\n",
        "app/use.py": USES[case].format("fetch"),
    }
    done = moved(tmp_path, files, "app.core.fetch", "app.core.load")
    assert done["app/use.py"] == USES[case].format("load")


def test_a_function_that_takes_the_name_of_the_submodule_is_no_module(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from . import core\n\n\ndef core(): ...\n",
        "app/core.py": "def fetch(n): ...\n",
        "use.py": "from app import core\ncore.fetch\n",
    }
    done = moved(tmp_path, files, "app.core.fetch", "app.core.load")
    assert "use.py" in done.unchanged
