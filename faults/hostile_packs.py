"""Packs of tables that somebody made to do harm; and a pack in the tree, which nobody asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from faults.command_line import PACK
from faults.trees import fill

_TEXT = PACK.decode()
_VALUES = "[suite]\nfolder = 's'\n[suite.values]\n"
_STARS = '"' + "*a" * 60 + 'b"'
_SYMBOL = '[[symbol]]\nname = "fetch"\nhome = "app.old"\nbecomes = "app.new.load"\n'


@dataclass(frozen=True, slots=True)
class HostilePack:
    """A pack.

    Args:
        name: what is wrong with it.
        make: makes its folder.
        harmless: whether it may be used all the same, since what is wrong with it is not acted upon.
    """

    name: str
    make: Callable[[Path], None]
    harmless: bool = False


def _toml(text: str | bytes) -> Callable[[Path], None]:
    return lambda folder: _write(folder, text.encode() if isinstance(text, str) else text)


def _write(folder: Path, data: bytes) -> None:
    fill(folder, {"pack.toml": data})


def _with(more: str) -> Callable[[Path], None]:
    """Return the right pack with more keys of its symbol."""
    return _toml(_TEXT.replace('becomes = "app.new.load"\n', f'becomes = "app.new.load"\n{more}\n'))


def _becoming(goal: str) -> Callable[[Path], None]:
    return _toml(_TEXT.replace('"app.new.load"', goal))


def _top(more: str) -> Callable[[Path], None]:
    return _toml(_TEXT + more)


def _called(name: str) -> Callable[[Path], None]:
    return _toml(_TEXT.replace('"loads"', name))


def _special(kind: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        folder.mkdir()
        path = folder / "pack.toml"
        if kind == "fifo":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        elif kind == "huge":
            path.touch()
            os.truncate(path, 1 << 40)
        else:
            path.symlink_to(kind)

    return make


def _value(code: str) -> Callable[[Path], None]:
    return _with(f"[symbol.arguments]\nadd = {{ more = {code} }}")


_ADDED = "import os\\nos.system('touch fired')\\n#"

PACKS = (
    HostilePack("lists in lists", _toml("x = " + "[" * 100_000)),
    HostilePack("lists in lists that end", _top(_VALUES + "x = " + "[" * 100 + "]" * 100), harmless=True),
    HostilePack("lists in lists, deeper", _top(_VALUES + "x = " + "[" * 5000 + "]" * 5000)),
    HostilePack("tables in tables", _top(_VALUES + "x = " + "{a = " * 2000 + "1" + "}" * 2000)),
    HostilePack("a key of many parts", _top(_VALUES + "" + "a." * 3000 + "a = 1")),
    HostilePack("a table of many parts", _top("[suite]\nfolder = 's'\n[suite.values." + "a." * 3000 + "a]\nb = 1")),
    HostilePack("a file of a terabyte", _special("huge")),
    HostilePack("a FIFO", _special("fifo")),
    HostilePack("a folder", _special("folder")),
    HostilePack("a device without end", _special("/dev/zero")),
    HostilePack("a link that leads out", _special("/etc/passwd")),
    HostilePack("a link to itself", _special("pack.toml")),
    HostilePack("bytes that are no text", _toml(b"\xff\xfe" * 100)),
    HostilePack("a NUL", _toml(_TEXT + "# \0\n")),
    HostilePack("two megabytes", _top("# " + "x" * 2_000_000)),
    HostilePack("a number of many digits", _top(_VALUES + "x = " + "9" * 10_000)),
    HostilePack("a day that is none", _top(_VALUES + "x = 0000-00-00")),
    HostilePack("8,000 tables", _top(_SYMBOL.replace("fetch", "other") * 8000)),
    HostilePack(
        "an option that fills memory",
        _top(f'[options.x]\ndefault = "{"y" * 300_000}"\n[template]\nx = "{"{x}" * 200_000}"'),
    ),
    HostilePack(
        "options that name each other", _top('[options.x]\ndefault = "{x}{x}"\n[template]\na = "{x}"'), harmless=True
    ),
    HostilePack("a name that climbs", _called('"../../x"')),
    HostilePack("a name as a module", _called('"os:system"')),
    HostilePack("a name that ends its line", _called('"loads\\n"')),
    HostilePack("a codemod as a module", _with('codemod = "os:system"')),
    HostilePack("a codemod by its path", _with('codemod = "../../evil/evil"')),
    HostilePack("a codemod of the name of a dunder", _with('codemod = "__init__"')),
    HostilePack("a field too many", _top('[hooks]\nbefore = "touch fired"')),
    HostilePack("a guest that is none", _toml(_TEXT + '[[phase.guest]]\nrun = "os:system"')),
    HostilePack("a goal with a statement", _becoming(f'"app.new\\n{_ADDED}.load"')),
    HostilePack("a goal that climbs", _becoming('"..app.new.load"')),
    HostilePack("a goal of many parts", _becoming('"' + "a." * 5000 + 'b"'), harmless=True),
    HostilePack("a name with a statement", _toml(_TEXT.replace('"fetch"', f'"fetch\\n{_ADDED}"', 1))),
    HostilePack("an import with a statement", _with(f'imports = ["os\\n{_ADDED}"]')),
    HostilePack("a value that is no expression", _value(f'"1)\\n{_ADDED}"')),
    HostilePack("a value of many brackets", _value('"' + "(" * 5000 + "1" + ")" * 5000 + '"')),
    HostilePack("a value of many terms", _value('"' + "1+" * 20_000 + '1"'), harmless=True),
    HostilePack("a value of many signs", _value('"' + "-" * 50_000 + '1"'), harmless=True),
    HostilePack("a value with a NUL", _value('"1\\u0000"')),
    HostilePack("a value that would run", _value("\"__import__('os').system('touch fired')\""), harmless=True),
    HostilePack("a number that is none", _value("nan")),
    HostilePack("a signature with a statement", _with(f'signature = "(number): pass\\n{_ADDED}"')),
    HostilePack("a signature of many brackets", _with('signature = "(number=' + "(" * 5000 + ')"')),
    HostilePack("production by many stars", _top(f"[scope]\nproduction = [{_STARS}]"), harmless=True),
    HostilePack("excludes by many stars", _top(f"[scope]\nexclude = [{_STARS}]"), harmless=True),
    HostilePack("excludes that are none", _top('[scope]\nexclude = ["!", "[z-a]", "//", "\\\\"]'), harmless=True),
    HostilePack(
        "a rule by many stars", _with(f'[[symbol.when]]\npath = [{_STARS}]\nverdict = "manual"'), harmless=True
    ),
    HostilePack("a phase by many stars", _toml(_TEXT + f"include = [{_STARS}]"), harmless=True),
    HostilePack("a suite that leads out", _top('[suite]\nfolder = "../../.."'), harmless=True),
)
