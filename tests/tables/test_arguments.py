"""What becomes of the arguments of a call, the nasty cases first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables.kit import Outcome, migrate

SHOP = {
    "shop/__init__.py": "",
    "shop/old.py": "def ask(uri, retries=3, body=b'', *, timeout=None):\n    return uri\n",
    "shop/new.py": "def ask_for(url, body=b'', *, timeout=None, strict=False):\n    return url\n",
    "shop/order.py": "def ask_for(body, url):\n    return url\n",
}
SYMBOL = '[[symbol]]\nname = "ask"\nhome = "shop.old"\nbecomes = "shop.new.ask_for"\n'
NAMED = SYMBOL + 'arguments.rename = { uri = "url" }\narguments.remove = ["retries"]\n'


def ask(tmp: Path, tables: str, call: str, *, review: bool = False, before: str = "") -> Outcome:
    text = f"from shop.old import ask\n{before}\nanswer = {call}\n"
    return migrate(tmp, tables, {**SHOP, "use.py": text}, review=review)


def answer(outcome: Outcome) -> str:
    return outcome.text().partition("answer = ")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("ask(*[1])", "unpacks"),
        ("ask('u', **{})", "unpacks"),
        ("ask('u', 1, 2, 3)", "not known"),
    ],
)
def test_what_cannot_be_told_is_left_to_a_person(tmp_path: Path, call: str, why: str) -> None:
    outcome = ask(tmp_path, NAMED, call)
    assert outcome.verdicts() == ["manual"]
    assert why in outcome.reasons()
    assert answer(outcome) == call


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("ask('u')", "ask_for('u')"),
        ("ask(uri='u', retries=3)", "ask_for(url='u')"),
        ("ask('u', 3, b'')", "ask_for('u', b'')"),
        ("ask('u', timeout=f(x))", "ask_for('u', timeout=f(x))"),
        ("ask(uri=(u := 'u'), retries=1,)", "ask_for(url=(u := 'u'),)"),
        ("ask('a' 'b', 3)", "ask_for('a' 'b')"),
        ("ask(\n    'u',\n    3,  # three times\n    b'',  # nothing\n)", "ask_for(\n    'u',\n    b'',  # nothing\n)"),
        ("ask(\n    'u',\n    # often\n    retries=3\n)", "ask_for(\n    'u'\n    # often\n)"),
    ],
)
def test_arguments_are_renamed_and_dropped(tmp_path: Path, call: str, after: str) -> None:
    outcome = ask(tmp_path, NAMED, call, before="x = 1\ndef f(x): return x\n")
    assert answer(outcome) == after, outcome.reasons()


def test_a_dropped_value_that_does_something_is_for_review(tmp_path: Path) -> None:
    outcome = ask(tmp_path, NAMED, "ask('u', int('3'))")
    assert outcome.verdicts() == ["review"]
    assert "the value of retries is no longer computed" in outcome.reasons()
    assert answer(outcome) == "ask('u', int('3'))"


def test_an_argument_is_never_given_twice(tmp_path: Path) -> None:
    tables = SYMBOL + "arguments.add = { timeout = 1 }\n"
    assert ask(tmp_path, tables, "ask('u', timeout=2)").verdicts() == ["manual"]


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("ask('u', 3)", "ask_for(3, 'u')"),
        ("ask(str('u'), int('3'))", "ask_for(url=str('u'), body=int('3'))"),
        ("ask('u', retries=int('3'))", "ask_for(url='u', body=int('3'))"),
    ],
)
def test_another_order_never_changes_what_is_computed_first(tmp_path: Path, call: str, after: str) -> None:
    tables = '[[symbol]]\nname = "ask"\nhome = "shop.old"\nbecomes = "shop.order.ask_for"\n'
    tables += 'arguments.rename = { uri = "url", retries = "body" }\narguments.order = ["body", "url"]\n'
    outcome = ask(tmp_path, tables, call)
    assert answer(outcome) == after, outcome.reasons()
    assert outcome.verdicts() == ["safe"]


@pytest.mark.parametrize(
    ("tables", "call", "after"),
    [
        ('arguments.keyword = "all"\narguments.rename = { uri = "url" }\n', "ask('u')", "ask_for(url='u')"),
        ('arguments.positional = ["url"]\narguments.rename = { uri = "url" }\n', "ask(uri='u')", "ask_for('u')"),
        ("arguments.default = { timeout = 30 }\n", "ask('u')", "ask_for('u', timeout=30)"),
        ("arguments.default = { timeout = 30 }\n", "ask('u', timeout=1)", "ask_for('u', timeout=1)"),
        ("arguments.add = { strict = true }\n", "ask('u')", "ask_for('u', strict=True)"),
        ("arguments.add = { strict = 'not 0' }\n", "ask('u',)", "ask_for('u', strict=not 0,)"),
        ("arguments.add = { strict = 'True' }\n", "ask(c for c in 'u')", "ask_for((c for c in 'u'), strict=True)"),
    ],
)
def test_arguments_are_given_in_another_way(tmp_path: Path, tables: str, call: str, after: str) -> None:
    outcome = ask(tmp_path, SYMBOL + tables, call)
    assert answer(outcome) == after, outcome.reasons()


@pytest.mark.parametrize("use", ["ask", "[ask]", "map(ask, 'ab')", "ask.__doc__"])
def test_a_function_as_a_value_is_left_where_its_arguments_change(tmp_path: Path, use: str) -> None:
    assert answer(ask(tmp_path, SYMBOL, use)) == use.replace("ask", "ask_for")
    if use != "ask.__doc__":
        assert answer(ask(tmp_path / "changed", NAMED, use)) == use


RULES = """
signature = "(uri, retries=3, body=b'', *, timeout=None)"

[[symbol.when]]
gives = ["timeout"]
function = ["none"]
verdict = "manual"
reason = "no loop"

[[symbol.when]]
positionals = [3]
verdict = "left"
reason = "kept"

[[symbol.when]]
keywords = ["body"]
verdict = "review"
reason = "bytes"
"""


@pytest.mark.parametrize(
    ("call", "verdict"),
    [
        ("ask('u', timeout=1)", "manual"),
        ("ask('u', 3, b'')", "left"),
        ("ask('u', body=b'')", "review"),
        ("ask('u', 3)", "safe"),
        ("ask(**{})", "manual"),
    ],
)
def test_the_first_rule_that_holds_decides(tmp_path: Path, call: str, verdict: str) -> None:
    assert ask(tmp_path, SYMBOL + RULES, call).verdicts() == [verdict]


def test_a_reshaped_call_is_held_where_a_stand_in_would_not_fit(tmp_path: Path) -> None:
    test = """
    from unittest.mock import patch

    import use

    def test_use():
        with patch("use.ask") as stub:
            use.main()
        stub.assert_called_with("u", 3)
    """
    use = "from shop.old import ask\n\n\ndef main():\n    return ask('u', 3)\n"
    held = migrate(tmp_path, NAMED, {**SHOP, "use.py": use, "test_use.py": test})
    assert held.text() == use
    plain = migrate(tmp_path / "plain", SYMBOL, {**SHOP, "use.py": use, "test_use.py": test})
    assert "ask_for('u', 3)" in plain.text()
    assert 'patch("use.ask_for")' in plain.text("test_use.py")
