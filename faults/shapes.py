"""Shapes that the bytes of a file can have. Each makes the same of a text before and after a rewrite, so that what must
come out is known to the byte."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator

Shape = Callable[[str], bytes]

BOM = codecs.BOM_UTF8
_FEED, _TAB = "\f", "\t"
_UMLAUTS = "# Größe\n"


def _top(odd: str) -> Shape:
    return lambda text: (odd + text).encode()


def _end(odd: str) -> Shape:
    return lambda text: (text + odd).encode()


def _between(odd: str) -> Shape:
    """Something on lines of its own between the import and the function."""
    return lambda text: text.replace("\n\n\n", f"\n\n{odd}\n\n", 1).encode()


def _within(odd: str) -> Shape:
    """Something right before the statement in the function."""
    return lambda text: text.replace("    return", f"{odd}    return", 1).encode()


def _behind_import(odd: str) -> Shape:
    """Something at the end of the line of the import."""
    return lambda text: text.replace("\n", f"{odd}\n", 1).encode()


def _behind_use(odd: str) -> Shape:
    """Something at the end of the line in the function."""
    return lambda text: text.replace("\n\n\nDONE", f"{odd}\n\n\nDONE").encode()


def _ends(newline: str) -> Shape:
    return lambda text: text.replace("\n", newline).encode()


def _alternating(text: str) -> bytes:
    lines = text.split("\n")
    return "".join(line + ("\r\n" if number % 2 else "\n") for number, line in enumerate(lines[:-1])).encode()


def _cookie(name: str, codec: str = "", extra: str = _UMLAUTS, head: str = "# -*- coding: {} -*-\n") -> Shape:
    return lambda text: (head.format(name) + extra + text).encode(codec or name)


def _raw(head: bytes = b"", tail: bytes = b"") -> Shape:
    return lambda text: head + text.encode() + tail


def _named(*shapes: tuple[str, Shape]) -> Iterator[tuple[str, Shape]]:
    yield from shapes


def _line_ends() -> Iterator[tuple[str, Shape]]:
    yield "plain", _ends("\n")
    yield "CRLF", _ends("\r\n")
    yield "CR alone", _ends("\r")
    yield "CRLF and LF in turn", _alternating
    yield "one CRLF at the top", lambda text: text.replace("\n", "\r\n", 1).encode()
    yield "one CRLF at the end", lambda text: text.removesuffix("\n").encode() + b"\r\n"
    yield "one CR alone at the end", lambda text: text.removesuffix("\n").encode() + b"\r"
    yield "CR CR LF", _ends("\r\r\n")
    yield "LF CR", _ends("\n\r")
    yield "CR in a comment", _between("# a\rx = 1")
    yield "CR in a string over lines", _between('TEXT = """a\rb\r\nc"""')
    yield "CRLF, no final line end", lambda text: text.removesuffix("\n").replace("\n", "\r\n").encode()
    yield "no final line end", lambda text: text.removesuffix("\n").encode()
    yield "no final line end, blanks there", lambda text: text.removesuffix("\n").encode() + b"  \t "
    yield "empty lines at the end", _end("\n\n\n\n")
    yield "blanks on lines at the end", _end("  \n\t\n \n")
    yield "a backslash at the end", _end("x = \\\n  1\n")
    yield "empty lines at the top", _top("\n\n\n")
    yield "blanks on lines at the top", _top("  \n\t\n")


def _marks() -> Iterator[tuple[str, Shape]]:
    yield "BOM", _raw(BOM)
    yield "BOM and CRLF", lambda text: BOM + _ends("\r\n")(text)
    yield "BOM and a cookie", _raw(BOM + b"# coding: utf-8\n")
    yield "BOM and a cookie that says latin-1", _raw(BOM + b"# coding: latin-1\n")
    yield "two BOMs", _raw(BOM + BOM)
    yield "BOM in the middle", _between("# \ufeff")
    yield "UTF-16 with its BOM", lambda text: text.encode("utf-16")
    yield "UTF-16 by a cookie", lambda text: ("# coding: utf-16\n" + text).encode("utf-16")
    yield "UTF-32", lambda text: text.encode("utf-32")


def _cookies() -> Iterator[tuple[str, Shape]]:
    for name in ("utf-8", "latin-1", "iso-8859-15", "cp1252", "mac-roman", "koi8-r", "cp437"):
        yield f"cookie {name}", _cookie(name, extra="# \u0416\n" if name == "koi8-r" else "# \u00e4\n")
    yield "cookie utf-8-sig without the BOM", _cookie("utf-8-sig", "utf-8")
    yield "cookie latin-1-unix", _cookie("latin-1-unix", "latin-1")
    yield "cookie shift_jis", _cookie("shift_jis", extra="# 表示ソ\nTEXT = '表示'\n")
    yield "cookie euc-jp", _cookie("euc-jp", extra="# 表示\n")
    yield "cookie iso-2022-jp", _cookie("iso-2022-jp", extra="# 表示\nTEXT = '表示'\n")
    yield "cookie gbk", _cookie("gbk", extra="# 誠\\\n")
    yield "cookie big5", _cookie("big5", extra="# 功許\n")
    yield "cookie utf-7", _cookie("utf-7", extra="# \u00e4 +\n")
    yield "cookie hz", _cookie("hz", "ascii", "# a\n")
    yield "cookie ascii, text that is not", _cookie("ascii", "utf-8")
    yield "cookie rot13", _cookie("rot13", "utf-8", "")
    yield "cookie undefined", _cookie("undefined", "utf-8", "")
    yield "cookie unicode_escape", _cookie("unicode_escape", "utf-8", "")
    yield "cookie of nothing known", _cookie("klingon", "utf-8", "")
    yield "cookie that is wrong: utf-8 for latin-1", _cookie("utf-8", "latin-1")
    yield "cookie that is wrong: latin-1 for utf-8", _cookie("latin-1", "utf-8")
    yield "cookie on line 2", _cookie("latin-1", head="#!/usr/bin/env python\n# coding={}\n")
    yield "cookie on line 3, too late", _cookie("latin-1", "utf-8", head="#!/usr/bin/env python\n#\n# coding={}\n")
    yield "cookie on line 2 under code", _cookie("latin-1", "utf-8", head="import os; print(os)\n# coding={}\n")
    yield "cookie as vim has it, form feed first", _cookie("cp1252", head="\f# vim: set fileencoding={} :\n")
    yield "cookie and CRLF", lambda text: _ends("\r\n")(f"# coding: latin-1\n{text}")
    yield "cookie and CR alone", lambda text: f"# coding: latin-1\n# ä\n{text}".replace("\n", "\r").encode("latin-1")


def _separators() -> Iterator[tuple[str, Shape]]:
    yield "form feed at the top", _top("\f")
    yield "form feed on a line at the top", _top("\f\n")
    yield "form feed before a function", _between("\f")
    yield "form feed before a comment", _between("\f# page")
    yield "form feed before the statement's indentation", _within("\f")
    yield "form feed within the indentation", lambda text: text.replace("    return", "  \f  return", 1).encode()
    yield "form feed behind the import", _behind_import("\f")
    yield "form feed behind the use", _behind_use("\f")
    yield "form feed at the end", _end("\f")
    yield "form feed on a line at the end", _end("\f\n")
    yield "form feed in a string", _between('TEXT = "a\fb"')
    yield "vertical tab in a string", _between('TEXT = "a\vb"')
    yield "vertical tab in a comment", _between("# a\vb")
    yield "vertical tab between tokens", _behind_use("\v")
    yield "tabs", lambda text: text.replace("    ", "\t").encode()
    yield "tab behind the import", _behind_import("\t\t")
    yield "blanks behind the import", _behind_import("   ")
    yield "blanks behind the use", _behind_use("  \t ")
    yield "blanks on empty lines", lambda text: text.replace("\n\n\n", "\n  \n\t\n").encode()
    yield "a comment behind the import", _behind_import("  # ä \u2028 why")
    yield "a comment behind the use", _behind_use("  # ä \x85 why")
    yield "a line continued before the function", _between("x = 1 + \\\n    2")
    yield "a line continued by nothing", _between("if True: \\\n\n    x = 1")
    yield "a very long line", _between("TEXT = '" + "ä" * 60_000 + "'")
    yield "a very long comment at the end", _end("# " + "x" * 60_000)


def _characters() -> Iterator[tuple[str, Shape]]:
    for name, odd in (
        ("U+2028 and U+2029", "\u2028\u2029"),
        ("U+0085", "\x85"),
        ("U+001C to U+001F", "\x1c\x1d\x1e\x1f"),
        ("zero width", "\u200b\u200c\u200d\u2060\ufeff"),
        ("bidirectional marks", "\u202e\u2066\u2069\u200f"),
        ("beyond 16 bits", "𝄞𐍈😀"),
        ("combining marks", "e\u0301\u0323"),
        ("ESC and DEL", "\x1b[2J\x7f\x9b"),
    ):
        yield f"{name} in a comment at the top", _top(f"# a{odd}b\n")
        yield f"{name} in a string before the use", _within(f'    TEXT = "a{odd}b"\n')
        yield f"{name} in a comment behind the use", _behind_use(f"  # a{odd}b")
    yield "a wide string on the line of the use", _within('    "𝄞ä"; ' + "x = 1\n")
    yield "a name that is not ASCII", _between("größe = 1")
    yield "a name in another normal form", _between("e\u0301 = ﬁ = 1")


def _unreadable() -> Iterator[tuple[str, Shape]]:
    yield "NUL in a comment", _between("# a\0b")
    yield "NUL at the end", _end("\0")
    yield "bad UTF-8 before the use", lambda text: text.encode().replace(b"\n\n\n", b"\n# \xff\xfe\n\n", 1)
    yield "bad UTF-8 behind the use", _raw(tail=b"# \xe4\n")
    yield "UTF-8 cut off at the end", _raw(tail=b"# \xf0\x9f")
    yield "UTF-8 of a surrogate", _raw(tail=b"# \xed\xa0\x80\n")
    yield "UTF-8 longer than need be", _raw(tail=b"# \xc0\xaf\n")
    yield "a string that does not end", _end('TEXT = "\n')
    yield "an indentation that fits nothing", _end("if True:\n        x = 1\n    y = 2\n")
    yield "tabs and blanks that contradict", _end("if True:\n\tx = 1\n        y = 2\n")
    yield "Python 2", _end('print "done"\n')
    yield "control Z at the end", _end("\x1a")


SHAPES: dict[str, Shape] = dict((*_line_ends(), *_marks(), *_cookies(), *_separators(), *_characters(), *_unreadable()))
