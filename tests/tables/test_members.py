"""Members of classes: rewritten where the class is known, listed where it is not, never changed in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables.kit import migrate

SHOP = {
    "shop/__init__.py": "from shop.web import Client as Reader\n",
    "shop/web.py": """
        class Client:
            def get(self, url, limit=1):
                return url

            def load(self, url, limit=1):
                return url


        def connect() -> "Client | None":
            return Client()


        def anything():
            return Client()


        shared = Client()
    """,
}
RENAMED = '[[symbol]]\nname = "Client.get"\nhome = "shop.web"\nbecomes = "shop.web.Client.load"\n'


@pytest.mark.parametrize(
    "text",
    [
        "from shop.web import Client\n\nClient().get('a')\n",
        "from shop import Reader\n\nreader = Reader()\nreader.get('a')\n",
        "import shop.web as web\n\nclient = web.Client()\nclient.get('a')\n",
        "from shop.web import connect\n\nclient = connect()\nclient.get('a')\n",
        "from shop.web import Client\n\nwith Client() as client:\n    client.get('a')\n",
        "from shop.web import Client\n\n\ndef f(client: Client):\n    return client.get('a')\n",
        "from shop.web import Client\n\n\ndef f(client: 'Client'):\n    return [client.get(x) for x in 'ab']\n",
        "from typing import Optional\nfrom shop.web import Client\n\n\ndef f(c: Optional[Client]):\n    c.get('a')\n",
        "from shop.web import Client\n\nclient = None\nclient = Client()\nclient.get('a')\n",
        "from shop.web import Client\n\nif (client := Client()):\n    client.get('a')\n",
        "from shop.web import Client\n\n\nclass A(Client):\n    def b(self):\n        return self.get('a')\n",
        "import shop.web\n\n\nclass A(shop.web.Client):\n    pass\n\n\n"
        "class B(A):\n    def c(s):\n        return s.get(1)\n",
        "from shop.web import Client\n\n\nclass A:\n    def __init__(self):\n        self.c = Client()\n\n"
        "    def b(self):\n        return self.c.get('a')\n",
        "from shop.web import Client\n\n\nclass A:\n    c: Client\n\n"
        "    def b(self):\n        return self.c.get('a')\n",
        "from shop.web import Client\n\nget = Client.get\n",
    ],
)
def test_an_object_whose_class_is_known(tmp_path: Path, text: str) -> None:
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": text})
    assert outcome.text() == text.replace(".get", ".load"), outcome.reasons()


@pytest.mark.parametrize(
    "text",
    [
        "def f(client):\n    return client.get('a')\n",
        "from shop.web import anything\n\nclient = anything()\nclient.get('a')\n",
        "from shop.web import Client\n\nclient = Client()\nclient = other()\nclient.get('a')\n",
        "from shop.web import Client\n\n\ndef f(client: Client | int):\n    return client.get('a')\n",
        "from shop.web import Client\n\nfor client in [Client()]:\n    client.get('a')\n",
        "from shop.web import Client\n\nclient, x = Client(), 1\nclient.get('a')\n",
        "from shop.web import Client\n\n\ndef f():\n    global c\n    c = Client()\n    c.get('a')\n",
        "from elsewhere import Base\n\n\nclass A(Base):\n    def b(self):\n        return self.get('a')\n",
        "from shop.web import Client\n\n\nclass A:\n    def __init__(self, c):\n        self.c = c\n"
        "        self.c = Client()\n\n    def b(self):\n        return self.c.get('a')\n",
        "from shop.web import Client\n\n\nclass A(Client):\n    def get(self):\n        return self.get('a')\n",
        "from shop.web import Client\n\n\nclass Mixin:\n    def get(self): ...\n\n\nclass A(Mixin, Client):\n"
        "    def b(self):\n        return self.get('a')\n",
        "from elsewhere import Mixin\nfrom shop.web import Client\n\n\nclass A(Mixin, Client):\n"
        "    def b(self):\n        return self.get('a')\n",
        "{}['client'].get('a')\n",
        "from shop.web import shared\n\nshared.get('a')\n",
    ],
)
def test_an_object_of_which_it_cannot_be_told_is_left_to_a_person(tmp_path: Path, text: str) -> None:
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": text})
    assert outcome.text() == text, outcome.reasons()
    assert "manual" in outcome.verdicts(), outcome.reasons()
    assert "safe" not in outcome.verdicts()


@pytest.mark.parametrize(
    "text",
    [
        "class Cup:\n    def get(self):\n        return 1\n\n    def fill(self):\n        return self.get()\n",
        "class Cup:\n    pass\n\n\ndef f(cup: Cup):\n    return cup.get('a')\n",
        "import os\n\nos.environ.get\nos.get\n".replace("os.environ.get\n", ""),
    ],
)
def test_another_thing_stays(tmp_path: Path, text: str) -> None:
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": text})
    assert outcome.text() == text
    assert set(outcome.verdicts()) == {"left"}, outcome.reasons()


def test_calls_are_for_review_where_a_class_below_binds_the_member_anew(tmp_path: Path) -> None:
    below = "from shop.web import Client\n\n\nclass Slow(Client):\n    def get(self, url, limit=1):\n        return 0\n"
    use = "from shop.web import Client\n\n\ndef f(client: Client):\n    return client.get('a')\n"
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": use, "below.py": below})
    assert outcome.verdicts() == ["review"]
    assert "below.Slow" in outcome.reasons()
    assert outcome.verdicts("below.py") == ["manual"]


def test_a_string_that_patches_the_member_makes_its_calls_one_for_review(tmp_path: Path) -> None:
    use = "from shop.web import Client\n\n\ndef f(client: Client):\n    return client.get('a')\n"
    test = "from unittest.mock import patch\nfrom shop.web import Client\n\n\n"
    test += "@patch.object(Client, 'get')\ndef test(g): ...\n"
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": use, "test_use.py": test})
    assert outcome.verdicts() == ["review"]
    assert "test_use.py" in outcome.reasons()
    assert "manual" in outcome.verdicts("test_use.py")


def test_arguments_of_a_method_by_the_signature_of_its_definition(tmp_path: Path) -> None:
    tables = RENAMED + 'arguments.rename = { limit = "most" }\narguments.keyword = ["most"]\n'
    use = "from shop.web import Client\n\nClient().get('a', 2)\nClient().get('a', limit=3)\n"
    outcome = migrate(tmp_path, tables, {**SHOP, "use.py": use})
    assert outcome.text().endswith("Client().load('a', most=2)\nClient().load('a', most=3)\n"), outcome.reasons()


def test_members_of_two_classes_of_one_name_are_told_apart(tmp_path: Path) -> None:
    shop = {**SHOP, "shop/cup.py": "class Cup:\n    def get(self): ...\n    def take(self): ...\n"}
    tables = RENAMED + '[[symbol]]\nid = "cup"\nname = "Cup.get"\nhome = "shop.cup"\nbecomes = "shop.cup.Cup.take"\n'
    use = "from shop.cup import Cup\nfrom shop.web import Client\n\nCup().get()\nClient().get('a')\n"
    outcome = migrate(tmp_path, tables, {**shop, "use.py": use})
    assert outcome.text().endswith("Cup().take()\nClient().load('a')\n"), outcome.reasons()


COLORS = {
    "shop/__init__.py": "from shop.colors import Color as Paint\n",
    "shop/colors.py": "import enum\n\n\nclass Color(enum.Enum):\n    RED = 1\n    BLUE = 2\n",
    "shop/palette.py": "import enum\n\n\nclass Colour(enum.Enum):\n    CRIMSON = 1\n",
}
RED = '[[symbol]]\nname = "Color.RED"\nhome = "shop.colors"\nbecomes = "shop.palette.Colour.CRIMSON"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from shop import Paint\n\nred = Paint.RED.value\n",
            "from shop.palette import Colour\n\nred = Colour.CRIMSON.value\n",
        ),
        (
            "import shop.colors as colors\n\nred = colors.Color.RED\n",
            "from shop.palette import Colour\n\nred = Colour.CRIMSON\n",
        ),
        (
            "import os\nfrom shop.colors import Color\n\n\ndef f(x=Color . RED):\n    return os, x\n",
            "import os\nfrom shop.palette import Colour\n\n\ndef f(x=Colour.CRIMSON):\n    return os, x\n",
        ),
    ],
)
def test_a_member_of_an_enumeration(tmp_path: Path, before: str, after: str) -> None:
    outcome = migrate(tmp_path, RED, {**COLORS, "use.py": before})
    assert outcome.text() == after, outcome.reasons()


@pytest.mark.parametrize(
    "text",
    [
        "from shop.colors import Color\n\nColor.RED = 3\n",
        "from shop.colors import Color\n\nred = getattr(Color, 'RED')\n",
        "try:\n    from shop.colors import Color\nexcept ImportError:\n    Color = None\n\nred = Color.RED\n",
    ],
)
def test_a_member_that_is_set_looked_up_or_of_a_class_in_doubt(tmp_path: Path, text: str) -> None:
    outcome = migrate(tmp_path, RED, {**COLORS, "use.py": text})
    assert outcome.text() == text
    assert "manual" in outcome.verdicts(), outcome.reasons()


def test_a_class_that_another_file_takes_from_here_stays_imported(tmp_path: Path) -> None:
    use = "from shop.colors import Color\n\nred, blue = Color.RED, Color\n"
    other = "from use import Color\n\nprint(Color)\n"
    outcome = migrate(tmp_path, RED, {**COLORS, "use.py": use, "other.py": other})
    assert "from shop.colors import Color\n" in outcome.text()
    assert "Colour.CRIMSON, Color\n" in outcome.text()


def test_an_awaited_member_needs_no_further_await(tmp_path: Path) -> None:
    shop = "class Client:\n    async def get(self): ...\n    async def aget(self): ...\n    def load(self): ...\n"
    use = (
        "import asyncio\nfrom shop.web import Client\n\n\n"
        "async def f(c: Client):\n    await asyncio.gather(c.get(), c.get())\n"
    )
    tables = '[[symbol]]\nname = "Client.get"\nhome = "shop.web"\nbecomes = "shop.web.Client.aget"\nawait = true\n'
    outcome = migrate(tmp_path, tables, {"shop/web.py": shop, "use.py": use})
    assert outcome.text() == use.replace(".get", ".aget"), outcome.reasons()
    plain = migrate(
        tmp_path / "plain",
        tables.replace("aget", "load").replace("await = true\n", ""),
        {"shop/web.py": shop, "use.py": use},
    )
    assert plain.verdicts() == ["manual", "manual"]


def test_a_method_called_through_its_class_gets_its_object_first(tmp_path: Path) -> None:
    tables = RENAMED + 'arguments.keyword = ["limit"]\n'
    use = "from shop.web import Client\n\nClient.get(Client(), 'a', 2)\n"
    outcome = migrate(tmp_path, tables, {**SHOP, "use.py": use})
    assert "Client.load(Client(), 'a', limit=2)" in outcome.text(), outcome.reasons()


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("    pass\n", "manual"),
        ("    def __init__(self):\n        self.load = lambda *a: 1\n", "safe"),
        ("    def __getattr__(self, name):\n        return print\n", "safe"),
        ("    if True:\n        load = print\n", "safe"),
    ],
)
def test_a_new_member_that_the_class_does_not_have(tmp_path: Path, body: str, verdict: str) -> None:
    web = f"class Base:\n{body}\n\nclass Client(Base):\n    def get(self, url): ...\n"
    use = "from shop.web import Client\n\nClient().get('a')\n"
    outcome = migrate(tmp_path, RENAMED, {"shop/web.py": web, "use.py": use})
    assert outcome.verdicts() == [verdict], outcome.reasons()
    assert verdict == "safe" or "shop.web.Client.load" in outcome.reasons()


def test_a_new_member_of_another_class_for_a_function(tmp_path: Path) -> None:
    tables = '[[symbol]]\nname = "connect"\nhome = "shop.web"\nbecomes = "shop.web:Client.open"\n'
    use = "from shop.web import connect\n\nconnect()\n"
    assert migrate(tmp_path, tables, {**SHOP, "use.py": use}).verdicts() == ["manual"]
