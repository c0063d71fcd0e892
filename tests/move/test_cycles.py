"""A move that would make an import fail is refused; one that only adds to a ring of imports that works is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.move.helpers import moved, refused

FETCH = "def fetch(n):\n    return n\n"
FAILS = {
    "both need each other": {
        "app/core.py": f"LIMIT = 1\n\n\n{FETCH.replace('return n', 'return LIMIT')}\n\nfetch(1)\n",
        "app/data.py": "",
    },
    "the new module is imported below, and takes what stands above": {
        "app/core.py": f"{FETCH}\n\ndef other():\n    return fetch(1)\n\n\nfrom app.data import late\n",
        "app/data.py": "from app.core import other\n\nlate = other\n",
    },
    "the new module is imported under a condition, below": {
        "app/core.py": f"{FETCH}\n\ndef other():\n    return fetch(1)\n\n\nif other:\n    from app.data import late\n",
        "app/data.py": "from app.core import other\n\nlate = other\n",
    },
    "a third module": {
        "app/core.py": f"{FETCH}\n\ndef other():\n    return fetch(1)\n",
        "app/data.py": "from app.third import x\n",
        "app/third.py": "from app.core import other\n\nx = other\n",
    },
}
WORKS = {
    "the package takes it from the other module": {
        "app/__init__.py": "from .core import fetch\n\n__all__ = ['fetch']\n",
        "app/core.py": FETCH,
        "app/data.py": "import app.parts\n\nx = 1\n",
        "app/parts.py": "import app\n",
    },
    "the other module was imported there already": {
        "app/core.py": f"from app.data import x\n\n{FETCH}\n\ndef other():\n    return fetch(x)\n",
        "app/data.py": "x = 1\n",
    },
    "in a function": {
        "app/core.py": f"{FETCH}\n\ndef other():\n    return fetch(1)\n",
        "app/data.py": "def f():\n    from app.core import other\n\n    return other\n",
    },
}


@pytest.mark.parametrize("case", FAILS)
def test_an_import_that_would_fail_stops_the_move(tmp_path: Path, case: str) -> None:
    assert "cycle" in refused(tmp_path, {"app/__init__.py": "", **FAILS[case]}, "app.core.fetch", "app.data.fetch")


@pytest.mark.parametrize("case", WORKS)
def test_an_import_that_works_does_not(tmp_path: Path, case: str) -> None:
    done = moved(tmp_path, {"app/__init__.py": "", **WORKS[case]}, "app.core.fetch", "app.data.fetch")
    assert FETCH in done["app/data.py"]
