"""A module or package gets another name or another place: its files move, and everything that names it follows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recanon.apply import apply_plan
from recanon.move.planner import Request, plan_move
from recanon.outcome import Verdict
from recanon.rollback import Request as Rollback
from recanon.rollback import rollback
from recanon.settings import Settings
from tests.move.helpers import moved, refused, tree

CORE = "from . import other\nfrom .other import x\nfrom .sub.deep import y\n\n\ndef fetch():\n    return x, other, y\n"
BASE = {
    "app/__init__.py": "",
    "app/core.py": CORE,
    "app/other.py": "x = 1\n",
    "app/sub/__init__.py": "",
    "app/sub/deep.py": "from ..other import x\nfrom . import near\ny = x, near\n",
    "app/sub/near.py": "",
}
FOLLOWS = {
    "from": ("from app.core import fetch\nfetch()\n", "from app.data import fetch\nfetch()\n"),
    "from the package": ("from app import core\ncore.fetch()\n", "from app import data\ndata.fetch()\n"),
    "with an alias": ("from app import core as c\nc.fetch()\n", "from app import data as c\nc.fetch()\n"),
    "relative": (
        "from .core import fetch\nfrom . import core\ncore\n",
        "from .data import fetch\nfrom . import data\ndata\n",
    ),
    "import": ("import app.core\napp.core.fetch()\n", "import app.data\napp.data.fetch()\n"),
    "import as": ("import app.core as c\nc.fetch()\n", "import app.data as c\nc.fetch()\n"),
    "name taken": (
        "from app import core\ndata = 1\ncore.fetch(data)\n",
        "from app import data as core\ndata = 1\ncore.fetch(data)\n",
    ),
    "patch": (
        "from unittest.mock import patch\npatch('app.core.fetch'), patch('app.core.x.y'), patch('app.other.x')\n",
        "from unittest.mock import patch\npatch('app.data.fetch'), patch('app.data.x.y'), patch('app.other.x')\n",
    ),
    "patch object": (
        "from unittest.mock import patch\nfrom app import core\npatch.object(core, 'fetch')\n",
        "from unittest.mock import patch\nfrom app import data\npatch.object(data, 'fetch')\n",
    ),
    "star": ("from .core import *\nfetch()\n", "from .data import *\nfetch()\n"),
    "import_module": (
        "import importlib\nimportlib.import_module('app.core')\n",
        "import importlib\nimportlib.import_module('app.data')\n",
    ),
}
STAYS = {
    "another thing": "core = 1\ncore, 'core'\n",
    "another module": "from app import other\nfrom json import core\nother.core, core\n",
    "a parameter": "def f(core): return core.fetch()\n",
    "an attribute": "import app.other\napp.other.core\n",
}


@pytest.mark.parametrize("case", FOLLOWS)
def test_what_names_the_module_follows(tmp_path: Path, case: str) -> None:
    before, after = FOLLOWS[case]
    done = moved(tmp_path, {**BASE, "app/use.py": before}, "app.core", "app.data")
    assert done["app/use.py"] == after
    assert done["app/data.py"] == CORE
    assert "app/core.py" not in done.texts


@pytest.mark.parametrize("case", STAYS)
def test_what_only_looks_like_it_stays(tmp_path: Path, case: str) -> None:
    done = moved(tmp_path, {**BASE, "app/use.py": STAYS[case]}, "app.core", "app.data")
    assert "app/use.py" in done.unchanged


def test_relative_imports_start_from_the_new_package(tmp_path: Path) -> None:
    done = moved(tmp_path, BASE, "app.core", "app.sub.core")
    assert done["app/sub/core.py"] == CORE.replace("from . import", "from .. import").replace(
        "from .other", "from ..other"
    ).replace("from .sub.deep", "from .deep")


def test_a_package_moves_with_everything_in_it(tmp_path: Path) -> None:
    files = {
        **BASE,
        "app/sub/data.txt": "text\n",
        "use.py": "import app.sub.deep\nfrom app.sub import near\nfrom app import sub\napp.sub.deep.y, near, sub\n",
    }
    done = moved(tmp_path, files, "app.sub", "app.under")
    assert done["use.py"] == (
        "import app.under.deep\nfrom app.under import near\nfrom app import under\napp.under.deep.y, near, under\n"
    )
    assert done["app/core.py"] == CORE.replace(".sub.", ".under.")
    assert done["app/under/deep.py"] == BASE["app/sub/deep.py"]
    assert done["app/under/data.txt"] == "text\n"
    assert not [path for path in done.texts if path.startswith("app/sub/")]


def test_a_package_at_the_top_gets_another_name(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from app.core import f\n__all__ = ['f']\n",
        "app/core.py": "import app\ndef f(): return app\n",
        "use.py": "import app\nimport app.core\nimport app.core as c\nfrom app import f\napp.core.f(), c, f, app.f\n",
        "test_use.py": "from unittest.mock import patch\npatch('app.core.f'), patch('app.f')\n",
    }
    done = moved(tmp_path, files, "app", "lib")
    assert done["lib/__init__.py"] == "from lib.core import f\n__all__ = ['f']\n"
    assert done["lib/core.py"] == "import lib\ndef f(): return lib\n"
    assert done["use.py"] == (
        "import lib\nimport lib.core\nimport lib.core as c\nfrom lib import f\nlib.core.f(), c, f, lib.f\n"
    )
    assert done["test_use.py"].endswith("patch('lib.core.f'), patch('lib.f')\n")


def test_a_module_goes_to_another_package(tmp_path: Path) -> None:
    files = {**BASE, "use.py": "import app.core\nfrom app import core as c, other\napp.core.fetch(), c, other\n"}
    done = moved(tmp_path, files, "app.core", "app.sub.core")
    assert done["use.py"] == (
        "import app.sub.core\nfrom app import other\nfrom app.sub import core as c\napp.sub.core.fetch(), c, other\n"
    )


def test_a_function_of_the_modules_name_in_its_package_stays(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from .core import core\n",
        "app/core.py": "def core(): ...\n",
        "use.py": "from app import core\nimport app\ncore(), app.core()\n",
    }
    done = moved(tmp_path, files, "app.core", "app.data")
    assert done["app/__init__.py"] == "from .data import core\n"
    assert "use.py" in done.unchanged


def test_other_strings_that_are_its_path_are_for_review(tmp_path: Path) -> None:
    files = {**BASE, "conf.py": "APPS = ['app.core', 'app.core.fetch', 'app.corex', 'see app.core']\n"}
    done = moved(tmp_path, files, "app.core", "app.data")
    assert "conf.py" in done.unchanged
    assert len(done.found("conf.py", Verdict.REVIEW)) == 2
    both = Settings(jobs=1, include=frozenset({Verdict.SAFE, Verdict.REVIEW}))
    assert moved(tmp_path, files, "app.core", "app.data", both)["conf.py"] == (
        "APPS = ['app.data', 'app.data.fetch', 'app.corex', 'see app.core']\n"
    )


@pytest.mark.parametrize(
    ("new", "files", "why"),
    [
        ("app.other", {}, "app/other.py"),
        ("app.core.inner", {}, "lies in app.core"),
        ("app.nowhere.core", {}, "app/nowhere/__init__.py"),
        ("app.data", {"app/__init__.py": "data = 1\n"}, "binds data"),
        ("lib.core", {"lib/__init__.py": "", "use.py": "import app\napp.core\n"}, "does not follow"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, new: str, files: dict[str, str], why: str) -> None:
    assert why in refused(tmp_path, {**BASE, **files}, "app.core", new)


def test_it_is_written_with_its_mode_and_taken_back_byte_for_byte(tmp_path: Path) -> None:
    texts = tree(tmp_path, {**BASE, "use.py": "from app.core import fetch\n"})
    (tmp_path / "app/core.py").chmod(0o755)
    result = apply_plan(tmp_path, plan_move(tmp_path, Request("app.core", "app.data", Settings(jobs=1))))
    assert os.access(tmp_path / "app/data.py", os.X_OK)
    assert not (tmp_path / "app/core.py").exists()
    rollback(tmp_path, Rollback(run=result.run))
    assert {path: (tmp_path / path).read_text() for path in texts} == texts
    assert not (tmp_path / "app/data.py").exists()


def test_what_a_module_lacks_already_is_no_reason_to_leave_it(tmp_path: Path) -> None:
    broken = "try:\n    from app.core import Gone\nexcept ImportError:\n    Gone = None\n"
    patches = "from unittest.mock import patch\n\npatch('app.core.never')\n"
    done = moved(tmp_path, {**BASE, "a.py": broken, "tests/b.py": patches}, "app.core", "app.data")
    assert "from app.data import Gone" in done["a.py"]
    assert "patch('app.data.never')" in done["tests/b.py"]


def test_a_module_does_not_come_to_stand_beside_one_that_some_disks_take_for_it(tmp_path: Path) -> None:
    assert "differ in case or Unicode form alone" in refused(tmp_path, BASE, "app.core", "app.OTHER")


def test_a_definition_does_not_come_to_a_new_module_that_some_disks_take_for_another(tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "app/core.py": "def fetch():\n    return 1\n", "app/data.py": "x = 1\n"}
    assert "differ in case or Unicode form alone" in refused(tmp_path, files, "app.core.fetch", "app.Data.fetch")


def test_a_module_can_be_given_another_case(tmp_path: Path) -> None:
    done = moved(tmp_path, BASE, "app.core", "app.Core")
    assert "app/Core.py" in done.texts
    assert "app/core.py" not in done.texts
