"""What goes leaves no blank lines behind, and what comes takes its place; files keep their way to end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.move.helpers import moved

CORE = "def fetch(n):\n    return n\n"
TARGETS = {
    "nothing but the import": ("from .core import fetch\n", CORE),
    "nothing but the import, over several lines": ("from app.core import (\n    fetch,\n)\n", CORE),
    "nothing but the import, without a final newline": ("from .core import fetch", CORE.rstrip()),
    "the import comes last": ("import os\n\nfrom .core import fetch\n\n\n", f"import os\n\n\n{CORE}"),
    "the import comes last, behind code": ("x = 1\nfrom .core import fetch\n", f"x = 1\n\n\n{CORE}"),
    "the import comes last, and it is used before": (
        "def f():\n    return fetch\n\n\nfrom .core import fetch\n",
        f"{CORE}\n\ndef f():\n    return fetch\n",
    ),
    "the import comes first": ("from .core import fetch\n\nfetch(1)\n", f"{CORE}\n\nfetch(1)\n"),
    "empty": ("", CORE),
    "a newline": ("\n", CORE),
    "a comment": ("# Comment.\n", f"# Comment.\n\n\n{CORE}"),
    "a docstring": ('"""Doc."""\n', f'"""Doc."""\n\n\n{CORE}'),
    "a docstring without a final newline": ('"""Doc."""', f'"""Doc."""\n\n\n{CORE.rstrip()}'),
    "a last line that ends in another way": ("x = 1\ny = 2\r\n", f"x = 1\ny = 2\r\n\n\n{CORE}"),
    "blanks behind the last line": ("x = 1 \t\n", f"x = 1 \t\n\n\n{CORE}"),
    "blanks behind the last line, without a final newline": ("x = 1  ", f"x = 1  \n\n\n{CORE.rstrip()}"),
}
HOMES = {
    "its import came first": ("import os\n\n\ndef fetch(n):\n    return os\n\n\nx = 1\n", "x = 1\n"),
    "its imports came first, apart": (
        "import os\n\nimport re\n\n\ndef fetch(n):\n    return os, re\n\n\nx = 1\n",
        "x = 1\n",
    ),
    "its imports came first, and others behind them": (
        "import os\n\nimport sys\n\n\ndef fetch(n):\n    return os\n\n\nx = sys\n",
        "import sys\n\n\nx = sys\n",
    ),
    "its import came behind a docstring": (
        '"""Doc."""\n\nimport os\n\n\ndef fetch(n):\n    return os\n\n\nx = 1\n',
        '"""Doc."""\n\n\nx = 1\n',
    ),
    "it came last": (f"x = 1\n\n\n{CORE}", "x = 1\n"),
    "it came last, without a final newline": (f"x = 1\n\n\n{CORE.rstrip()}", "x = 1"),
    "it came last, behind its import": ("x = 1\n\nimport os\n\n\ndef fetch(n):\n    return os\n", "x = 1\n"),
    "all of it": (CORE.rstrip(), ""),
}


@pytest.mark.parametrize("new", ["app.api.fetch", "app.api.load"])
@pytest.mark.parametrize("case", TARGETS)
def test_the_new_module_has_no_lines_too_many(tmp_path: Path, case: str, new: str) -> None:
    before, after = TARGETS[case]
    files = {"app/__init__.py": "", "app/core.py": CORE, "app/api.py": before}
    done = moved(tmp_path, files, "app.core.fetch", new)
    assert done["app/api.py"] == after.replace("fetch", new.rpartition(".")[2])
    assert done["app/core.py"] == ""


@pytest.mark.parametrize("end", ["\n", "", "\n\n\n", "  \n"])
def test_what_it_needs_comes_into_a_module_of_imports_however_that_ends(tmp_path: Path, end: str) -> None:
    files = {
        "app/__init__.py": "",
        "app/core.py": "import os\n\n\ndef fetch(n):\n    return os\n",
        "app/api.py": f"import re{end}",
    }
    done = moved(tmp_path, files, "app.core.fetch", "app.api.fetch")
    body = "import os\n\n\ndef fetch(n):\n    return os"
    kept = "import re" + end[: end.find("\n") + 1]
    assert done["app/api.py"] == (f"{kept}{body}\n" if end else f"{kept}\n{body}")


@pytest.mark.parametrize("case", HOMES)
def test_the_old_module_has_no_lines_too_many(tmp_path: Path, case: str) -> None:
    before, after = HOMES[case]
    done = moved(tmp_path, {"app/__init__.py": "", "app/core.py": before}, "app.core.fetch", "app.api.fetch")
    assert done["app/core.py"] == after


def test_an_import_that_goes_alone_takes_the_blank_lines_of_one_side(tmp_path: Path) -> None:
    use = "import os\n\nfrom app.api import x\n\nfrom app.core import fetch\n\n\nfetch(os, x)\n"
    files = {"app/__init__.py": "", "app/core.py": CORE, "app/api.py": "x = 1\n", "use.py": use}
    done = moved(tmp_path, files, "app.core.fetch", "app.api.fetch")
    assert done["use.py"] == "import os\n\nfrom app.api import x, fetch\n\n\nfetch(os, x)\n"
