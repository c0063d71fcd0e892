"""Calls that must fit what is called now: its parameters, what it gives to await, and calls within calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.pack import load_pack
from recanon.session import make_plan
from recanon.settings import Settings
from tests.helpers import write_tree
from tests.tables.kit import Outcome, migrate, write_pack

OLD = "def ask(uri, retries=3, body=b'', *, timeout=None):\n    return uri\n\n\nLIMIT = 3\n"
SHOP = {"shop/__init__.py": "", "shop/old.py": OLD}
TABLE = '[[symbol]]\nname = "ask"\nhome = "shop.old"\nbecomes = "shop.new.ask_for"\n'
NAMED = TABLE + 'arguments.rename = { uri = "url" }\narguments.remove = ["retries"]\n'
NEW = "def ask_for(url, body=b'', *, timeout=None, strict=False):\n    return url\n"


def ask(tmp: Path, tables: str, call: str, *, new: str = NEW, old: str = OLD, before: str = "") -> Outcome:
    text = f"from shop.old import ask\n{before}\nanswer = {call}\n"
    return migrate(tmp, tables, {**SHOP, "shop/old.py": old, "shop/new.py": new, "use.py": text})


def answer(outcome: Outcome) -> str:
    return outcome.text().partition("answer = ")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("tables", "new", "call", "after"),
    [
        (NAMED, "def ask_for(body=b'', url=None): ...\n", "ask('u', 3)", "ask_for(url='u')"),
        (NAMED + 'arguments.order = ["body", "url"]\n', NEW, "ask('u', 3, b'')", "ask_for('u', b'')"),
        (NAMED, "def ask_for(session=None, url=None): ...\n", "ask('u')", "ask_for(url='u')"),
        (TABLE + "arguments.add = { strict = true }\n", NEW, "ask('u')", "ask_for('u', strict=True)"),
        (TABLE, "def ask_for(url, retries=3): ...\n", "ask('u', 3)", "ask_for('u', 3)"),
        (NAMED, "class ask_for:\n    def __init__(self, *, url): ...\n", "ask('u', 3)", "ask_for(url='u')"),
    ],
)
def test_an_argument_by_position_reaches_the_parameter_that_the_table_means(
    tmp_path: Path, tables: str, new: str, call: str, after: str
) -> None:
    outcome = ask(tmp_path, tables, call, new=new)
    assert answer(outcome) == after, outcome.reasons()
    assert outcome.verdicts() == ["safe"]


@pytest.mark.parametrize(
    ("tables", "call", "why"),
    [
        (TABLE, "ask('u', 3)", "takes body where retries is given by position"),
        (TABLE, "ask('u', retries=3)", "takes no argument retries"),
        (NAMED, "ask()", "lacks url"),
        (
            TABLE + 'arguments.rename = { ulr = "url" }\n',
            "ask('u')",
            "the table speaks of ulr, which ask does not take",
        ),
        (NAMED + 'arguments.keyword = ["boddy"]\n', "ask('u')", "speaks of boddy, which shop.new.ask_for does not"),
        (NAMED + '[[symbol.when]]\nlacks = ["retris"]\nverdict = "left"\n', "ask('u')", "speaks of retris"),
        (NAMED + 'signature = "(retries, uri)"\n', "ask('u', 3)", "another signature than its definition"),
    ],
)
def test_one_call_that_does_not_fit_is_left_and_the_others_of_the_file_are_not(
    tmp_path: Path, tables: str, call: str, why: str
) -> None:
    outcome = ask(tmp_path, tables, call)
    assert outcome.verdicts() == ["manual"]
    assert why in outcome.reasons()
    fits = ask(tmp_path / "both", TABLE, "ask('u', 3)", before="other = ask('v')")
    assert "other = ask_for('v')\nanswer = ask('u', 3)" in fits.text()


def test_an_unpacked_argument_is_for_review_where_the_signatures_differ(tmp_path: Path) -> None:
    assert ask(tmp_path, TABLE, "ask(*[1])").verdicts() == ["review"]
    same = ask(tmp_path / "same", TABLE, "ask(*[1])", new=OLD.replace("ask", "ask_for"))
    assert same.verdicts() == ["safe"]
    assert answer(same) == "ask_for(*[1])"


DECORATED = "def inject(f):\n    return lambda *a: f(1, *a)\n\n\n@inject\ndef ask(session, uri):\n    return uri\n"


def test_a_decorator_may_take_other_arguments_and_give_something_to_await(tmp_path: Path) -> None:
    tables = TABLE + 'arguments.rename = { uri = "url" }\narguments.remove = ["session"]\n'
    assert ask(tmp_path, tables, "ask('u', 3)", old=DECORATED).verdicts() == ["manual"]
    outcome = ask(tmp_path / "plain", TABLE, "ask('u')", old=DECORATED)
    assert outcome.verdicts() == ["review"]
    assert "whether ask gives something to await cannot be told" in outcome.reasons()


@pytest.mark.parametrize("decorator", ["deprecated('no')", "functools.lru_cache", "lru_cache(maxsize=None)"])
def test_a_function_that_is_only_deprecated_or_cached_is_known(tmp_path: Path, decorator: str) -> None:
    outcome = ask(tmp_path, NAMED, "ask('u', 3)", old=f"@{decorator}\n{OLD}")
    assert answer(outcome) == "ask_for('u')", outcome.reasons()
    assert outcome.verdicts() == ["safe"]


def test_the_last_constructor_of_an_overloaded_class_is_the_one_that_counts(tmp_path: Path) -> None:
    new = "class ask_for:\n    @overload\n    def __init__(self, url): ...\n    def __init__(self, *, url): ...\n"
    assert answer(ask(tmp_path, NAMED, "ask('u')", new=new)) == "ask_for(url='u')"


@pytest.mark.parametrize("value", ["True", "-1", "1.5", "b''", "...", "r'x'", "None", "LIMIT", "use.limit"])
def test_a_constant_or_a_name_can_be_left_out(tmp_path: Path, value: str) -> None:
    outcome = ask(tmp_path, NAMED, f"ask('u', {value})", before="LIMIT = 1\nuse = LIMIT")
    assert answer(outcome) == "ask_for('u')"
    assert outcome.verdicts() == ["safe"]


def test_attributes_keep_the_order_in_which_they_are_read(tmp_path: Path) -> None:
    tables = NAMED + 'arguments.order = ["body", "url"]\n'
    outcome = ask(tmp_path, tables, "ask(x.a, 3, x.b)", new="def ask_for(body, url): ...\n", before="x = 1")
    assert answer(outcome) == "ask_for(url=x.a, body=x.b)"


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("ask(ask('u', 3), 2)", "ask_for(ask_for('u'))"),
        (
            "ask(\n    ask('u', 3),  # one\n    2,\n    ask('v'),\n)",
            "ask_for(\n    ask_for('u'),  # one\n    ask_for('v'),\n)",
        ),
        ("ask(lambda: ask(uri=ask(1, 2)), 3)", "ask_for(lambda: ask_for(url=ask_for(1)))"),
        ("ask(LIMIT, LIMIT)", "ask_for(MAXIMUM)"),
        ("ask('u', LIMIT)", "ask_for('u')"),
    ],
)
def test_a_call_within_a_call_is_rewritten_with_it(tmp_path: Path, call: str, after: str) -> None:
    tables = NAMED + '[[symbol]]\nname = "LIMIT"\nhome = "shop.old"\nbecomes = "shop.new.MAXIMUM"\n'
    import_limit = "from shop.old import LIMIT\nlimit = LIMIT\n"
    outcome = ask(tmp_path, tables, call, new=NEW + "MAXIMUM = 3\n", before=import_limit)
    assert answer(outcome) == after, outcome.reasons()


def test_a_call_that_stays_stands_in_one_that_changes(tmp_path: Path) -> None:
    assert answer(ask(tmp_path, NAMED, "ask(ask(*'u'), 3)")) == "ask_for(ask(*'u'))"


def test_an_import_that_only_a_dropped_argument_used_goes_with_it(tmp_path: Path) -> None:
    outcome = ask(tmp_path, NAMED, "ask('u', pi)", before="from math import pi")
    assert outcome.text() == "from shop.new import ask_for\nanswer = ask_for('u')\n", outcome.reasons()


def test_a_comment_before_a_comma_stays(tmp_path: Path) -> None:
    call = "ask(\n    'u'  # one\n    , 3  # two\n    , b''  # three\n)"
    assert answer(ask(tmp_path, NAMED, call)) == "ask_for(\n    'u',  # one\n    b''  # three\n)"


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ("1, 2", "ask_for('u', strict=(1, 2))"),
        ("[x for x in range(3)]", "ask_for('u', strict=[x for x in range(3)])"),
        ("lambda x: x", "ask_for('u', strict=lambda x: x)"),
    ],
)
def test_a_value_stands_in_the_call_as_one_argument(tmp_path: Path, value: str, after: str) -> None:
    tables = NAMED + f'arguments.add = {{ strict = "{value}" }}\n'
    assert answer(ask(tmp_path, tables, "ask('u')")) == after


@pytest.mark.parametrize(
    ("before", "call"),
    [
        ("def list(): return 1", "ask('u')"),
        ("from shop.lists import *", "ask('u')"),
        ("", "(lambda list: ask('u'))(1)"),
        ("", "[ask('u') for list in 'ab']"),
    ],
)
def test_a_built_in_name_that_the_file_binds_is_never_put_into_a_call(tmp_path: Path, before: str, call: str) -> None:
    tables = NAMED + 'arguments.add = { strict = "list()" }\n'
    files = {**SHOP, "shop/new.py": NEW, "shop/lists.py": "list = 3\n"}
    outcome = migrate(tmp_path, tables, {**files, "use.py": f"from shop.old import ask\n{before}\nanswer = {call}\n"})
    assert "manual" in outcome.verdicts()
    assert answer(outcome) == call
    plain = migrate(tmp_path / "plain", tables, {**files, "use.py": "from shop.old import ask\n\nanswer = ask('u')\n"})
    assert answer(plain) == "ask_for('u', strict=list())"


def test_a_value_of_the_standard_library_is_imported(tmp_path: Path) -> None:
    tables = NAMED + 'imports = ["datetime.UTC"]\narguments.default = { timeout = "UTC" }\n'
    outcome = ask(tmp_path, tables, "ask('u')")
    assert answer(outcome) == "ask_for('u', timeout=UTC)", outcome.reasons()
    assert "from datetime import UTC\n" in outcome.text()


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("ask('u')", "ask_for('u', body=b'')"),
        ("ask('u', 3)", "ask_for('u', body=b'')"),
        ("ask('u', 3, b'x')", "ask_for('u', b'x')"),
    ],
)
def test_an_added_argument_stands_by_position_only_at_its_own_place(tmp_path: Path, call: str, after: str) -> None:
    tables = NAMED + 'arguments.default = { body = "b\'\'" }\narguments.positional = ["body"]\n'
    new = "def ask_for(url, strict=False, body=b''): ...\n"
    expected = after if "b'x'" not in after else "ask_for('u', body=b'x')"
    assert answer(ask(tmp_path, tables, call, new=new)) == expected


@pytest.mark.parametrize("tables", [TABLE, NAMED], ids=["name", "arguments"])
@pytest.mark.parametrize("call", ["(old  # why\n    .ask)('u')", "(\n    # why\n    old.ask\n)('u')"])
def test_no_comment_within_the_name_that_is_called_is_lost(tmp_path: Path, tables: str, call: str) -> None:
    pack = load_pack(write_pack(tmp_path / "mine", tables))
    text = f"from shop import old\n\nanswer = {call}\n"
    root = write_tree(tmp_path / "tree", {**SHOP, "shop/new.py": NEW, "use.py": text})
    plan = make_plan(root, pack, Settings(jobs=1))
    assert plan.account.balanced
    after = next((change.after.decode() for change in plan.changes if change.path == "use.py"), text)
    assert "# why" in after
    assert after != text or "'# why' stands within the name" in plan.reverted[0].reason
