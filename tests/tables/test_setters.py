"""Names that other code sets or patches where they are looked up: what reads them is for review."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables.kit import migrate
from tests.tables.test_receivers import HEAD, RENAMED, SHOP

USE = HEAD + "\n\ndef f(client: Client):\n    return client.get()\n"
SETS = {
    "of the class": "Client.get = None\n",
    "of an object": "c = Client()\nc.get = lambda: 7\n",
    "of `self` in a class below": "class Slow(Client):\n    def __init__(self):\n        self.get = self.load\n",
    "by `setattr`": "setattr(Client, 'get', None)\n",
    "by `del`": "del Client.get\n",
}


@pytest.mark.parametrize("text", SETS.values(), ids=SETS)
def test_calls_are_for_review_where_a_member_is_set(tmp_path: Path, text: str) -> None:
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": USE, "other.py": HEAD + text})
    assert outcome.verdicts() == ["review"], outcome.reasons()
    assert "other.py" in outcome.reasons()
    assert "manual" in outcome.verdicts("other.py"), outcome.reasons("other.py")


def test_what_is_set_of_another_class_does_not_matter(tmp_path: Path) -> None:
    other = "class Cup:\n    def __init__(self):\n        self.get = 1\n\n\nCup.get = 2\n"
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": USE, "other.py": other})
    assert outcome.verdicts() == ["safe"], outcome.reasons()
    assert outcome.verdicts("other.py") == ["left", "left"], outcome.reasons("other.py")


def test_what_is_set_of_something_unknown_is_listed(tmp_path: Path) -> None:
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": USE, "other.py": "def f(c):\n    c.get = None\n"})
    assert outcome.verdicts("other.py") == ["manual"], outcome.reasons("other.py")


LIMITS = {
    "shop/__init__.py": "",
    "shop/old.py": "LIMIT = 5\n\n\ndef fetch():\n    return 1\n",
    "shop/new.py": "MOST = 5\n\n\ndef request():\n    return 1\n",
}
TABLES = """
    [[symbol]]
    name = "LIMIT"
    home = "shop.old"
    becomes = "shop.new.MOST"

    [[symbol]]
    name = "fetch"
    home = "shop.old"
    becomes = "shop.new.request"
"""
READ = "import shop.old\n\n\ndef f():\n    return shop.old.LIMIT, shop.old.fetch()\n"


def test_what_is_read_from_a_module_is_rewritten_though_others_import_both_modules(tmp_path: Path) -> None:
    other = "import shop.old\nfrom use import f\n\nprint(shop.old, f())\n"
    outcome = migrate(tmp_path, TABLES, {**LIMITS, "use.py": READ, "other.py": other})
    assert "return MOST, request()" in outcome.text(), outcome.reasons()


@pytest.mark.parametrize(
    "other",
    [
        "import shop.old as old\n\nold.LIMIT, old.fetch = 6, None\n",
        "from unittest.mock import patch\nfrom use import f\n\n\n@patch('shop.old.LIMIT', 7)\n"
        "@patch('shop.old.fetch')\ndef test_f(fetch):\n    f()\n",
        "import shop.old as old\nfrom unittest.mock import patch\n\n"
        "with patch.object(old, 'LIMIT', 3), patch.object(old, 'fetch'):\n    pass\n",
    ],
)
def test_what_is_read_from_a_module_is_for_review_where_it_is_set_there(tmp_path: Path, other: str) -> None:
    outcome = migrate(tmp_path, TABLES, {**LIMITS, "use.py": READ, "test_other.py": other})
    assert outcome.verdicts() == ["review", "review"], outcome.reasons()


def test_what_the_home_itself_sets_is_for_review_where_it_is_read_from_the_module(tmp_path: Path) -> None:
    home = LIMITS["shop/old.py"] + "\n\ndef widen():\n    global LIMIT\n    LIMIT = 9\n"
    outcome = migrate(tmp_path, TABLES, {**LIMITS, "shop/old.py": home, "use.py": READ})
    assert outcome.verdicts() == ["review", "safe"], outcome.reasons()
