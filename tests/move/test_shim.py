"""The old name, kept alive: the same object, with a warning, and nothing else changes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from recanon.errors import UsageError
from recanon.move.planner import Request, plan_move
from recanon.move.request import AlreadyMovedError
from recanon.settings import Settings
from tests.move.helpers import tree, write

CORE = {"app/__init__.py": "", "app/core.py": "X = 1\n\n\ndef fetch():\n    return X\n"}
ASK = (
    "import warnings\n"
    "with warnings.catch_warnings(record=True) as seen:\n"
    "    warnings.simplefilter('always')\n"
    "    from app.core import fetch\n"
    "    import {module}, app.core\n"
    "    assert fetch is {module}.{name}\n"
    "    assert [w.category for w in seen][:1] == [DeprecationWarning], seen\n"
    "    assert seen[0].filename == '<string>', seen[0].filename\n"
    "try:\n    app.core.nothing\nexcept AttributeError as exc:\n    print(exc)\n"
)


def shim(root: Path, files: Mapping[str, str], new: str) -> str:
    """Move with a shim, and return the text of the old module."""
    tree(root, files)
    plan = plan_move(root, Request("app.core.fetch", new, Settings(jobs=1), shim=True))
    assert plan.account.balanced
    write(root, plan)
    return (root / "app/core.py").read_bytes().decode()


@pytest.mark.parametrize("new", ["app.core.load", "app.other.fetch", "app.other.load"])
def test_the_old_name_gives_the_same_object_and_warns(tmp_path: Path, new: str) -> None:
    text = shim(tmp_path, CORE, new)
    assert "def fetch" not in text
    module, _, name = new.rpartition(".")
    ask = ASK.format(module=module, name=name)
    done = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "module 'app.core' has no attribute 'nothing'\n"


def test_a_package_that_handed_it_on_keeps_the_old_name_too(tmp_path: Path) -> None:
    files = CORE | {"app/__init__.py": "from .core import fetch\n\n__all__ = ['fetch']\n"}
    shim(tmp_path, files, "app.core.load")
    ask = ASK.replace("from app.core", "from app").format(module="app", name="load")
    done = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_package_that_still_hands_it_on_stays_as_it_is(tmp_path: Path) -> None:
    files = CORE | {"app/__init__.py": "from .core import fetch\n\n__all__ = ['fetch']\n"}
    shim(tmp_path, files, "app.other.fetch")
    assert (tmp_path / "app/__init__.py").read_text() == "from .other import fetch\n\n__all__ = ['fetch']\n"


def test_a_second_move_finds_it_done(tmp_path: Path) -> None:
    shim(tmp_path, CORE, "app.core.load")
    with pytest.raises(AlreadyMovedError):
        plan_move(tmp_path, Request("app.core.fetch", "app.core.load", Settings(jobs=1), shim=True))


def test_a_second_move_finds_it_done_where_the_old_module_takes_it_back(tmp_path: Path) -> None:
    files = CORE | {"app/core.py": "def fetch():\n    return 1\n\n\ndef other():\n    return fetch()\n"}
    tree(tmp_path, files)
    write(tmp_path, plan_move(tmp_path, Request("app.core.fetch", "app.other.fetch", Settings(jobs=1))))
    with pytest.raises(AlreadyMovedError, match=r"only an import of app\.other\.fetch"):
        plan_move(tmp_path, Request("app.core.fetch", "app.other.fetch", Settings(jobs=1)))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_it_stands_two_blank_lines_below_in_the_newlines_of_the_file(tmp_path: Path, newline: str) -> None:
    files = {path: text.replace("\n", newline) for path, text in CORE.items()}
    text = shim(tmp_path, files, "app.core.load")
    assert f"return X{newline * 3}def __getattr__" in text
    assert text.count("\n") == text.count(newline)
    assert text.endswith(f"{newline}")


@pytest.mark.parametrize(
    ("core", "new", "why"),
    [
        ("def fetch(): ...\ndef __getattr__(name): ...\n", "app.core.load", "__getattr__ of its own"),
        ("def fetch(): ...\ndef other(): return fetch()\n", "app.other.fetch", "still uses the symbol"),
    ],
)
def test_where_no_shim_can_be_nothing_is_done(tmp_path: Path, core: str, new: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        shim(tmp_path, {"app/__init__.py": "", "app/core.py": core}, new)


def test_a_module_has_no_shim(tmp_path: Path) -> None:
    tree(tmp_path, CORE)
    with pytest.raises(UsageError, match="is a module"):
        plan_move(tmp_path, Request("app.core", "app.other", Settings(jobs=1), shim=True))
