"""Shapes that a file, an import statement or a call can have; each is one way in which a rewrite goes wrong."""

# ruff: noqa: E501 - a shape is one line of its table

from __future__ import annotations

import re
from collections.abc import Callable

Shape = Callable[[str], bytes | None]
_IMPORT = re.compile(r"^from (?P<module>app\S+) import (?P<name>\w+)$", re.M)


def _encoded(change: Callable[[str], str]) -> Shape:
    return lambda text: change(text).encode()


def _cookie(encoding: str, extra: str = "# Größe\n") -> Shape:
    return lambda text: f"# -*- coding: {encoding} -*-\n{extra}{text}".encode(encoding)


def _mixed(text: str) -> bytes:
    first, _, rest = text.partition("\n")
    return f"{first}\r\n{rest}".encode()


def _tabs(text: str) -> bytes | None:
    changed = re.sub(r"^( {4})+", lambda match: "\t" * (len(match.group()) // 4), text, flags=re.M)
    return changed.encode() if changed != text else None


def _import(pattern: str) -> Shape:
    """Write the import of the example in another way."""

    def shape(text: str) -> bytes | None:
        if not _IMPORT.search(text):
            return None
        return _IMPORT.sub(
            lambda m: pattern.replace("MODULE", m["module"]).replace("NAME", m["name"]), text, count=1
        ).encode()

    return shape


BYTES: dict[str, Shape] = {
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "crlf and no final newline": lambda text: text.replace("\n", "\r\n").encode().removesuffix(b"\r\n"),
    "mixed line ends": _mixed,
    "tabs": _tabs,
    "byte-order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "byte-order mark and crlf": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    "utf-8 cookie": _cookie("utf-8"),
    "latin-1 cookie": _cookie("latin-1"),
    "latin-1 cookie and crlf": lambda text: (
        f"# coding: latin-1\r\n# Größe\r\n{text.replace(chr(10), chr(13) + chr(10))}".encode("latin-1")
    ),
    "cp1252 cookie after a shebang": lambda text: (
        f"#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n# 5 €\n{text}".encode("cp1252")
    ),
    "form feed on top": _encoded(lambda text: f"\f\n{text}"),
    "form feed before a statement": _encoded(lambda text: f"\f{text}"),
    "form feed within": _encoded(lambda text: text.replace("\n\n", "\n\f\n", 1)),
    "no final newline": lambda text: text.rstrip("\n").encode(),
    "trailing blanks": _encoded(lambda text: text.replace("\n\n", "  \n \n", 1)),
    "odd separators in a comment": _encoded(lambda text: f"# a\u2028b\u2029c\x0bd\x1ce\x1df\x1eg\x85h\n{text}"),
    "odd separators in a string": _encoded(lambda text: f'TEXT = "a\u2028b\x0bc\x1cd\x85e\f"\n{text}'),
    "a carriage return in a string": lambda text: b'TEXT = """a\rb"""\n' + text.encode(),
    "characters of two units": _encoded(lambda text: f'TEXT = "𝄞ä"\n{text}'),
    "combining characters": _encoded(lambda text: f"# e\u0301 \u200d \ufeff\n{text}"),
    "docstring and future import": _encoded(
        lambda text: f'"""What it is."""\n\nfrom __future__ import annotations\n\n{text}'
    ),
    "shebang": _encoded(lambda text: f"#!/usr/bin/env python\n{text}"),
    "blank lines at the end": _encoded(lambda text: f"{text}\n\n\n"),
    "comment at the end without a newline": _encoded(lambda text: f"{text}# end"),
    "type alias of a class": _encoded(lambda text: f"{text}\n\nclass Other:\n    x: 'int' = 1\n"),
}

IMPORTS: dict[str, Shape] = {
    "parentheses": _import("from MODULE import (NAME)"),
    "parentheses and a comma": _import("from MODULE import (NAME,)"),
    "parentheses over lines": _import("from MODULE import (\n    NAME,\n)"),
    "parentheses over lines, no comma": _import("from MODULE import (\n    NAME\n)"),
    "comments in parentheses": _import(
        "from MODULE import (  # one\n    # two\n    NAME,  # three\n    # four\n)  # five"
    ),
    "comment before the bracket closes": _import("from MODULE import (NAME  # one\n)"),
    "backslash before import": _import("from MODULE \\\n    import NAME"),
    "backslash after import": _import("from MODULE import \\\n    NAME"),
    "backslash after from": _import("from \\\n    MODULE import NAME"),
    "blanks": _import("from  MODULE  import   NAME"),
    "noqa": _import("from MODULE import NAME  # noqa: F401"),
    "type ignore": _import("from MODULE import NAME  # type: ignore[import-untyped]"),
    "first of two with a semicolon": _import("from MODULE import NAME; import os\nprint(os.name)"),
    "second of two with a semicolon": _import("import os; from MODULE import NAME\nprint(os.name)"),
    "between semicolons": _import("import os; from MODULE import NAME; import sys\nprint(os.name, sys.path)"),
    "trailing semicolon": _import("from MODULE import NAME;"),
    "after text of two units on its line": _import('TEXT = "𝄞ä"; from MODULE import NAME'),
    "in a one-line if": _import("if True: from MODULE import NAME"),
    "in a one-line if with a semicolon": _import("if True: from MODULE import NAME; TEXT = 1"),
    "alone in a block": _import("if True:\n    from MODULE import NAME"),
    "last of a block": _import("if True:\n    import os\n    from MODULE import NAME\n    print(os.name)"),
    "alone in an else": _import("if False:\n    NAME = None\nelse:\n    from MODULE import NAME"),
    "in a try": _import("try:\n    from MODULE import NAME\nexcept ImportError:\n    raise"),
    "in a try with a finally": _import("try:\n    from MODULE import NAME\nfinally:\n    pass"),
    "in a with": _import("import contextlib\n\nwith contextlib.suppress(ValueError):\n    from MODULE import NAME"),
    "under TYPE_CHECKING as well": _import(
        "from typing import TYPE_CHECKING\n\nfrom MODULE import NAME\n\nif TYPE_CHECKING:\n    from MODULE import NAME"
    ),
    "twice": _import("from MODULE import NAME\nfrom MODULE import NAME"),
    "twice in one statement": _import("from MODULE import NAME, NAME"),
    "with the same alias": _import("from MODULE import NAME as NAME"),
    "canonical name there already": _import(
        "from app.websocket_core.websocket_manager import WebSocketManager, get_websocket_manager\n"
        "from MODULE import NAME\n\nprint(WebSocketManager, get_websocket_manager)"
    ),
    "canonical name there later": _import(
        "from MODULE import NAME\n"
        "from app.websocket_core.websocket_manager import WebSocketManager, get_websocket_manager\n"
        "\nprint(WebSocketManager, get_websocket_manager)"
    ),
    "canonical name bound to something else": _import(
        "from MODULE import NAME\n\nget_websocket_manager = WebSocketManager = None\nprint(get_websocket_manager, WebSocketManager)"
    ),
    "other canonical names in parentheses": _import(
        "from app.websocket_core.websocket_manager import (\n    WebSocketManagerMode,  # kept\n)\nfrom MODULE import NAME\n\nprint(WebSocketManagerMode)"
    ),
    "under a docstring": _import('"""Docs."""\nfrom MODULE import NAME'),
    "in a match": _import('match "a":\n    case "a":\n        from MODULE import NAME'),
}

# The expression USE stands for a use of the old name and for that of the new one; ASYNC for `async ` where it awaits.
USES: dict[str, str] = {
    "walrus": "ASYNCdef f(context):\n    if m := USE:\n        return m\n",
    "walrus in brackets": "ASYNCdef f(context):\n    while (m := (USE)):\n        return m\n",
    "match subject": "ASYNCdef f(context):\n    match USE:\n        case None:\n            return 1\n        case _ if USE:\n            return 2\n",
    "f-string": 'ASYNCdef f(context):\n    return f"{USE}"\n',
    "f-string with nested quotes": 'ASYNCdef f(context):\n    return f\'{context["a"]!r:>{10}} "b" {USE!s} {{}}\'\n',
    "f-string over lines": 'ASYNCdef f(context):\n    return f"""\n    ä {context}\n  {USE}\n    """\n',
    "f-string after text of two units": 'ASYNCdef f(context):\n    return "𝄞ä", f"𝄞ä {context} {USE}"\n',
    "implicit joins": "ASYNCdef f(context):\n    return ('a' \"b\"\n        f\"{USE}\"  # c\n        'd')\n",
    "default of an inner function": "ASYNCdef f(context):\n    def g(m=USE):\n        return m\n\n    return g\n",
    "decorator argument": "ASYNCdef f(context, deco):\n    @deco(USE)\n    def g():\n        return 1\n\n    return g\n",
    "decorated": "import functools\n\n\n@functools.cache\n@(lambda x: x)\nASYNCdef f(context):\n    return USE\n",
    "method": "class C:\n    ASYNCdef f(self, context):\n        return USE\n",
    "static method with a decorator over lines": "class C:\n    @staticmethod\n    # why\n    ASYNCdef f(context):\n        return USE\n",
    "inner function": "def g():\n    ASYNCdef f(context):\n        return USE\n\n    return f\n",
    "global": "M = None\n\n\nASYNCdef f(context):\n    global M\n    M = USE\n",
    "nonlocal": "def g():\n    m = None\n\n    ASYNCdef f(context):\n        nonlocal m\n        m = USE\n\n    return f, m\n",
    "comprehension": "ASYNCdef f(contexts):\n    return [USE for context in contexts if context]\n",
    "dictionary": "ASYNCdef f(context):\n    return {'a': USE, **{'b': 1}}\n",
    "star": "ASYNCdef f(context):\n    return print(*[USE], **{'sep': ''})\n",
    "condition": "ASYNCdef f(context):\n    return USE if context else (USE)\n",
    "semicolons": "ASYNCdef f(context):\n    a = 1; m = USE; b = 2\n    return a, m, b\n",
    "one-line if": "ASYNCdef f(context):\n    if context: m = USE\n    else: m = USE; print(m)\n    return m\n",
    "one-line function": "ASYNCdef f(context): return USE\n",
    "one-line class": "class C: x = 1\nASYNCdef f(context): return USE;\n",
    "text of two units before": 'ASYNCdef f(context):\n    return "𝄞ä", USE, "𝄞ä"\n',
    "backslash": "ASYNCdef f(context):\n    return context and \\\n        USE\n",
    "assert": 'ASYNCdef f(context):\n    assert USE, "USE_NOT"\n',
    "attribute": "ASYNCdef f(context):\n    return (USE).user_context\n",
    "subscript": "ASYNCdef f(context):\n    return (USE)[0], {USE: 1}\n",
    "comparison": "ASYNCdef f(context):\n    return None is not USE != 3\n",
    "not": "ASYNCdef f(context):\n    return not USE\n",
    "annotated assignment": "ASYNCdef f(context):\n    m: object = USE\n    return m\n",
    "augmented assignment": "ASYNCdef f(context):\n    m = []\n    m += [USE]\n    return m\n",
    "tuple assignment": "ASYNCdef f(context):\n    a, b = USE, USE\n    return a, b\n",
    "with": "ASYNCdef f(context, holding):\n    with holding(USE) as m, holding(m) as n:\n        return n\n",
    "for": "ASYNCdef f(context):\n    for m in [USE]:\n        print(m)\n    else:\n        print(USE)\n",
    "try": "ASYNCdef f(context):\n    try:\n        m = USE\n    except KeyError:\n        m = USE\n    else:\n        print(m)\n    finally:\n        print(1)\n    return m\n",
    "generator": "ASYNCdef f(context):\n    yield USE\n",
    "del": "ASYNCdef f(context):\n    m = USE\n    del m\n",
    "raise": "ASYNCdef f(context):\n    raise ValueError(USE)\n",
    "type hint comment": "ASYNCdef f(context):\n    m = USE  # type: ignore[misc]  # noqa: E501\n    return m\n",
    "deep brackets": "ASYNCdef f(context):\n    return ((([USE])))\n",
    "strings that name it": "ASYNCdef f(context):\n    print('create_websocket_manager', r'UnifiedWebSocketManager')\n    return USE\n",
    "comments that name it": "ASYNCdef f(context):\n    # create_websocket_manager and WebSocketManagerFactory\n    return USE  # create_websocket_manager_sync\n",
}

# KEY stands for the keyword that the class wants for its argument.
CALLS: dict[str, str] = {
    "comment in the brackets": "NAME(  # who\n        KEYcontext  # that one\n    )",
    "trailing comma": "NAME(KEYcontext,)",
    "over lines": "NAME(\n        KEYcontext,\n    )",
    "comment in front": "NAME(\n        # who\n        KEYcontext,\n        # nobody else\n    )",
    "blanks": "NAME ( KEYcontext )",
    "brackets around the argument": "NAME(KEY(context))",
    "brackets around it all": "(NAME(KEYcontext))",
    "backslash": "NAME \\\n        (KEYcontext)",
    "argument of its own kind": "NAME(KEYcontext if context else (lambda: context)())",
    "string argument with quotes": "NAME(KEYcontext['a\"b'])",
    "text of two units in the argument": "NAME(KEYcontext['𝄞ä'])",
}

# Where the position of the use within the text cannot be relied on: nothing changes.
IN_F_STRINGS = {name for name in USES if name.startswith("f-string")} | {"implicit joins"}
