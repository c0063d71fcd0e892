"""A renaming in place: what denotes the symbol follows, what only looks like it stays."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recanon.outcome import Verdict
from tests.move.helpers import moved, refused

OLD, NEW = "app.core.fetch", "app.core.load"
CORE = """
def fetch(n):
    return fetch(n - 1) if n else 0
"""
FOLLOWS = {
    "from": ("from app.core import fetch\nfetch(1)\n", "from app.core import load\nload(1)\n"),
    "alias": ("from app.core import fetch as f\nf(1)\n", "from app.core import load as f\nf(1)\n"),
    "alias of the new name": ("from app.core import fetch as load\nload(1)\n", "from app.core import load\nload(1)\n"),
    "relative": ("from .core import fetch\nfetch(1)\n", "from .core import load\nload(1)\n"),
    "module": ("import app.core\napp.core.fetch(1)\n", "import app.core\napp.core.load(1)\n"),
    "module alias": ("import app.core as c\nc.fetch(1)\n", "import app.core as c\nc.load(1)\n"),
    "module from": ("from app import core\ncore.fetch(1)\n", "from app import core\ncore.load(1)\n"),
    "module relative": ("from . import core\ncore.fetch(1)\n", "from . import core\ncore.load(1)\n"),
    "in parentheses": (
        "from app.core import (\n    fetch,  # why\n    other,\n)\nfetch\n",
        "from app.core import (\n    load,  # why\n    other,\n)\nload\n",
    ),
    "backslash": (
        "from app.core import other, \\\n    fetch\nfetch\n",
        "from app.core import other, \\\n    load\nload\n",
    ),
    "semicolon": (
        "import os; from app.core import fetch; fetch(1)\n",
        "import os; from app.core import load; load(1)\n",
    ),
    "star": ("from app.core import *\nfetch(1)\n", "from app.core import *\nload(1)\n"),
    "in a function": (
        "def f():\n    from app.core import fetch\n    return fetch(1)\n",
        "def f():\n    from app.core import load\n    return load(1)\n",
    ),
    "string annotation": (
        "from app.core import fetch\ndef f(x: 'list[fetch]') -> 'fetch': ...\n",
        "from app.core import load\ndef f(x: 'list[load]') -> 'load': ...\n",
    ),
    "cast": (
        "from typing import cast\nfrom app.core import fetch\ncast('fetch', 1)\n",
        "from typing import cast\nfrom app.core import load\ncast('load', 1)\n",
    ),
    "except": (
        "from app.core import fetch\ntry: ...\nexcept fetch as e: e\n",
        "from app.core import load\ntry: ...\nexcept load as e: e\n",
    ),
    "match": (
        "from app.core import fetch\nmatch 1:\n    case fetch(fetch=1) as x: ...\n",
        "from app.core import load\nmatch 1:\n    case load(fetch=1) as x: ...\n",
    ),
    "decorator, base, default": (
        "from app.core import fetch\n@fetch\nclass A(fetch, m=fetch):\n    def f(self, fetch=fetch): return fetch\n",
        "from app.core import load\n@load\nclass A(load, m=load):\n    def f(self, fetch=load): return fetch\n",
    ),
    "class attribute of the name": (
        "from app.core import fetch\nclass A:\n    fetch = fetch\n    def f(self): return fetch, self.fetch\n",
        "from app.core import load\nclass A:\n    fetch = load\n    def f(self): return load, self.fetch\n",
    ),
    "comprehension": (
        "from app.core import fetch\n[fetch for fetch in fetch(1)]\n[fetch(x) for x in ()]\n",
        "from app.core import load\n[fetch for fetch in load(1)]\n[load(x) for x in ()]\n",
    ),
    "getattr": ("import app.core as c\ngetattr(c, 'fetch')(1)\n", "import app.core as c\ngetattr(c, 'load')(1)\n"),
    "del": ("from app.core import fetch\nfetch\ndel fetch\n", "from app.core import load\nload\ndel load\n"),
}
KEEPS_ITS_NAME = {
    "taken in the file": "from app.core import fetch\ndef load(): ...\nfetch(1)\n",
    "taken by an import": "from app.core import fetch\nfrom json import load\nfetch(1), load\n",
    "captured by a local": "from app.core import fetch\ndef f(load):\n    return fetch(load)\n",
    "would capture a builtin": "from app.core import fetch\nfetch(load)\n",
    "a class body that may read either": (
        "from app.core import fetch\nclass A:\n    if 1:\n        fetch = 2\n    x = fetch\n"
    ),
    "imported by two branches": (
        "try:\n    from app.core import fetch\nexcept ImportError:\n    fetch = None\nfetch(1)\n"
    ),
    "looked up as text": "from app.core import fetch\nglobals()['fetch'](1)\n",
    "in a class": "class A:\n    from app.core import fetch\nA.fetch\n",
}
STAYS = {
    "another function": "def fetch(): ...\nfetch()\n",
    "a method": "class A:\n    def fetch(self): return self.fetch\n",
    "a parameter": "def f(fetch): return fetch\n",
    "another module's": "from json import fetch\nfetch()\n",
    "an attribute": "import app.core\nclass A: ...\nA().fetch, A.core.fetch\n",
    "a keyword": "dict(fetch=1)\n",
    "a comment and text": "# fetch\nx = 'fetch'\n",
    "a literal": "from typing import Literal\nx: Literal['fetch'] = 'fetch'\n",
    "patch of another module": "from unittest.mock import patch\npatch('json.fetch'), patch('app.fetch')\n",
}


@pytest.mark.parametrize("case", FOLLOWS)
def test_what_denotes_the_symbol_follows(tmp_path: Path, case: str) -> None:
    before, after = FOLLOWS[case]
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": CORE + "other = 1\n", "app/use.py": before}, OLD, NEW)
    assert done["app/use.py"] == after
    assert done["app/core.py"].startswith("def load(n):\n    return load(n - 1)")


@pytest.mark.parametrize("case", KEEPS_ITS_NAME)
def test_a_local_name_stays_where_the_new_one_would_meet_another(tmp_path: Path, case: str) -> None:
    text = KEEPS_ITS_NAME[case]
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": CORE, "app/use.py": text}, OLD, NEW)
    assert done["app/use.py"] == text.replace("core import fetch", "core import load as fetch")


@pytest.mark.parametrize("case", STAYS)
def test_what_only_looks_like_it_stays(tmp_path: Path, case: str) -> None:
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": CORE, "app/use.py": STAYS[case]}, OLD, NEW)
    assert "app/use.py" in done.unchanged
    assert not done.found("app/use.py", Verdict.SAFE)


def test_facades_and_their_consumers_follow_through_any_number_of_modules(tmp_path: Path) -> None:
    done = moved(
        tmp_path,
        {
            "app/__init__.py": "from .api import fetch\n__all__ = ['fetch']\n",
            "app/core.py": CORE,
            "app/api.py": "from .core import *\n__all__ = ['fetch']\n",
            "use.py": "from app import fetch\nimport app\nfetch(1), app.fetch(1), app.api.fetch\n",
            "test_use.py": "from unittest.mock import patch\npatch('use.fetch'), patch('app.fetch')\n",
        },
        OLD,
        NEW,
    )
    assert done["app/__init__.py"] == "from .api import load\n__all__ = ['load']\n"
    assert done["app/api.py"] == "from .core import *\n__all__ = ['load']\n"
    assert done["use.py"] == "from app import load\nimport app\nload(1), app.load(1), app.api.load\n"
    assert "'use.load'" in done["test_use.py"]
    assert "'app.load'" in done["test_use.py"]


def test_a_facade_that_keeps_the_old_name_keeps_it_for_its_consumers(tmp_path: Path) -> None:
    done = moved(
        tmp_path,
        {
            "app/__init__.py": "from .core import fetch\nfrom json import load\n__all__ = ['fetch']\n",
            "app/core.py": CORE,
            "use.py": "from app import fetch\nfetch(1)\n",
            "test_use.py": "from unittest.mock import patch\npatch('use.fetch'), patch('app.fetch')\n",
        },
        OLD,
        NEW,
    )
    assert done["app/__init__.py"].startswith("from .core import load as fetch\n")
    assert {"use.py", "test_use.py"} <= done.unchanged


def test_patches_follow_the_name_that_they_patch(tmp_path: Path) -> None:
    text = (
        "from unittest import mock\nimport use\nimport kept\n"
        "mock.patch('use.fetch'), mock.patch('kept.fetch'), mock.patch('app.core.fetch.cache')\n"
        "mock.patch.object(use, 'fetch'), mock.patch.multiple('use', fetch=1), mock.patch.object(kept, 'fetch')\n"
        "def test(monkeypatch):\n    monkeypatch.setattr('use.fetch', 1)\n    monkeypatch.setattr(use, 'fetch', 1)\n"
    )
    done = moved(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/core.py": CORE,
            "use.py": "from app.core import fetch\nfetch(1)\n",
            "kept.py": "from app.core import fetch as load\nfrom app.core import fetch\nload, fetch\n",
            "test_it.py": text,
        },
        OLD,
        NEW,
    )
    wanted = text.replace("'use.fetch'", "'use.load'").replace("use, 'fetch'", "use, 'load'")
    wanted = wanted.replace("core.fetch.cache", "core.load.cache").replace("'use', fetch=", "'use', load=")
    assert done["test_it.py"] == wanted


def test_a_value_follows_its_global_statements(tmp_path: Path) -> None:
    core = "fetch = 0\ndef f():\n    global fetch\n    fetch += 1\n    return fetch\ndef g(fetch):\n    return fetch\n"
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": core}, OLD, NEW)
    assert done["app/core.py"] == core.replace("fetch", "load").replace("g(load)", "g(fetch)").replace(
        "return load\n", "return fetch\n"
    ).replace("+= 1\n    return fetch", "+= 1\n    return load")


@pytest.mark.parametrize(
    ("core", "why"),
    [
        (CORE + "def load(): ...\n", "binds load too"),
        (CORE + "def f(load): return fetch(load)\n", "load is another thing"),
        (CORE + "x = load\n", "another load"),
        (CORE + "globals()['fetch']\n", "looks the name up as text"),
    ],
)
def test_a_clash_where_it_is_defined_is_refused(tmp_path: Path, core: str, why: str) -> None:
    assert why in refused(tmp_path, {"app/__init__.py": "", "app/core.py": core}, OLD, NEW)


def test_a_star_import_that_binds_the_name_anew_stops_the_move(tmp_path: Path) -> None:
    use = "from json import fetch\nfrom app.core import *\nfetch(1)\n"
    why = refused(tmp_path, {"app/__init__.py": "", "app/core.py": CORE, "use.py": use}, OLD, NEW)
    assert "use.py:2" in why


def test_a_star_import_below_another_binding_of_the_name_is_no_matter(tmp_path: Path) -> None:
    use = "from app.core import *\nfrom json import fetch\nfetch(1)\n"
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": CORE, "use.py": use}, OLD, NEW)
    assert "use.py" in done.unchanged


def test_a_patch_that_cannot_follow_stops_the_move(tmp_path: Path) -> None:
    use = "from app.core import fetch\nfetch(1)\n"
    test = "from unittest.mock import patch\npatch('use.' 'fetch')\n"
    why = refused(tmp_path, {"app/__init__.py": "", "app/core.py": CORE, "use.py": use, "test_it.py": test}, OLD, NEW)
    assert "test_it.py:2" in why


@pytest.mark.skipif(sys.version_info < (3, 12), reason="positions in f-strings are exact from 3.12 on")
def test_names_in_f_strings_follow(tmp_path: Path) -> None:
    use = 'from app.core import fetch\nf"{fetch(1)} fetch {fetch!r:{fetch}}"\n'
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": CORE, "use.py": use}, OLD, NEW)
    assert done["use.py"] == 'from app.core import load\nf"{load(1)} fetch {load!r:{load}}"\n'


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="positions in f-strings are exact from 3.12 on")
def test_where_positions_in_f_strings_are_not_exact_the_local_name_stays(tmp_path: Path) -> None:
    use = 'from app.core import fetch\nf"{fetch(1)}"\n'
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": CORE, "use.py": use}, OLD, NEW)
    assert done["use.py"] == 'from app.core import load as fetch\nf"{fetch(1)}"\n'


def test_crlf_and_everything_outside_the_names_stay(tmp_path: Path) -> None:
    use = "from app.core import fetch\r\n\r\nx = fetch(1)  # fetch\r\n"
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": CORE, "use.py": use}, OLD, NEW)
    assert done["use.py"] == use.replace("import fetch", "import load").replace("= fetch", "= load")


def test_an_old_name_that_is_reached_through_a_facade_is_resolved(tmp_path: Path) -> None:
    files = {"app/__init__.py": "from .core import fetch\n", "app/core.py": CORE}
    done = moved(tmp_path, files, "app.fetch", "app.core.load")
    assert done["app/__init__.py"] == "from .core import load\n"


def test_a_file_beside_a_package_of_its_name_follows_too(tmp_path: Path) -> None:
    use = "from app.core import fetch\nfetch(1)\n"
    files = {"app/__init__.py": "", "app/core.py": CORE, "app/use.py": use, "app/use/__init__.py": use}
    done = moved(tmp_path, files, OLD, NEW)
    assert done["app/use.py"] == done["app/use/__init__.py"] == use.replace("fetch", "load")
