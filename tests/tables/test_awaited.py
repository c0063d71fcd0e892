"""What is awaited: functions of which it cannot be told, and the methods of what a factory makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables.kit import Outcome, migrate

TABLE = '[[symbol]]\nname = "load"\nhome = "shop.web"\nbecomes = "shop.aweb.fetch"\nawait = true\n'
NEW = "async def fetch(url): ...\ndef get(url): ...\nclass Page:\n    def __init__(self, url): ...\n"
RUN = "async def _load(url): ...\n"


def load(tmp: Path, old: str, body: str, tables: str = TABLE) -> Outcome:
    files = {"shop/__init__.py": "", "shop/web.py": old, "shop/aweb.py": NEW}
    return migrate(tmp, tables, {**files, "use.py": f"from shop.web import load\n\n\nasync def f(a):\n    {body}\n"})


@pytest.mark.parametrize(
    "old",
    [
        "@retry\nasync def load(url): ...\n",
        "@threaded\ndef load(url): ...\n",
        f"{RUN}load = partial(_load)\n",
    ],
)
def test_a_call_of_which_nobody_can_tell_whether_it_was_awaited_is_for_review(tmp_path: Path, old: str) -> None:
    outcome = load(tmp_path, old, "return gather(*[load(x) for x in a])")
    assert outcome.verdicts() == ["review"], outcome.reasons()
    assert "whether load gives something to await cannot be told" in outcome.reasons()
    awaited = load(tmp_path / "awaited", old, "return await load(a)")
    assert "return await fetch(a)" in awaited.text(), awaited.reasons()


@pytest.mark.parametrize(
    "old",
    [
        f"{RUN}def load(url):\n    return create_task(_load(url))\n",
        f"{RUN}def load(url):\n    return asyncio.ensure_future(_load(url))\n",
        f"{RUN}def load(url) -> Awaitable[int]:\n    result = _load(url)\n    return result\n",
        f"{RUN}def load(url) -> 'asyncio.Task[int]':\n    result = _load(url)\n    return result\n",
    ],
)
def test_a_plain_function_that_gives_something_to_await_gets_no_second_await(tmp_path: Path, old: str) -> None:
    outcome = load(tmp_path, old, "return gather(*[load(x) for x in a])")
    assert "return gather(*[fetch(x) for x in a])" in outcome.text(), outcome.reasons()
    assert outcome.verdicts() == ["safe"]


FACTORY = """
class Factory:
    def make(self, url, size=1): ...
    async def amake(self, url): ...
    @wrapped
    def wmake(self, url): ...
    def hmake(self, url):
        return self.amake(url)
    def tmake(self, url):
        return asyncio.create_task(self.amake(url))
    def pmake(self, url) -> "Awaitable[int]": ...
"""


def make(tmp: Path, method: str, becomes: str, body: str, more: str = "") -> Outcome:
    tables = f'[[symbol]]\nname = "Factory"\nhome = "shop.web"\nbecomes = "shop.aweb.{becomes}"\nmethod = "{method}"\n'
    files = {"shop/__init__.py": "", "shop/web.py": FACTORY, "shop/aweb.py": NEW}
    use = f"from shop.web import Factory\n\n\nasync def f(a):\n    {body}\n"
    return migrate(tmp, tables + more, {**files, "use.py": use})


@pytest.mark.parametrize(
    ("method", "becomes", "body", "after"),
    [
        ("make", "fetch", "b = Factory().make(1)", "b = await fetch(1)"),
        ("make", "fetch", "b = Factory().make(1)[0]", "b = (await fetch(1))[0]"),
        ("make", "fetch", "b = [Factory().make(x) for x in a]", "b = [await fetch(x) for x in a]"),
        ("make", "fetch", "b = Factory().make(Factory().make(1))", "b = await fetch(await fetch(1))"),
        ("amake", "fetch", "b = await Factory().amake(1)", "b = await fetch(1)"),
        ("amake", "fetch", "b = create_task(Factory().amake(1))", "b = create_task(fetch(1))"),
        ("wmake", "fetch", "b = await Factory().wmake(1)", "b = await fetch(1)"),
        ("hmake", "fetch", "b = create_task(Factory().hmake(1))", "b = create_task(fetch(1))"),
        ("tmake", "fetch", "b = gather(*[Factory().tmake(x) for x in a])", "b = gather(*[fetch(x) for x in a])"),
        ("pmake", "fetch", "b = [Factory().pmake(x) for x in a]", "b = [fetch(x) for x in a]"),
    ],
)
def test_what_takes_the_place_of_a_method_is_awaited_where_the_method_was_not(
    tmp_path: Path, method: str, becomes: str, body: str, after: str
) -> None:
    outcome = make(tmp_path, method, becomes, body, "await = true\n")
    assert f"    {after}\n" in outcome.text(), outcome.reasons()
    assert set(outcome.verdicts()) == {"safe"}


@pytest.mark.parametrize(
    ("method", "becomes", "body", "more", "verdict"),
    [
        ("make", "fetch", "return list(Factory().make(x) for x in a)", "await = true\n", "manual"),
        ("make", "fetch", "return lambda: Factory().make(1)", "await = true\n", "manual"),
        ("make", "fetch", "return run(Factory().make(1))", "await = true\n", "manual"),
        ("make", "fetch", "return Factory().make(1)", "", "manual"),
        ("amake", "Page", "return await Factory().amake(1)", "", "manual"),
        ("make", "get", "return Factory().make(1)", "await = true\n", "manual"),
        ("amake", "get", "return await Factory().amake(1)", "await = true\n", "manual"),
        ("amake", "get", "return Factory().amake(1)", "", "manual"),
        ("wmake", "fetch", "return Factory().wmake(1)", "await = true\n", "review"),
        ("wmake", "Page", "return Factory().wmake(1)", "", "review"),
        ("make", "Page", "return Factory().make(1)", "", "safe"),
        ("make", "Page", "return Factory().make(1, 2)", "", "manual"),
    ],
)
def test_a_method_that_is_awaited_in_another_way_is_not_replaced_in_silence(
    tmp_path: Path, method: str, becomes: str, body: str, more: str, verdict: str
) -> None:
    assert make(tmp_path, method, becomes, body, more).verdicts() == [verdict]


@pytest.mark.parametrize(
    ("rule", "body", "verdict"),
    [
        ('gives = ["size"]', "return Factory().make(1, 2)", "left"),
        ('gives = ["size"]', "return Factory().make(1)", "safe"),
        ("count = [1]", "return Factory().make(1)", "left"),
        ("count = [0]", "return Factory().make(1)", "safe"),
        ("awaited = true", "return await Factory().make(1)", "left"),
        ('gives = ["size"]', "return Factory()", "manual"),
        ('use = ["call"]', "return Factory()", "left"),
    ],
)
def test_rules_about_arguments_are_about_those_of_the_method(
    tmp_path: Path, rule: str, body: str, verdict: str
) -> None:
    rules = f'arguments.remove = ["size"]\n\n[[symbol.when]]\n{rule}\nverdict = "left"\n'
    assert make(tmp_path, "make", "Page", body, rules).verdicts() == [verdict]
