"""From one library to another: names that lie outside the tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables.kit import migrate

TABLES = """
[scope]
libraries = ["oldlib", "newlib"]

[[symbol]]
name = "fetch"
home = "oldlib.http"
becomes = "newlib.client.get"
signature = "(uri, timeout=None)"
arguments.rename = { uri = "url" }
arguments.keyword = ["timeout"]
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from oldlib.http import fetch\n\nfetch(1, 2)\n", "from newlib.client import get\n\nget(1, timeout=2)\n"),
        (
            "from oldlib.http import fetch as f\n\nf(uri=1)\n",
            "from newlib.client import get as f\n\nf(url=1)\n",
        ),
        ("import oldlib.http\n\noldlib.http.fetch(1)\n", "from newlib.client import get\n\nget(1)\n"),
        ("import oldlib.http as h\n\nh.fetch(1)\n", "from newlib.client import get\n\nget(1)\n"),
        ("from oldlib import http\n\nhttp.fetch(1)\n", "from newlib.client import get\n\nget(1)\n"),
        (
            "import os, oldlib.http as h\n\nh.fetch(os.name)\n",
            "from newlib.client import get\nimport os\n\nget(os.name)\n",
        ),
        (
            "from oldlib import http, other\n\nhttp.fetch(other)\n",
            "from newlib.client import get\nfrom oldlib import other\n\nget(other)\n",
        ),
        (
            "def f():\n    import oldlib.http as h\n    return h.fetch(1)\n",
            "def f():\n    from newlib.client import get\n    return get(1)\n",
        ),
        (
            "from oldlib.http import *\n\nfetch(1)\n",
            "from oldlib.http import *\nfrom newlib.client import get\n\nget(1)\n",
        ),
        (
            "import oldlib.http as h\n\nh.fetch(1)\nh.close()\n",
            "import oldlib.http as h\nfrom newlib.client import get\n\nget(1)\nh.close()\n",
        ),
    ],
)
def test_a_name_that_is_imported_from_the_library(tmp_path: Path, before: str, after: str) -> None:
    outcome = migrate(tmp_path, TABLES, {"use.py": before})
    assert outcome.text() == after, outcome.reasons()
    assert "safe" in [finding.verdict.value for finding in outcome.found()]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("from other import fetch\n\nfetch(1)\n", "manual"),
        ("from oldlib import fetch\n\nfetch(1)\n", "manual"),
        ("import shutil\n\nshutil.fetch(1)\n", "left"),
        ("def fetch(): ...\n\n\nfetch()\n", "left"),
        ("try:\n    from oldlib.http import fetch\nexcept ImportError:\n    fetch = None\n\nfetch(1)\n", "manual"),
        ("from oldlib.http import fetch\n\nget = 1\nfetch(get)\n", "manual"),
        ("from oldlib.http import fetch\n\nfetch(*[1])\n", "manual"),
        ("from oldlib.http import fetch\n\nprint(fetch)\n", "manual"),
    ],
)
def test_another_name_or_one_in_doubt_stays(tmp_path: Path, text: str, verdict: str) -> None:
    outcome = migrate(tmp_path, TABLES, {"use.py": text})
    assert outcome.text() == text
    assert outcome.verdicts()[-1] == verdict, outcome.reasons()


def test_a_package_of_the_tree_comes_before_a_library_of_that_name(tmp_path: Path) -> None:
    tree = {"oldlib/__init__.py": "", "oldlib/http.py": "def get(): ...\n"}
    text = "from oldlib.http import fetch\n\nfetch(1)\n"
    outcome = migrate(tmp_path, TABLES, {**tree, "use.py": text})
    assert outcome.text() == text
    assert "safe" not in outcome.verdicts()


def test_a_string_that_patches_the_library_makes_calls_ones_for_review(tmp_path: Path) -> None:
    test = "from unittest.mock import patch\n\n\n@patch('oldlib.http.fetch')\ndef test(f): ...\n"
    use = "import oldlib.http as h\n\nh.fetch(1)\n"
    outcome = migrate(tmp_path, TABLES, {"use.py": use, "test_use.py": test})
    assert outcome.verdicts() == ["review"]
    assert outcome.text() == use
    assert outcome.verdicts("test_use.py") == ["manual"]


def test_a_string_that_patches_the_consumer_follows(tmp_path: Path) -> None:
    use = "from oldlib.http import fetch\n\n\ndef main():\n    return fetch(1)\n"
    test = "from unittest.mock import patch\nimport use\n\n\n@patch('use.fetch')\ndef test(f):\n    use.main()\n"
    outcome = migrate(tmp_path, TABLES, {"use.py": use, "test_use.py": test})
    assert "return get(1)" in outcome.text() or outcome.verdicts() == ["review"], outcome.reasons()
    assert ("use.get" in outcome.text("test_use.py")) == ("return get(1)" in outcome.text())


MODULE = '[scope]\nlibraries = ["mock", "unittest"]\n\n[[module]]\npath = "mock"\nbecomes = "unittest.mock"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from mock import Mock\n\nMock()\n", "from unittest.mock import Mock\n\nMock()\n"),
        (
            "from mock import (\n    Mock,  # a\n)\n\nMock()\n",
            "from unittest.mock import (\n    Mock,  # a\n)\n\nMock()\n",
        ),
        ("import mock\n\nmock.Mock()\n", "import mock\n\nmock.Mock()\n"),
        ("import os, mock\n\nmock.Mock(os)\n", "import os, mock\n\nmock.Mock(os)\n"),
        ("from mock.deep import Mock\n\nMock()\n", "from mock.deep import Mock\n\nMock()\n"),
        ("from . import mock\n\nmock.Mock()\n", "from . import mock\n\nmock.Mock()\n"),
    ],
)
def test_a_module_of_a_library(tmp_path: Path, before: str, after: str) -> None:
    outcome = migrate(tmp_path, MODULE, {"use.py": before})
    assert outcome.text() == after, outcome.reasons()


def test_a_module_of_the_tree_that_moved(tmp_path: Path) -> None:
    tables = '[[module]]\npath = "shop.old"\nbecomes = "shop.new"\n'
    tree = {
        "shop/__init__.py": "",
        "shop/old.py": "from shop.new import same\n\nmine = 1\nboth = 1\n",
        "shop/new.py": "same = 1\nboth = 2\n",
        "use.py": "from shop.old import both, mine, same\n\nprint(both, mine, same)\n",
    }
    outcome = migrate(tmp_path, tables, tree)
    assert outcome.text() == ("from shop.new import same\nfrom shop.old import both, mine\n\nprint(both, mine, same)\n")
    assert [f.verdict.value for f in outcome.found()] == ["review", "manual", "safe"], outcome.reasons()
