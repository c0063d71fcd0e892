"""Places of a name that are easily passed over: patterns, f-strings, quoted annotations, names of names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables.kit import migrate
from tests.tables.test_receivers import HEAD, RENAMED, SHOP

TREE = {
    "shop/__init__.py": "",
    "shop/old.py": "LIMIT = 5\n\n\nclass Fault(Exception):\n    CODE = 1\n\n\nclass Other(Exception): ...\n",
    "shop/new.py": "MOST = 5\n\n\nclass Failure(Exception):\n    CODE = 1\n",
}
FAULT = '[[symbol]]\nname = "Fault"\nhome = "shop.old"\nbecomes = "shop.new.Failure"\n'
LIMIT = '[[symbol]]\nname = "LIMIT"\nhome = "shop.old"\nbecomes = "shop.new.MOST"\n'


def test_a_value_in_a_pattern_does_not_become_a_variable(tmp_path: Path) -> None:
    use = "import shop.old\n\nprint(shop.old.LIMIT)\n\n\ndef f(x):\n    match x:\n        case shop.old.LIMIT:\n"
    use += "            return 1\n"
    outcome = migrate(tmp_path, LIMIT, {**TREE, "use.py": use})
    assert "case shop.old.LIMIT" in outcome.text(), outcome.reasons()
    assert outcome.verdicts() == ["safe", "manual"], outcome.reasons()


def test_patterns_that_name_a_class_or_a_value_of_it_follow(tmp_path: Path) -> None:
    use = "from shop.old import Fault\n\nmatch x:\n    case Fault(args=_) | Fault.CODE:\n        pass\n"
    outcome = migrate(tmp_path, FAULT, {**TREE, "use.py": use})
    assert "case Failure(args=_) | Failure.CODE:" in outcome.text(), outcome.reasons()


def test_a_new_name_does_not_capture_a_built_in_one_that_the_file_uses(tmp_path: Path) -> None:
    tree = {**TREE, "shop/new.py": "class ConnectionError(Exception): ...\n"}
    use = "from shop.old import Fault\n\ntry:\n    raise Fault\nexcept ConnectionError:\n    pass\n"
    outcome = migrate(tmp_path, FAULT.replace("Failure", "ConnectionError"), {**tree, "use.py": use})
    assert outcome.text() == use, outcome.reasons()
    assert "manual" in outcome.verdicts()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "def f(x: 'Fault | None') -> \"list[Fault]\": ...\n",
            "def f(x: 'Failure | None') -> \"list[Failure]\": ...\n",
        ),
        ("x: dict['str', 'Fault'] = {}\n", "x: dict['str', 'Failure'] = {}\n"),
        ("def f(x: 'é', y: 'list[\"Fault\"]'): ...\n", "def f(x: 'é', y: 'list[\"Failure\"]'): ...\n"),
    ],
)
def test_the_names_in_a_quoted_annotation_follow(tmp_path: Path, before: str, after: str) -> None:
    head = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from shop.old import Fault\n\n\n"
    outcome = migrate(tmp_path, FAULT, {**TREE, "use.py": head + before})
    assert outcome.text() == head.replace("old import Fault", "new import Failure") + after, outcome.reasons()


def test_a_quoted_annotation_that_cannot_be_read_keeps_the_import(tmp_path: Path) -> None:
    use = "from shop.old import Fault\n\n\ndef f(x: 'Fau' 'lt', y: '''Fault''', z: Fault): ...\n"
    outcome = migrate(tmp_path, FAULT, {**TREE, "use.py": use})
    assert "from shop.old import Fault" in outcome.text(), outcome.reasons()
    assert "z: Failure" in outcome.text()
    assert [f.verdict for f in outcome.found()] == ["manual", "manual", "safe"], outcome.reasons()


def test_what_literal_lists_and_annotated_adds_is_no_type(tmp_path: Path) -> None:
    use = "from typing import Annotated, Literal\n\nx: Literal['Fault']\ny: Annotated[int, 'Fault']\n"
    outcome = migrate(tmp_path, FAULT, {**TREE, "use.py": use})
    assert outcome.verdicts() == ["left", "left"], outcome.reasons()


@pytest.mark.parametrize(
    "text",
    [
        "c = Client()\nprint(f'{c.get()}')\n",
        "print(f'{Client.get}')\n",
        "match c:\n    case Client(get=g):\n        pass\n",
        "import operator\n\noperator.methodcaller('get')(Client())\n",
        "from unittest.mock import Mock\n\nm = Mock(get=None)\n",
        "def f(mock):\n    mock.configure_mock(get=None)\n",
    ],
)
def test_a_member_in_an_odd_place_is_listed(tmp_path: Path, text: str) -> None:
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": HEAD + text})
    assert outcome.text() == HEAD + text
    assert outcome.verdicts() == ["manual"], outcome.reasons()


@pytest.mark.parametrize("what", ["__name__", "__module__", "__qualname__"])
def test_the_name_of_a_class_is_for_review(tmp_path: Path, what: str) -> None:
    use = f"from shop.old import Fault\n\nprint(Fault.{what}, Fault.CODE)\n"
    outcome = migrate(tmp_path, FAULT, {**TREE, "use.py": use})
    assert outcome.verdicts() == ["review", "safe"], outcome.reasons()


def test_the_name_of_a_member_of_an_enumeration_is_for_review(tmp_path: Path) -> None:
    tree = {"shop/colors.py": "import enum\n\n\nclass Color(enum.Enum):\n    RED = 1\n    CRIMSON = 1\n"}
    table = '[[symbol]]\nname = "Color.RED"\nhome = "shop.colors"\nbecomes = "shop.colors.Color.CRIMSON"\n'
    use = "from shop.colors import Color\n\nprint(Color.RED.name, Color.RED.value)\n"
    outcome = migrate(tmp_path, table, {**tree, "use.py": use})
    assert outcome.verdicts() == ["review", "safe"], outcome.reasons()


def test_an_alias_follows_where_it_is_given(tmp_path: Path) -> None:
    use = "from shop.old import Fault\nfrom names import Error, Legacy\n\ntry:\n    raise Fault\n"
    use += "except (Error, Legacy):\n    pass\n"
    names = "from shop.old import Fault\nfrom shop.old import Fault as Legacy\n\nError = Fault\nprint(Legacy)\n"
    outcome = migrate(tmp_path, FAULT, {**TREE, "use.py": use, "names.py": names})
    assert "raise Failure\nexcept (Error, Legacy)" in outcome.text(), outcome.reasons()
    assert "from names import Error, Legacy\n" in outcome.text()
    assert "Failure as Legacy" in outcome.text("names.py")


def test_a_name_that_is_deleted_later_keeps_its_import(tmp_path: Path) -> None:
    use = "from shop.old import Fault\n\nprint(Fault)\ndel Fault\n"
    outcome = migrate(tmp_path, FAULT, {**TREE, "use.py": use})
    assert "print(Failure)\ndel Fault\n" in outcome.text(), outcome.reasons()
    assert "from shop.old import Fault\n" in outcome.text()


def test_what_is_read_from_a_module_in_an_f_string_is_listed(tmp_path: Path) -> None:
    use = "import shop.old\n\nprint(f'{shop.old.LIMIT}')\n"
    assert migrate(tmp_path, LIMIT, {**TREE, "use.py": use}).verdicts() == ["manual"]


@pytest.mark.parametrize("called", ["LIMIT", "LIMIT as most"])
def test_a_name_of_the_same_module_by_import_and_through_the_module(tmp_path: Path, called: str) -> None:
    table = LIMIT.replace("shop.new.MOST", "shop.old.MOST")
    tree = {**TREE, "shop/old.py": "LIMIT = MOST = 5\n"}
    use = f"import shop.old as old\nfrom shop.old import {called}\n\nprint(old.LIMIT, {called.split()[-1]})\n"
    outcome = migrate(tmp_path, table, {**tree, "use.py": use})
    assert "old.MOST" in outcome.text(), outcome.reasons()
    assert "LIMIT" not in outcome.text()
