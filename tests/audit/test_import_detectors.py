"""Fragmentation, non-canonical imports, inconsistent resolution, import order and cycles."""

from __future__ import annotations

from pathlib import Path

from recanon.outcome import Finding, Verdict
from recanon.yardstick import Counted
from tests.audit.kit import found, ground, opinion, places

HANDS_ON = {"shop/old.py": "from shop.core import Basket\n", "shop/names.py": "from shop.core import Basket as Bag\n"}


def test_a_symbol_used_under_several_paths_is_found_once_at_its_definition(tmp_path: Path) -> None:
    files = {
        **HANDS_ON,
        "a.py": "from shop.old import Basket\nBasket()\n",
        "b.py": "from shop.core import Basket\nBasket()\n",
        "c.py": "def f():\n    from shop.names import Bag\n    return Bag()\n",
    }
    (finding,) = found("fragmentation", ground(tmp_path, files))
    assert (finding.path, finding.line, finding.word) == ("shop/core.py", 1, "Basket")
    assert set(finding.chain) == {"shop.old.Basket", "shop.core.Basket", "shop.names.Bag"}


def test_paths_that_nobody_uses_are_no_fragmentation(tmp_path: Path) -> None:
    files = {
        **HANDS_ON,
        "a.py": "from shop.old import Basket\n",
        "b.py": "from shop.core import Basket\nBasket()\n",
        "c.py": "from shop.core import Basket\nBasket()\n",
    }
    assert places("fragmentation", tmp_path, files) == []


def test_a_canonical_symbol_from_elsewhere_is_found_under_whatever_name(tmp_path: Path) -> None:
    files = {
        **HANDS_ON,
        "a.py": "from shop.names import (\n    Bag as B,\n)\n",
        "b.py": "from shop.core import Basket\n",
        "pkg/__init__.py": "",
        "shop/user.py": "from .old import Basket\n",
    }
    assert places("noncanonical-imports", tmp_path, files) == ["a.py:2 Bag", "shop/user.py:1 Basket"]


def test_the_modules_through_which_the_canonical_one_gets_its_symbol_are_no_violation(tmp_path: Path) -> None:
    files = {
        "shop/impl.py": "class Basket:\n    pass\n\ndef other():\n    pass\n",
        "shop/core.py": "from shop.impl import Basket\n\nasync def get_basket():\n    return Basket()\n",
        "a.py": "from shop.impl import other\n",
    }
    assert places("noncanonical-imports", tmp_path, files) == []


def test_an_import_that_stays_on_purpose_is_not_found_and_others_have_the_plans_verdict(tmp_path: Path) -> None:
    files = {**HANDS_ON, "a.py": "from shop.old import Basket\n", "b.py": "from shop.old import Basket\n"}
    planned = [
        Finding("a.py", 1, 22, "Basket", "import", Verdict.LEFT, "about it"),
        Finding("b.py", 1, 22, "Basket", "import", Verdict.SAFE, "moved"),
    ]
    made = found("noncanonical-imports", ground(tmp_path, files, planned=planned))
    assert [(finding.path, finding.verdict) for finding in made] == [("b.py", Verdict.SAFE)]


def test_one_name_with_several_symbols_is_found_at_the_other_ones(tmp_path: Path) -> None:
    files = {
        "shop/bag.py": "class Basket:\n    pass\n",
        "a.py": "from shop.bag import Basket\n",
        "b.py": "from shop.bag import Basket\n",
        "c.py": "from shop.core import Basket\n",
    }
    (finding,) = found("inconsistent-resolution", ground(tmp_path, files))
    assert (finding.path, finding.line, finding.origin) == ("shop/bag.py", 1, "shop.bag.Basket")
    assert "2 files import Basket" in finding.reason


def test_an_import_of_what_is_not_there_is_found_at_its_place(tmp_path: Path) -> None:
    files = {
        "a.py": "try:\n    from shop.core import Gone\nexcept ImportError:\n    Gone = None\n",
        "b.py": "from shop.dynamic import anything\n",
        "c.py": "from shop import core\nfrom elsewhere import Gone\n",
        "d.py": "from shop.lost import thing\n",
        "shop/dynamic.py": "def __getattr__(name):\n    return 1\n",
    }
    name, module = found("inconsistent-resolution", ground(tmp_path, files))
    assert (name.path, name.line, name.word) == ("a.py", 2, "Gone")
    assert name.reason == "shop.core has no Gone; a try stands around it"
    assert (module.path, module.reason) == ("d.py", "there is no module shop.lost")


def test_one_symbol_by_two_paths_is_not_inconsistent(tmp_path: Path) -> None:
    files = {**HANDS_ON, "a.py": "from shop.old import Basket\n", "b.py": "from shop.core import Basket\n"}
    assert places("inconsistent-resolution", tmp_path, files) == []


def test_names_that_a_module_binds_twice_are_found(tmp_path: Path) -> None:
    files = {
        "shop/bag.py": "class Basket:\n    pass\n",
        "shop/facade.py": "from shop.core import *\nfrom shop.bag import Basket\n",
        "shop/twice.py": "from shop.core import Basket\n\nclass Basket:\n    pass\n",
        "shop/stars.py": "from shop.core import *\nfrom shop.bag import *\n",
    }
    assert places("import-order", tmp_path, files) == [
        "shop/facade.py:2 Basket",
        "shop/stars.py:2 Basket",
        "shop/twice.py:3 Basket",
    ]


def test_a_package_that_binds_the_name_of_its_module_is_found(tmp_path: Path) -> None:
    files = {
        "shop/cart/__init__.py": "from shop.cart.cart import cart\n",
        "shop/cart/cart.py": "def cart():\n    return 1\n",
        "shop/lane/__init__.py": "from shop.lane import lane\n",
        "shop/lane/lane.py": "def other():\n    return 1\n",
    }
    assert places("import-order", tmp_path, files) == ["shop/cart/__init__.py:1 cart"]


def test_a_fallback_counts_only_on_a_cycle(tmp_path: Path) -> None:
    files = {
        "shop/a.py": "try:\n    from shop.b import x\nexcept ImportError:\n    x = None\n",
        "shop/b.py": "import shop.a\nx = 1\n",
        "shop/c.py": "try:\n    from shop.core import Basket\nexcept ImportError:\n    Basket = None\n",
    }
    assert places("import-order", tmp_path, files) == ["shop/a.py:2 x"]


def test_a_module_that_sets_names_of_another_one_is_found(tmp_path: Path) -> None:
    files = {"shop/patch.py": "from shop import core\n\ncore.Basket = None\n\ndef later():\n    core.x = 1\n"}
    assert places("import-order", tmp_path, files) == ["shop/patch.py:3 core.Basket"]


def test_one_thing_bound_twice_depends_on_no_order(tmp_path: Path) -> None:
    files = {
        "shop/same.py": "from shop.core import *\nfrom shop.core import Basket\nCart = Basket\n",
        "shop/log.py": "logger = print\nlogger = repr\n",
        "shop/branch.py": "import sys\nif sys.platform:\n    from shop.core import Basket\nelse:\n    Basket = None\n",
    }
    assert places("import-order", tmp_path, files) == []


def test_stars_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    files = {"shop/a.py": "from shop.b import *\nx = 1\n", "shop/b.py": "from shop.a import *\ny = 1\n"}
    assert places("import-order", tmp_path, files) == []


def test_a_cycle_names_the_import_to_cut_and_the_circle(tmp_path: Path) -> None:
    files = {
        "shop/a.py": "import shop.b\n",
        "shop/b.py": "from shop import c\n",
        "shop/c.py": "from .a import x\n",
    }
    (finding,) = found("cycles", ground(tmp_path, files))
    assert finding.group == "at module level"
    assert finding.chain[0] == finding.chain[-1]
    assert set(finding.chain) == {"shop.a", "shop.b", "shop.c"}
    assert finding.line == 1


def test_two_circles_through_one_import_are_cut_once_and_two_apart_twice(tmp_path: Path) -> None:
    shared = {
        "shop/a.py": "import shop.b\n",
        "shop/b.py": "import shop.c\nimport shop.d\n",
        "shop/c.py": "import shop.a\n",
        "shop/d.py": "import shop.a\n",
    }
    assert places("cycles", tmp_path, shared) == ["shop/a.py:1 shop.b"]
    apart = {**shared, "shop/e.py": "import shop.f\n", "shop/f.py": "import shop.e\n"}
    assert len(places("cycles", tmp_path, apart)) == 2


def test_imports_that_do_not_run_at_import_close_no_cycle_at_module_level(tmp_path: Path) -> None:
    files = {
        "shop/a.py": "import shop.b\n",
        "shop/b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shop.a\n",
        "shop/c.py": "import shop.d\n",
        "shop/d.py": "try:\n    import json\nexcept ImportError:\n    import shop.c\n",
    }
    assert places("cycles", tmp_path, files) == []


def test_a_cycle_that_only_a_function_closes_is_listed_apart(tmp_path: Path) -> None:
    files = {"shop/a.py": "from shop.b import x\n", "shop/b.py": "x = 1\n\ndef f():\n    from shop.a import x\n"}
    made = ground(tmp_path, files)
    (finding,) = found("cycles", made)
    assert finding.group == "closed by an import in a function"
    assert not opinion("cycles", made, Counted("shop/a.py")).real


def test_a_package_that_an_import_from_outside_runs_closes_a_cycle(tmp_path: Path) -> None:
    files = {
        "shop/box/__init__.py": "import shop.lid\n",
        "shop/box/side.py": "",
        "shop/lid.py": "import shop.box.side\n",
    }
    (finding,) = found("cycles", ground(tmp_path, files))
    assert set(finding.chain) == {"shop.box", "shop.lid"}


def test_a_package_and_its_own_modules_make_no_cycle_by_themselves(tmp_path: Path) -> None:
    files = {
        "shop/box/__init__.py": "from shop.box.side import x\n",
        "shop/box/side.py": "from shop.box.top import x\n",
        "shop/box/top.py": "x = 1\n",
    }
    assert places("cycles", tmp_path, files) == []
