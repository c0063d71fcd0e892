"""What a guest makes of a file goes up the ladder; what did no harm passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.guests.result import Result, State
from tests.guests.kit import check

MOCK = "from unittest.mock import patch\n\n"
LIB = {"lib/__init__.py": "", "lib/bad.py": "kept = 1\ngone = 2\n", "lib/other.py": "gone = 1\n"}
GONE = {"lib/bad.py": "kept = 1\n"}


def put(root: Path, line: str, text: str = "x = 1\n", files: dict[str, str] | None = None) -> Result:
    """Put a line first in a file; return what became of it."""
    return check(root, {"bad.py": text, **(files or {})}, {"bad.py": f"{line}\n{text}"})["bad.py"]


def verdict(found: Result) -> tuple[State, str]:
    """Return what became of a file, and the step that it failed."""
    return found.state, found.step


@pytest.mark.parametrize("line", ["y = nowhere", "def f(): return nowhere", "@nowhere\ndef f(): ..."])
def test_a_new_undefined_name_is_taken_back(tmp_path: Path, line: str) -> None:
    assert verdict(put(tmp_path, line)) == (State.REVERTED, "3 names")


def test_a_name_that_was_undefined_before_is_no_reason(tmp_path: Path) -> None:
    assert verdict(put(tmp_path, "y = 1", "x = nowhere\n")) == (State.CHANGED, "")


def test_a_text_that_does_not_parse_is_taken_back(tmp_path: Path) -> None:
    found = put(tmp_path, "y = (")
    assert verdict(found) == (State.REVERTED, "1 parses")
    assert "bad.py:1" in found.reason


def test_a_file_that_did_not_parse_before_is_skipped(tmp_path: Path) -> None:
    found = check(tmp_path, {"bad.py": "print 1\n"}, {"bad.py": "print 2\n"})["bad.py"]
    assert found.state is State.SKIPPED
    assert "no check could look at" in found.reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\r\n", "x = 2\n"),
        ("x = 1\n", "x = 2\r\n"),
        ("x = 1\n", "x = 2"),
        ("x = 1\n", "\ufeffx = 1\n"),
        ("\ufeffx = 1\n", "x = 1\n"),
        ("# -*- coding: utf-8 -*-\nx = 1\n", "# -*- coding: latin-1 -*-\nx = 1\n"),
    ],
)
def test_newlines_and_encoding_stay(tmp_path: Path, before: str, after: str) -> None:
    assert verdict(check(tmp_path, {"a.py": before}, {"a.py": after})["a.py"]) == (State.REVERTED, "2 bytes")


@pytest.mark.parametrize(
    ("before", "after"),
    [("x = 1", "x = 1\n"), ("x = 1\r\ny = 2", "x = 1\r\ny = 2\r\n"), ("import re\n", ""), ("", "x = 1\n")],
)
def test_a_final_newline_may_be_added_and_a_file_emptied(tmp_path: Path, before: str, after: str) -> None:
    assert verdict(check(tmp_path, {"a.py": before}, {"a.py": after})["a.py"]) == (State.CHANGED, "")


def test_an_import_that_dangles_is_taken_back(tmp_path: Path) -> None:
    assert verdict(put(tmp_path, "from lib.bad import new", files=LIB)) == (State.REVERTED, "5 imports")


def test_an_import_that_is_not_used_is_told(tmp_path: Path) -> None:
    found = put(tmp_path, "from lib.bad import kept", files=LIB)
    assert found.state is State.CHANGED
    assert found.warnings == ("more names imported but unused than before: `lib.bad.kept` imported but unused",)


def test_a_new_cycle_is_taken_back(tmp_path: Path) -> None:
    assert verdict(put(tmp_path, "import other", files={"other.py": "import bad\n"})) == (State.REVERTED, "9 cycles")


@pytest.mark.parametrize(
    ("path", "asks", "step"),
    [
        ("user.py", "from lib.bad import gone\n", "5 imports"),
        ("lib/user.py", "from .bad import gone\n", "5 imports"),
        ("lib/user.py", "def f():\n    from lib.bad import (\n        kept,\n        gone as g,\n    )\n", "5 imports"),
        ("tests/t.py", f'{MOCK}with patch("lib.bad.gone"):\n    pass\n', "8 patch targets"),
        ("tests/t.py", f'{MOCK}import lib.bad as m\n\nwith patch.object(m, "gone"):\n    pass\n', "8 patch targets"),
        ("lib/hand.py", 'from lib.bad import *\n\n__all__ = ["gone"]\n', "5 exports"),
        ("src/pkg/a.py", "from lib.bad import gone\n", "5 imports"),
    ],
)
def test_a_name_that_another_file_asks_for_may_not_vanish(tmp_path: Path, path: str, asks: str, step: str) -> None:
    found = check(tmp_path, {**LIB, path: asks}, GONE)["lib/bad.py"]
    assert verdict(found) == (State.REVERTED, step)
    assert path in found.reason


@pytest.mark.parametrize(
    "asks",
    [
        "from lib.bad import kept\n",
        "from lib.other import gone\n",
        "def gone():\n    return 'lib.bad'\n",
        "try:\n    from lib.bad import gone_long_ago\nexcept ImportError:\n    pass\n",
        f'{MOCK}with patch("lib.bad.kept"):\n    pass\n',
        "broken = (\n# lib.bad.gone\n",
    ],
)
def test_a_name_that_nobody_asks_for_may_vanish(tmp_path: Path, asks: str) -> None:
    assert verdict(check(tmp_path, {**LIB, "user.py": asks}, GONE)["lib/bad.py"]) == (State.CHANGED, "")


def test_a_name_of_a_package_is_asked_for_without_its_name(tmp_path: Path) -> None:
    files = {"lib/__init__.py": "gone = 2\n", "lib/user.py": "from . import gone\n"}
    assert check(tmp_path, files, {"lib/__init__.py": ""})["lib/__init__.py"].step == "5 imports"


def test_names_that_come_with_a_star_may_not_vanish_with_it(tmp_path: Path) -> None:
    files = {"one.py": "def f(): ...\n", "bad.py": "x = 1\nfrom one import *\n", "user.py": "from bad import f\n"}
    assert check(tmp_path, files, {"bad.py": "x = 1\n"})["bad.py"].step == "5 imports"


def test_a_name_that_an_unchanged_module_hands_on_by_a_star_may_not_vanish(tmp_path: Path) -> None:
    files = {
        **LIB,
        "hand.py": "from lib.bad import *\n",
        "far.py": "from hand import *\n",
        "user.py": "from far import gone\n",
    }
    found = check(tmp_path, files, GONE)["lib/bad.py"]
    assert verdict(found) == (State.REVERTED, "5 imports")
    assert found.reason == "user.py could no longer import gone from far"


def test_changes_that_fit_together_pass_together(tmp_path: Path) -> None:
    files = {"lib.py": "old = 1\n", "user.py": "from lib import old\n\nprint(old)\n"}
    changes = {"lib.py": "new = 1\n", "user.py": "from lib import new\n\nprint(new)\n"}
    assert {found.state for found in check(tmp_path, files, changes).values()} == {State.CHANGED}


def test_what_is_taken_back_takes_along_what_needs_it(tmp_path: Path) -> None:
    files = {"lib.py": "old = 1\n", "user.py": "from lib import old\n\nprint(old)\n"}
    changes = {"lib.py": "new = 1\nx = nowhere\n", "user.py": "from lib import new\n\nprint(new)\n"}
    found = check(tmp_path, files, changes)
    assert verdict(found["lib.py"]) == (State.REVERTED, "3 names")
    assert verdict(found["user.py"]) == (State.REVERTED, "5 imports")


def test_a_redefinition_is_for_review(tmp_path: Path) -> None:
    text = "import re\n\n\nprint(re)\n"
    found = check(tmp_path, {"a.py": text}, {"a.py": f"import re\n{text}"})["a.py"]
    assert found.state is State.CHANGED
    assert found.doubts[0].startswith("more names redefined while unused than before")


def test_files_beside_a_package_of_their_name_are_checked_too(tmp_path: Path) -> None:
    files = {"p/__init__.py": "", "p/m.py": "from p.old import x\n", "p/m/__init__.py": "", "p/old.py": "x = y = 1\n"}
    found = check(tmp_path, files, {"p/m.py": "from p.old import y\n", "p/old.py": "y = 1\n"})
    assert {path: each.state for path, each in found.items()} == dict.fromkeys(found, State.CHANGED)
    found = check(tmp_path, files, {"p/old.py": "y = 1\n"})
    assert found["p/old.py"].reason == "p/m.py could no longer import x from p.old"
