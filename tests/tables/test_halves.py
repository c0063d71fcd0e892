"""A class whose objects are still made somewhere, or still asked for, does not move in halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables.kit import migrate

OLD = "class Fault(Exception): ...\n"
NEW = "class Failure(Exception): ...\n"
TABLE = '[[symbol]]\nname = "Fault"\nhome = "shop.old"\nbecomes = "shop.new.Failure"\n'
CATCHES = "from shop.old import Fault\n\n\ndef f(x: Fault):\n    try:\n        x()\n    except (Fault, OSError):\n"
CATCHES += "        pass\n"
RAISES = "from shop.old import Fault\n\n\ndef g():\n    raise Fault\n"
UNSURE = "try:\n    from shop.old import Fault\nexcept ImportError:\n    Fault = None\n\n\n"
STAYS = {
    "raised at its home": ("shop/old.py", OLD + "\n\ndef g():\n    raise Fault\n"),
    "the base of another class": ("shop/old.py", OLD + "\n\nclass Small(Fault): ...\n"),
    "raised where a person decides": ("other.py", UNSURE + "def g():\n    raise Fault\n"),
    "looked up by its name": ("other.py", "import shop\n\ngetattr(shop.old, 'Fault')\n"),
}


def _tree(**files: str) -> dict[str, str]:
    named = {name.replace("__", "/") + ".py": text for name, text in files.items()}
    return {"shop/__init__.py": "", "shop/old.py": OLD, "shop/new.py": NEW, **named}


@pytest.mark.parametrize(("path", "text"), STAYS.values(), ids=STAYS)
def test_what_is_still_made_is_caught_only_under_review(tmp_path: Path, path: str, text: str) -> None:
    outcome = migrate(tmp_path, TABLE, {**_tree(use=CATCHES, raises=RAISES), path: text})
    assert outcome.verdicts() == ["safe", "review"], outcome.reasons()
    assert path in outcome.reasons()
    assert outcome.verdicts("raises.py") == ["review"], outcome.reasons("raises.py")


def test_what_is_still_caught_is_raised_only_under_review(tmp_path: Path) -> None:
    catches = UNSURE + "try:\n    print()\nexcept Fault:\n    pass\n"
    outcome = migrate(tmp_path, TABLE, _tree(use=RAISES, other=catches))
    assert outcome.verdicts() == ["review"], outcome.reasons()


def test_what_moves_as_a_whole_is_safe(tmp_path: Path) -> None:
    more = "import contextlib\nfrom shop.old import Fault\n\nprint(isinstance(x, Fault), contextlib.suppress(Fault))\n"
    outcome = migrate(tmp_path, TABLE, _tree(use=CATCHES, raises=RAISES, more=more))
    assert outcome.verdicts() == ["safe", "safe"], outcome.reasons()
    assert outcome.verdicts("raises.py") == ["safe"]
    assert outcome.verdicts("more.py") == ["safe", "safe"]


def test_what_nobody_asks_for_may_be_made_in_both_ways(tmp_path: Path) -> None:
    outcome = migrate(tmp_path, TABLE, {**_tree(use=RAISES), "shop/old.py": OLD + "\n\ndef g():\n    raise Fault\n"})
    assert outcome.verdicts() == ["safe"], outcome.reasons()


@pytest.mark.parametrize(
    ("old", "new", "caught"),
    [
        ("from shop.new import Failure\n\n\nclass Fault(Failure): ...\n", NEW, "safe"),
        (OLD, "from shop.old import Fault\n\n\nclass Failure(Fault): ...\n", "review"),
    ],
)
def test_a_class_above_the_other_one_catches_both(tmp_path: Path, old: str, new: str, caught: str) -> None:
    raises = "\n\ndef g():\n    raise Fault\n"
    tree = {**_tree(use=CATCHES, raises=RAISES), "shop/old.py": old + raises, "shop/new.py": new}
    outcome = migrate(tmp_path, TABLE, tree)
    assert outcome.verdicts() == ["safe", caught], outcome.reasons()
    assert outcome.verdicts("raises.py") == ["safe"], outcome.reasons("raises.py")


def test_a_member_of_another_enumeration_is_compared_under_review_where_the_old_one_stays(tmp_path: Path) -> None:
    colors = "import enum\n\n\nclass Color(enum.Enum):\n    RED = 1\n\n\ndef is_red(c):\n    return c is Color.RED\n"
    tree = {"shop/colors.py": colors, "shop/palette.py": "import enum\n\n\nclass Hue(enum.Enum):\n    CRIMSON = 1\n"}
    table = '[[symbol]]\nname = "Color.RED"\nhome = "shop.colors"\nbecomes = "shop.palette.Hue.CRIMSON"\n'
    use = "from shop.colors import Color, is_red\n\nprint(is_red(Color.RED))\n"
    assert migrate(tmp_path, table, {**tree, "use.py": use}).verdicts() == ["review"]


def test_two_classes_of_one_name_are_told_apart(tmp_path: Path) -> None:
    other = "class Fault(Exception): ...\n\n\ndef g():\n    raise Fault\n"
    tree = {**_tree(use=CATCHES, raises=RAISES), "shop/other.py": other}
    outcome = migrate(tmp_path, TABLE.replace('"shop.old"', '"shop"'), tree)
    assert outcome.verdicts() == ["safe", "safe"], outcome.reasons()
