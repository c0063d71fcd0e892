"""Symbols of the tree: through modules, with await, by rules and in phases."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.pack import load_pack
from recanon.session import make_plan
from recanon.settings import Settings
from tests.tables.kit import migrate, write_pack

SHOP = {
    "shop/__init__.py": "",
    "shop/web.py": "def load(url):\n    return url\n",
    "shop/aweb.py": "async def load(url):\n    return url\n\n\nasync def fetch(url):\n    return url\n",
}
MOVED = '[[symbol]]\nname = "load"\nhome = "shop.web"\nbecomes = "shop.aweb.fetch"\nawait = true\n'


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("return load(1)", "return await fetch(1)"),
        ("return [load(x) for x in a]", "return [await fetch(x) for x in a]"),
        ("return load(1)[0].b", "return (await fetch(1))[0].b"),
        ("return 2 ** load(1)", "return 2 ** await fetch(1)"),
        ("return load(1) ** 2", "return (await fetch(1)) ** 2"),
        ("return load(\n        1,  # one\n    )", "return await fetch(\n        1,  # one\n    )"),
        ("with load(1) as b: pass", "with await fetch(1) as b: pass"),
    ],
)
def test_a_call_is_awaited_in_an_async_function(tmp_path: Path, call: str, after: str) -> None:
    text = "from shop.web import load\n\n\nasync def f(a):\n    {}\n"
    outcome = migrate(tmp_path, MOVED, {**SHOP, "use.py": text.format(call)})
    assert outcome.text() == text.replace("shop.web import load", "shop.aweb import fetch").format(after)


@pytest.mark.parametrize(
    "body",
    [
        "def f():\n    return load(1)\n",
        "load(1)\n",
        "async def f():\n    return lambda: load(1)\n",
        "async def f(a):\n    return all(load(x) for x in a)\n",
        "async def f(a):\n    b = load(1)\n    return await b\n",
        "async def f(a):\n    def g(b=load(1)): ...\n    return map(load, a)\n".replace("b=load(1)", ""),
        "async def f():\n    return f'{load(1)}'\n",
    ],
)
def test_where_nothing_can_be_awaited_it_is_left_to_a_person(tmp_path: Path, body: str) -> None:
    text = f"from shop.web import load\n\n\n{body}"
    outcome = migrate(tmp_path, MOVED, {**SHOP, "use.py": text})
    assert outcome.text() == text, outcome.reasons()
    assert "manual" in outcome.verdicts()


def test_a_table_that_forgets_the_await_rewrites_nothing(tmp_path: Path) -> None:
    text = "from shop.web import load\n\n\nasync def f():\n    return load(1)\n"
    outcome = migrate(tmp_path, MOVED.replace("await = true\n", ""), {**SHOP, "use.py": text})
    assert outcome.verdicts() == ["manual"]
    assert outcome.text() == text


PLAIN = {**SHOP, "shop/aweb.py": "def load(url):\n    return url\n\n\ndef fetch(url):\n    return url\n"}
RENAMED = MOVED.replace("await = true\n", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import shop.web as web\n\nweb.load(1)\n", "from shop.aweb import fetch\n\nfetch(1)\n"),
        (
            "from shop import web\n\nweb.load(web.other)\n",
            "from shop import web\nfrom shop.aweb import fetch\n\nfetch(web.other)\n",
        ),
        ("from shop.web import load as l\n\nl(1)\n", "from shop.aweb import fetch as l\n\nl(1)\n"),
        ("from shop.web import load\n\nfetch = 1\nload(fetch)\n", ""),
        ("from shop.web import load\n\nload: int = 1\nprint(load)\n", ""),
    ],
)
def test_a_function_by_the_ways_in_which_it_is_reached(tmp_path: Path, before: str, after: str) -> None:
    outcome = migrate(tmp_path, RENAMED, {**PLAIN, "use.py": before})
    moved = outcome.text().replace(
        "from shop.aweb import fetch\nfrom shop import web", "from shop import web\nfrom shop.aweb import fetch"
    )
    assert moved == (after or before), outcome.reasons()


def test_the_same_word_in_another_module(tmp_path: Path) -> None:
    tables = RENAMED.replace("aweb.fetch", "aweb.load")
    use = "from shop.web import load\n\n\ndef f():\n    return load(1), [load]\n"
    outcome = migrate(tmp_path, tables, {**PLAIN, "use.py": use})
    assert outcome.text() == use.replace("shop.web", "shop.aweb")


@pytest.mark.parametrize("way", ["from shop.web import load", "from shop.web import *"])
@pytest.mark.parametrize(
    "inner",
    [
        "def f():\n    fetch = {}\n    return fetch\n",
        "def f(fetch):\n    return {}\n",
        "class C:\n    fetch = {}\n",
        "x = [{} for fetch in 'ab']\n",
        "def f():\n    for fetch in 'ab':\n        yield lambda: {}\n",
    ],
)
def test_only_where_another_thing_has_the_new_name_the_old_one_stays(tmp_path: Path, way: str, inner: str) -> None:
    use = f"{way}\n\ny = load(1)\n{inner}"
    outcome = migrate(tmp_path, RENAMED, {**PLAIN, "use.py": use.format("load(2)")})
    assert outcome.verdicts() == ["safe", "manual"], outcome.reasons()
    assert f"y = fetch(1)\n{inner.format('load(2)')}" in outcome.text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from shop.load import load\n\nload(1)\n", "from shop.aweb import fetch\n\nfetch(1)\n"),
        ("import shop.load\n\nshop.load.load(1)\n", "from shop.aweb import fetch\n\nfetch(1)\n"),
        ("import shop.load as l\n\nl.load(1)\n", "from shop.aweb import fetch\n\nfetch(1)\n"),
        ("from shop import load\n\nload.load(1)\n", "from shop.aweb import fetch\n\nfetch(1)\n"),
        (
            "from shop import load\n\nload.load(load.__name__)\n",
            "from shop.aweb import fetch\nfrom shop import load\n\nfetch(load.__name__)\n",
        ),
    ],
)
def test_a_function_that_is_called_as_its_module(tmp_path: Path, before: str, after: str) -> None:
    tables = RENAMED.replace("shop.web", "shop.load")
    outcome = migrate(tmp_path, tables, {**PLAIN, "shop/load.py": SHOP["shop/web.py"], "use.py": before})
    assert outcome.text() == after, outcome.reasons()


def test_a_flag_with_advice_rewrites_nothing(tmp_path: Path) -> None:
    tables = '[[symbol]]\nname = "load"\nhome = "shop.web"\nverdict = "manual"\nreason = "goes"\nadvice = "Ask Ann."\n'
    use = "from shop.web import load\n\nload(1)\n"
    outcome = migrate(tmp_path, tables, {**PLAIN, "use.py": use})
    assert outcome.text() == use
    assert [(f.verdict.value, f.reason, f.hint) for f in outcome.found()] == [("manual", "goes", "Ask Ann.")] * 2


def test_a_phase_runs_over_its_files_alone(tmp_path: Path) -> None:
    phases = '[[phase]]\nid = "shop"\ninclude = ["/shop/**"]\n\n[[phase]]\nid = "rest"\ninclude = ["**"]\n'
    use = "from shop.web import load\n\nload(1)\n"
    files = {**PLAIN, "shop/use.py": use, "use.py": use}
    assert migrate(tmp_path, RENAMED + phases, files).text() != use
    pack = load_pack(write_pack(tmp_path / "mine", RENAMED + phases))
    plan = make_plan(tmp_path / "tree", pack, Settings(phases=("shop",), jobs=1))
    assert [change.path for change in plan.changes] == ["shop/use.py"]


@pytest.mark.parametrize(
    ("rule", "path", "verdict"),
    [
        ('file = "production"\n', "shop/use.py", "manual"),
        ('file = "production"\n', "use.py", "safe"),
        ('file = "test"\n', "use.py", "manual"),
        ('path = ["/jobs/"]\n', "jobs/use.py", "manual"),
        ('path = ["/jobs/"]\n', "use.py", "safe"),
    ],
)
def test_rules_about_files(tmp_path: Path, rule: str, path: str, verdict: str) -> None:
    tables = '[scope]\nproduction = ["/shop/**"]\n\n' + RENAMED + '[[symbol.when]]\nverdict = "manual"\n' + rule
    outcome = migrate(tmp_path, tables, {**PLAIN, path: "from shop.web import load\n\nload(1)\n"})
    assert outcome.verdicts(path) == [verdict]


def test_rules_about_what_stands_around(tmp_path: Path) -> None:
    rules = '[[symbol.when]]\ncatches = ["ValueError"]\nverdict = "manual"\n\n'
    rules += '[[symbol.when]]\nexpects_failure = true\nverdict = "left"\n'
    use = """
    import pytest
    from shop.web import load

    try:
        load(1)
    except ValueError:
        load(2)
    with pytest.raises(KeyError):
        load(3)
    """
    outcome = migrate(tmp_path, RENAMED + rules, {**PLAIN, "use.py": use})
    assert outcome.verdicts() == ["manual", "safe", "left"], outcome.reasons()


CLASSES = {
    "shop/__init__.py": "",
    "shop/web.py": "class Old:\n    def __init__(self, a=1): ...\n\n    @classmethod\n    def make(cls): ...\n\n"
    "    def gone(self): ...\n",
    "shop/net.py": "class New:\n    def __init__(self, *, b=1): ...\n\n    @classmethod\n    def make(cls): ...\n",
}
CLASS = '[[symbol]]\nname = "Old"\nhome = "shop.web"\nbecomes = "shop.net.New"\n'
OTHER_WORDS = '[symbol.arguments]\nrename = { a = "b" }\nkeyword = "all"\n'


@pytest.mark.parametrize(
    ("tables", "use", "verdict"),
    [
        (CLASS, "Old.make()", "safe"),
        (CLASS, "Old.__mro__", "safe"),
        (CLASS, "Old.__name__", "review"),
        (CLASS, "Old.gone", "review"),
        (CLASS + OTHER_WORDS, "Old.make()", "safe"),
        (CLASS + OTHER_WORDS, "Old.__init__(x, 3)", "manual"),
        (CLASS + OTHER_WORDS, "Old.__new__(Old, 3)", "manual"),
        (CLASS + OTHER_WORDS, "Old.__call__(3)", "manual"),
    ],
)
def test_what_is_taken_from_a_class_must_be_in_the_one_that_takes_its_place(
    tmp_path: Path, tables: str, use: str, verdict: str
) -> None:
    outcome = migrate(tmp_path, tables, {**CLASSES, "use.py": f"from shop.web import Old\n\nx = 1\n{use}\n"})
    assert outcome.verdicts()[0] == verdict, outcome.reasons()


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n    @load.setter\n    def load(self, value):\n        pass\n",
        "@load\ndef load(url):\n    return url\n",
    ],
    ids=["setter", "itself"],
)
def test_a_definition_below_a_decorator_of_its_name_is_told_too(tmp_path: Path, text: str) -> None:
    outcome = migrate(tmp_path, MOVED, {**SHOP, "use.py": text})
    assert outcome.verdicts() == ["left", "left"], outcome.reasons()
