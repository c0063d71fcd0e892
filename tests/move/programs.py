"""Random programs of several modules that import, hand on, patch and look up one symbol in every way."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

CORES = {
    "function": "def fetch(n=1):\n    return fetch(n - 1) + 'x' if n else 'done'\n",
    "class": (
        "class fetch(str):\n    def __new__(cls, n=1):\n        return super().__new__(fetch, 'done' + 'x' * n)\n"
        "    def again(self) -> 'fetch':\n        return fetch(2)\n"
    ),
    "value": "fetch = (lambda n=1: 'done' + 'x' * n)\n",
    "decorated": (
        "import functools\n\n\n# Kept: why it is cached.\n@functools.lru_cache(maxsize=None)\ndef fetch(n=1):\n"
        "    return 'done' + 'x' * n\n"
    ),
    "uses others": "SUFFIX = 'x'\n\n\ndef fetch(n=1):\n    return 'done' + SUFFIX * n\n",
    "named tuple": (
        "import collections\n\n\nfetch = collections.namedtuple('fetch', 'n', defaults=(1,))\n"
        "fetch.__str__ = lambda self: 'done' + 'x' * self.n\n"
    ),
    "uses an import that may fail": (
        "try:\n    import nowhere as helper_of\nexcept ImportError:\n    helper_of = None\n\n\n"
        "def fetch(n=1):\n    return f'done {helper_of}' + 'x' * n\n"
    ),
    "uses one of two": (
        "import sys\n\nif sys.byteorder == 'other':\n    END = '!'\nelse:\n    END = '?'\n\n\n"
        "def fetch(n=1):\n    return 'done' + END * n\n"
    ),
    "uses overloads": (
        "from typing import overload\n\n\n@overload\ndef suffix(n: int) -> str: ...\n@overload\n"
        "def suffix(n: str) -> str: ...\ndef suffix(n):\n    return 'x' * int(n)\n\n\n"
        "def fetch(n=1):\n    return 'done' + suffix(n)\n"
    ),
    "for type checkers": (
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from typing import TypeVar\n    T = TypeVar('T')\n\n\n"
        "def fetch(n: T = 1) -> T:\n    return 'done' + 'x' * n\n"
    ),
    "global": (
        "fetch = None\n\n\ndef start():\n    global fetch\n    fetch = lambda n=1: 'done' + 'x' * n\n\n\nstart()\n"
    ),
}
BESIDES = (
    "def helper(n=1):\n    return fetch(n)\n",
    "def fetch_all(fetch=fetch):\n    return [fetch(n) for n in range(2)]\n",
    "TABLE = {'fetch': fetch}\n",
    "class Kit:\n    fetch = fetch\n    def get(self):\n        return self.fetch\n",
    "__all__ = ['fetch']\n",
    "__all__ = ['fetch', 'helper']\n\n\ndef helper():\n    return 'helper'\n",
    "def load_all(load):\n    return load\n",
    "name = 'fetch'\n",
    "__all__ = ['apply', 'fetch', 'get']\n\n\ndef apply(): ...\ndef get(): ...\n",
    "got = fetch\n",
    "def later():\n    global SUFFIX\n    SUFFIX = 'y'\n",
)
FACADES = (
    "",
    "from .core import fetch\n",
    "from .core import fetch\n\n__all__ = ['fetch']\n",
    "from .core import fetch as fetch\n",
    "from .core import *\n",
    "from .core import *\n\n__all__ = ['fetch']\n",
    "from . import core\n",
    "# A comment.\n",
    '"""A docstring."""\n',
    "import os\n\nfrom .core import fetch",
    "def call(n=1):\n    return fetch(n)\n\n\nfrom .core import fetch\n",
    "from .core import fetch\n\n\ndef call(n=1):\n    return fetch(n)\n",
    "from app.core import (\n    fetch,  # for all\n)\nload = 'mine'\n",
)
# How the symbol comes into a module, and the expression that denotes it there.
WAYS = (
    ("from app.core import fetch\n", "fetch"),
    ("from app.core import fetch as got\n", "got"),
    ("from app.core import fetch as load\n", "load"),
    ("from .core import fetch\n", "fetch"),
    ("from app.core import (\n    fetch,  # this one\n)\n", "fetch"),
    ("import app.core\n", "app.core.fetch"),
    ("import app.core as c\n", "c.fetch"),
    ("from app import core\n", "core.fetch"),
    ("from . import core as c\n", "c.fetch"),
    ("from app import fetch\n", "fetch"),
    ("from . import fetch\n", "fetch"),
    ("import app\n", "app.fetch"),
    ("from app.core import *\n", "fetch"),
    ("from app.api import *\n", "fetch"),
    ("from app.api import fetch\n", "fetch"),
    ("import app.api as api\n", "api.fetch"),
    ("from app import api, core\n", "api.fetch"),
    ("import sys; from app.core import fetch; import os\n", "fetch"),
    ("try:\n    from app.core import fetch\nexcept ImportError:\n    fetch = None\n", "fetch"),
    ("if True:\n    from app.core import fetch\n", "fetch"),
    ("from app import core\nfetch = core.fetch\n", "fetch"),
    ("from app.core import fetch\nagain = fetch\n", "again"),
    ("from app.api import call\n", "call"),
    ("import app.core\n\n\ndef late(n=1):\n    return app.core.fetch(n)\n", "late"),
    ("def late(n=1):\n    from app.core import fetch\n    return fetch(n)\n", "late"),
)
# What a function does with it; {it} denotes the symbol.
USES = (
    "return {it}(2)",
    "return f'<{{{it}(1)}} fetch>'",
    "return [{it}(n) for n in range(2)]",
    "return (lambda fetch: fetch)('own') + {it}(1)",
    "return [fetch for fetch in ('own',)] + [{it}(1)]",
    "load = 'own'\n    return load + {it}(1)",
    "return getattr({owner}, 'fetch')(1)",
    "return dict(fetch={it}(1))['fetch']",
    "def inner(fetch={it}):\n        return fetch(1)\n    return inner()",
    "def inner(x: 'fetch') -> 'fetch':\n        return x\n    return inner({it}(1))",
    "class Own:\n        fetch = {it}(1)\n        load = 'own'\n    return Own.fetch + Own.load",
    "load = [{it}(1) for load in 'ab']\n    return load",
    "return globals()['fetch'](1)",
    "return hasattr({owner}, 'fetch')",
    "return 'fetch'.upper() + {it}(0)",
    "from app.core import fetch\n    return fetch(3)",
    "from .core import fetch as load\n    return load(3)",
    "import app.core\n    return app.core.fetch(3)",
    "if (got := {it}(1)):\n        return got",
    "return load + {it}(1)",
    "match {it}(1):\n        case str(fetch):\n            return fetch",
)
PATCHES = (
    "with patch('app.use0.fetch', stub):\n        return use0.run_0()",
    "with patch('app.use1.fetch', stub):\n        return use1.run_1()",
    "with patch('app.core.fetch', stub):\n        return [use0.run_0(), use1.run_0()]",
    "with patch('app.fetch', stub):\n        return use0.run_1()",
    "with patch('app.api.fetch', stub):\n        return use1.run_0()",
    "with patch.object(use0, 'fetch', stub):\n        return use0.run_0()",
    "with patch.object(app.core, 'fetch', new=stub):\n        return use1.run_1()",
    "with patch.multiple('app.use0', fetch=stub):\n        return use0.run_1()",
    "with patch('app.use0.load', stub):\n        return use0.run_0()",
    "with patch('app.use0.c.fetch', stub):\n        return use0.run_0()",
    "with patch('app.core.fetch', stub):\n        return use1.run_1()",
    "with patch('app.api.fetch', stub):\n        return [use0.run_0(), use1.run_1()]",
    "with patch('app.core.SUFFIX', 'z'):\n        return use0.run_0()",
    "with patch('app.core.END', 'z'):\n        return use1.run_0()",
    "app.core.SUFFIX = 'z'\n    return use1.run_0()",
)
_PATCHING = (
    "from unittest.mock import patch\nimport app.core\nfrom app import use0, use1\n\n\ndef stub(*_):\n    return 's'\n"
)


def _functions(bodies: list[str]) -> str:
    return "".join(f"\n\ndef run_{number}():\n    {body}\n" for number, body in enumerate(bodies))


@st.composite
def _module(draw: st.DrawFn) -> str:
    text, it = draw(st.sampled_from(WAYS))
    extra = draw(st.sampled_from(["", "", "", "load = 'mine'\n", "from json import load\n"]))
    uses = draw(st.lists(st.sampled_from(USES), min_size=2, max_size=4))
    owner = it.rpartition(".")[0] or "__import__('sys').modules[__name__]"
    return text + extra + _functions([use.format(it=it, owner=owner) for use in uses])


@st.composite
def programs(draw: st.DrawFn) -> Mapping[str, str]:
    """Draw a program: its files by path. `app.core.fetch` is the symbol."""
    besides = "\n\n".join(draw(st.lists(st.sampled_from(BESIDES), max_size=3, unique=True)))
    patches = draw(st.lists(st.sampled_from(PATCHES), min_size=1, max_size=3))
    return {
        "app/__init__.py": draw(st.sampled_from(FACADES)),
        "app/core.py": draw(st.sampled_from(sorted(CORES.values()))) + "\n\n" + besides,
        "app/api.py": draw(st.sampled_from(FACADES)),
        "app/use0.py": draw(_module()),
        "app/use1.py": draw(_module()),
        "test_use.py": _PATCHING + _functions(patches),
    }
