"""A definition moves to another module: with what it needs, and everything that denotes it follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.outcome import Verdict
from recanon.plan import ChangeKind
from tests.move.helpers import moved, refused

OLD, NEW = "app.core.fetch", "app.data.fetch"
CORE = '''
"""Core."""
import os
from shutil import which

LIMIT = 3


# fetches things
@staticmethod
def fetch(n):
    """Fetch."""
    return fetch(n - 1) if which("x") else 0  # done


def other():
    return os.name
'''
CORE_AFTER = '''
"""Core."""
import os

LIMIT = 3


def other():
    return os.name
'''
DATA_AFTER = '''
"""Data."""
from shutil import which

x = 1


# fetches things
@staticmethod
def fetch(n):
    """Fetch."""
    return fetch(n - 1) if which("x") else 0  # done
'''
BASE = {"app/__init__.py": "", "app/core.py": CORE, "app/data.py": '"""Data."""\nx = 1\n'}
FOLLOWS = {
    "from": ("from app.core import fetch\nfetch(1)\n", "from app.data import fetch\nfetch(1)\n"),
    "alias": ("from app.core import fetch as f\nf(1)\n", "from app.data import fetch as f\nf(1)\n"),
    "relative": ("from .core import fetch\nfetch(1)\n", "from .data import fetch\nfetch(1)\n"),
    "split": (
        "from app.core import fetch, other  # why\nfetch(1), other\n",
        "from app.core import other  # why\nfrom app.data import fetch\nfetch(1), other\n",
    ),
    "split in parentheses": (
        "from app.core import (\n    fetch,  # why\n    other,\n)\nfetch(1), other\n",
        "from app.core import (\n    other,\n)\nfrom app.data import fetch\nfetch(1), other\n",
    ),
    "merged": (
        "from app.data import x\nfrom app.core import fetch\nfetch(x)\n",
        "from app.data import x, fetch\nfetch(x)\n",
    ),
    "in a function": (
        "def f():\n    from app.core import fetch\n    return fetch\n",
        "def f():\n    from app.data import fetch\n    return fetch\n",
    ),
    "in a try": (
        "try:\n    from app.core import fetch\nexcept ImportError:\n    fetch = None\nfetch\n",
        "try:\n    from app.data import fetch\nexcept ImportError:\n    fetch = None\nfetch\n",
    ),
    "module": ("import app.core\napp.core.fetch(1)\n", "import app.data\napp.data.fetch(1)\n"),
    "module alias": (
        "import app.core as c\nc.fetch(1), c.other\n",
        "import app.core as c\nfrom app import data\ndata.fetch(1), c.other\n",
    ),
    "module from": ("from app import core\ncore.fetch(1)\n", "from app import data\ndata.fetch(1)\n"),
    "module with a name that is taken": (
        "from app import core\ndata = 1\ncore.fetch(data)\n",
        "from app import data as app_data\ndata = 1\napp_data.fetch(data)\n",
    ),
    "module known already": (
        "from app import core, data\ncore.fetch(data), core\n",
        "from app import core, data\ndata.fetch(data), core\n",
    ),
    "semicolon": (
        "import os; from app.core import fetch, other; other\n",
        "import os; from app.core import other; from app.data import fetch; other\n",
    ),
    "patch": (
        "from unittest.mock import patch\npatch('app.core.fetch'), patch('app.core.other')\n",
        "from unittest.mock import patch\npatch('app.data.fetch'), patch('app.core.other')\n",
    ),
    "patch object": (
        "from unittest.mock import patch\nfrom app import core\npatch.object(core, 'fetch'), core.other\n",
        "from unittest.mock import patch\nfrom app import core\nfrom app import data\n"
        "patch.object(data, 'fetch'), core.other\n",
    ),
    "patch of a name that it needs": (
        "from unittest.mock import patch\npatch('app.core.which'), patch('app.core.os')\n",
        "from unittest.mock import patch\npatch('app.data.which'), patch('app.core.os')\n",
    ),
}


@pytest.mark.parametrize("case", FOLLOWS)
def test_what_denotes_the_symbol_follows(tmp_path: Path, case: str) -> None:
    before, after = FOLLOWS[case]
    done = moved(tmp_path, {**BASE, "app/use.py": before}, OLD, NEW)
    assert done["app/use.py"] == after


def test_it_goes_with_decorators_comments_and_the_imports_that_it_needs(tmp_path: Path) -> None:
    done = moved(tmp_path, BASE, OLD, NEW)
    assert done["app/core.py"] == CORE_AFTER.lstrip("\n")
    assert done["app/data.py"] == DATA_AFTER.lstrip("\n")


def test_it_may_get_another_name_on_the_way(tmp_path: Path) -> None:
    files = {
        **BASE,
        "use.py": "from app.core import fetch, other\nfetch(1), other\n",
        "t.py": "import app.core as c\nc.fetch\n",
    }
    done = moved(tmp_path, files, OLD, "app.data.load")
    assert "def load(n):" in done["app/data.py"]
    assert "return load(n - 1)" in done["app/data.py"]
    assert done["use.py"] == "from app.core import other\nfrom app.data import load\nload(1), other\n"
    assert done["t.py"] == "from app import data\ndata.load\n"


def test_a_module_that_is_not_there_is_created(tmp_path: Path) -> None:
    done = moved(tmp_path, BASE, OLD, "app.fresh.fetch")
    assert done["app/fresh.py"].startswith("from shutil import which\n\n\n# fetches things\n@staticmethod\ndef fetch")
    assert {c.path: c.kind for c in done.plan.changes}["app/fresh.py"] is ChangeKind.CREATE


def test_a_package_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "app/nowhere/__init__.py" in refused(tmp_path, BASE, OLD, "app.nowhere.mod.fetch")


def test_the_old_module_imports_what_it_still_uses_and_a_patch_there_stays(tmp_path: Path) -> None:
    core = "def fetch(n):\n    return n\n\n\ndef other():\n    return fetch(1)\n"
    test = (
        "from unittest.mock import patch\nfrom app import core\npatch('app.core.fetch'), patch.object(core, 'fetch')\n"
    )
    done = moved(tmp_path, {**BASE, "app/core.py": core, "test_it.py": test}, OLD, NEW)
    assert done["app/core.py"] == "from app.data import fetch\n\n\ndef other():\n    return fetch(1)\n"
    assert "test_it.py" in done.unchanged


def test_a_patch_that_would_have_to_reach_two_modules_is_left_to_a_person(tmp_path: Path) -> None:
    core = "def fetch(n):\n    return fetch(n)\n\n\ndef other():\n    return fetch(1)\n"
    test = "from unittest.mock import patch\npatch('app.core.fetch')\n"
    done = moved(tmp_path, {**BASE, "app/core.py": core, "test_it.py": test}, OLD, NEW)
    assert [f.line for f in done.found("test_it.py", Verdict.MANUAL)] == [2]


def test_a_facade_changes_its_import_and_its_consumers_stay(tmp_path: Path) -> None:
    files = {
        **BASE,
        "app/__init__.py": "from .core import fetch\n__all__ = ['fetch']\n",
        "use.py": "from app import fetch\nimport app\nfetch(1), app.fetch\n",
        "test_use.py": "from unittest.mock import patch\npatch('use.fetch'), patch('app.fetch')\n",
    }
    done = moved(tmp_path, files, OLD, NEW)
    assert done["app/__init__.py"] == "from .data import fetch\n__all__ = ['fetch']\n"
    assert {"use.py", "test_use.py"} <= done.unchanged


def test_the_module_that_it_comes_to_needs_no_import_of_it_any_more(tmp_path: Path) -> None:
    data = '"""Data."""\nfrom .core import fetch, other\n\n\ndef use():\n    return fetch(1), other\n'
    core = "def fetch(n):\n    return n\n\n\ndef other(): ...\n"
    done = moved(tmp_path, {**BASE, "app/core.py": core, "app/data.py": data}, OLD, NEW)
    assert done["app/data.py"] == (
        '"""Data."""\nfrom .core import other\n\n\ndef fetch(n):\n    return n\n\n\n'
        "def use():\n    return fetch(1), other\n"
    )


def test_what_it_needs_of_its_module_is_imported_from_there(tmp_path: Path) -> None:
    core = "LIMIT = 3\n\n\ndef fetch(n):\n    return LIMIT\n"
    done = moved(tmp_path, {**BASE, "app/core.py": core}, OLD, NEW)
    assert done["app/data.py"].startswith('"""Data."""\nfrom app.core import LIMIT\n')
    assert done["app/core.py"] == "LIMIT = 3\n"


def test_overloads_go_together(tmp_path: Path) -> None:
    core = (
        "from typing import overload\n\n\n@overload\ndef fetch(n: int) -> int: ...\n\n\n"
        "@overload\ndef fetch(n: str) -> str: ...\n\n\ndef fetch(n):\n    return n\n"
    )
    done = moved(tmp_path, {**BASE, "app/core.py": core}, OLD, NEW)
    assert done["app/core.py"] == ""
    assert done["app/data.py"].count("def fetch") == 3


def test_relative_imports_in_it_start_from_its_new_package(tmp_path: Path) -> None:
    core = "def fetch(n):\n    from .core import other\n    return other\n\n\ndef other(): ...\n"
    files = {**BASE, "app/core.py": core, "app/sub/__init__.py": ""}
    done = moved(tmp_path, files, OLD, "app.sub.mod.fetch")
    assert "    from ..core import other\n" in done["app/sub/mod.py"]


def test_an_entry_of_all_goes_with_it(tmp_path: Path) -> None:
    done = moved(tmp_path, {**BASE, "app/core.py": CORE + '__all__ = ["fetch", "other"]\n'}, OLD, NEW)
    assert done["app/core.py"].endswith('__all__ = ["other"]\n')


def test_an_import_that_others_take_from_the_old_module_stays(tmp_path: Path) -> None:
    done = moved(tmp_path, {**BASE, "use.py": "from app.core import which\nwhich\n"}, OLD, NEW)
    assert "from shutil import which" in done["app/core.py"]
    assert "from shutil import which" in done["app/data.py"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"app/data.py": "def fetch(): ...\n"}, "another thing"),
        ({"app/data.py": "fetch(1)\n"}, "another thing"),
        ({"app/data.py": "which = 1\n"}, "which is another thing"),
        ({"app/core.py": "def fetch(): ...\ndef fetch(): ...\n"}, "more than once"),
        ({"app/core.py": "if 1:\n    def fetch(): ...\n"}, "plain definition"),
        ({"app/core.py": "fetch = 1\ndef f():\n    global fetch\n    fetch = 2\n"}, "plain definition"),
        ({"app/core.py": "def fetch(): return __file__\n"}, "__file__"),
        ({"app/core.py": "def f(): ...\ndef fetch(): return f()\ndef g(): return fetch()\n"}, "cycle"),
        ({"use.py": "import app.core as c\nc.fetch = 1\n"}, "is assigned"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(tmp_path: Path, changed: dict[str, str], why: str) -> None:
    assert why in refused(tmp_path, {**BASE, **changed}, OLD, NEW)


STAYS = {
    "another function": "def fetch(): ...\nfetch()\n",
    "another module's": "from app.data import x\nfrom json import fetch\nfetch()\n",
    "other names of the old module": "from app.core import other\nother, 'fetch'\n",
    "an attribute": "class A: ...\nA().fetch\n",
}


@pytest.mark.parametrize("case", STAYS)
def test_what_only_looks_like_it_stays(tmp_path: Path, case: str) -> None:
    done = moved(tmp_path, {**BASE, "app/use.py": STAYS[case]}, OLD, NEW)
    assert "app/use.py" in done.unchanged


def test_needed_names_join_the_imports_of_their_modules(tmp_path: Path) -> None:
    core = "from json import dumps\n\n\ndef fetch(n):\n    return dumps(n)\n\n\ndef other():\n    return fetch(1), x\n"
    core = "from app.data import x\n" + core
    data = "from json import loads\nx = loads\n"
    done = moved(tmp_path, {**BASE, "app/core.py": core, "app/data.py": data}, OLD, NEW)
    assert done["app/data.py"].startswith("from json import loads, dumps\nx = loads\n")
    assert done["app/core.py"].startswith("from app.data import x, fetch\n\n\ndef other")


def test_imports_for_annotations_go_along_and_leave_no_empty_block(tmp_path: Path) -> None:
    core = (
        "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
        "    from json import JSONDecoder\n\n\ndef fetch(n: JSONDecoder): ...\n\n\nflag = TYPE_CHECKING\n"
    )
    done = moved(tmp_path, {**BASE, "app/core.py": core}, OLD, "app.fresh.fetch")
    assert "if TYPE_CHECKING" not in done["app/core.py"]
    assert done["app/fresh.py"] == (
        "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
        "    from json import JSONDecoder\n\n\ndef fetch(n: JSONDecoder): ...\n"
    )


def test_look_ups_of_another_test_do_not_count_for_a_patch(tmp_path: Path) -> None:
    core = "def fetch(n):\n    return n\n\n\ndef other():\n    return fetch(1)\n"
    files = {
        **BASE,
        "app/core.py": core,
        "test_it.py": "from unittest.mock import patch\npatch('app.core.fetch')\n",
        "test_other.py": "from app import core\ncore.fetch(1)\n",
    }
    done = moved(tmp_path, files, OLD, NEW)
    assert "test_it.py" in done.unchanged
    assert not done.found("test_it.py", Verdict.MANUAL)


def test_modules_that_import_each_other_already_may_go_on(tmp_path: Path) -> None:
    files = {**BASE, "app/core.py": "def fetch(): ...\nimport app.data\n", "app/data.py": "import app.core\n"}
    assert moved(tmp_path, files, OLD, NEW)["app/core.py"] == "import app.data\n"


def test_what_a_star_import_brings_no_more_is_imported_by_name(tmp_path: Path) -> None:
    files = {
        **BASE,
        "app/api.py": "from .core import *\n__all__ = ['fetch']\n",
        "use.py": "from app.core import *\nfetch(1), other\n",
        "third.py": "from app.api import fetch\nfetch(1)\n",
        "fourth.py": "from app.core import *\nother\n",
    }
    done = moved(tmp_path, files, OLD, NEW)
    assert done["use.py"] == "from app.core import *\nfrom app.data import fetch\nfetch(1), other\n"
    assert done["app/api.py"] == "from .core import *\nfrom .data import fetch\n__all__ = ['fetch']\n"
    assert {"third.py", "fourth.py"} <= done.unchanged


def test_a_star_import_goes_on_to_bring_what_the_old_module_still_uses(tmp_path: Path) -> None:
    core = "def fetch(n): ...\n\n\ndef other():\n    return fetch(1)\n"
    done = moved(tmp_path, {**BASE, "app/core.py": core, "use.py": "from app.core import *\nfetch(1)\n"}, OLD, NEW)
    assert "use.py" in done.unchanged


def test_a_facade_that_hands_it_on_by_a_star_goes_on_to_do_so(tmp_path: Path) -> None:
    files = {**BASE, "app/api.py": "from .core import *\n", "use.py": "from app.api import fetch\nfetch(1)\n"}
    done = moved(tmp_path, files, OLD, NEW)
    assert done["app/api.py"] == "from .core import *\nfrom .data import fetch\n"
    assert "use.py" in done.unchanged


def test_a_star_of_a_star_that_would_lose_it_stops_the_move(tmp_path: Path) -> None:
    files = {
        **BASE,
        "app/api.py": "from .core import *\n",
        "app/far.py": "from .api import *\n",
        "use.py": "from app.far import fetch\nfetch(1)\n",
    }
    assert "app.far.fetch could not be imported" in refused(tmp_path, files, OLD, NEW)
