"""Plan files that somebody made to do harm: each made of a right one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HostilePlan:
    """A plan file.

    Args:
        name: what is wrong with it.
        make: writes it (the path), given the right one; the tree's root is the folder `root` beside.
        harmless: whether it may be applied all the same, since what is wrong with it is not acted upon.
    """

    name: str
    make: Callable[[Path, Value], None]
    harmless: bool = False


def _changed(change: Callable[[Value], object]) -> Callable[[Path, Value], None]:
    def make(file: Path, value: Value) -> None:
        change(value)
        file.write_text(json.dumps(value))

    return make


def _raw(data: bytes) -> Callable[[Path, Value], None]:
    def make(file: Path, _value: Value) -> None:
        file.write_bytes(data)

    return make


def _files(value: Value) -> list[Value]:
    return list(value["phases"][0]["files"])


def _named(path: str, *, digest: str = "") -> Callable[[Path, Value], None]:
    def change(value: Value) -> None:
        _files(value)[0].update({"path": path} | ({"before": digest} if digest else {}))

    return _changed(change)


def _number(text: str) -> Callable[[Path, Value], None]:
    """Write a number that JSON can say and Python's `json` would not write."""

    def make(file: Path, value: Value) -> None:
        _files(value)[0]["places"][0]["line"] = 123456789
        file.write_text(json.dumps(value).replace("123456789", text))

    return make


def _put(**more: Any) -> Callable[[Path, Value], None]:
    return _changed(lambda value: value.update(more))


def _first(**more: Any) -> Callable[[Path, Value], None]:
    return _changed(lambda value: _files(value)[0].update(more))


def _place(**more: Any) -> Callable[[Path, Value], None]:
    return _changed(lambda value: _files(value)[0]["places"][0].update(more))


def _many(value: Value) -> None:
    first = json.dumps({**_files(value)[0], "places": [], "planned": {}, "edits": []})
    value["phases"][0]["files"] = [{**json.loads(first), "path": f"app/{number}.py"} for number in range(20_000)]


def _twice(value: Value) -> None:
    value["phases"][0]["files"] = _files(value) * 2


def _foreign_text(value: Value) -> None:
    for file in _files(value):
        for edit in file["edits"]:
            edit.update(replacement="import os; os.abort()", start=0, end=0, expected="")


def _special(kind: str) -> Callable[[Path, Value], None]:
    def make(file: Path, _value: Value) -> None:
        if kind == "fifo":
            os.mkfifo(file)
        elif kind == "folder":
            file.mkdir()
        elif kind == "huge":
            file.touch()
            os.truncate(file, 1 << 40)
        else:
            file.symlink_to(kind)

    return make


def _in_the_way(target: str) -> Callable[[Path, Value], None]:
    """Make a planned file a link, or its folder: the text that it leads to is as it was planned upon."""

    def make(file: Path, value: Value) -> None:
        root = file.parent / "root"
        path = root / _files(value)[0]["path"]
        outside = file.parent / "beside"
        os.rename(path, outside / path.name)
        if target == "file":
            path.symlink_to(outside / path.name)
        else:
            for other in (root / "app").iterdir():
                os.rename(other, outside / other.name)
            (root / "app").rmdir()
            (root / "app").symlink_to(outside)
        file.write_text(json.dumps(value))

    return make


PATHS = (
    "../../etc/passwd", "/etc/passwd", ".git/hooks/post-commit", ".GIT/config", ".git\u200c/config", "a/../../b.py",
    "app/use.py\0.txt", "..\\..\\b.py", "../beside/x.py", "app/../../beside/x.py", ".recanon/journal.sqlite3", "", ".",
    "./app/use.py", "app//use.py", "app/use.py/", "C:\\x.py", "~/.bashrc", "\ud800.py", "x" * 5000, "a/" * 3000 + "b",
    "app/use.py\n", "\u202eyp.esu", "fifo.py", "app", "\x1b]52;c;aGk=\x07.py", "outside.py", "loop/x.py",
)  # fmt: skip

PLANS = (
    *(HostilePlan(f"path {path[:30]!a}", _named(path)) for path in PATHS),
    HostilePlan("a planned file is a link that leads out", _in_the_way("file")),
    HostilePlan("the folder of a planned file is a link that leads out", _in_the_way("folder")),
    HostilePlan("a pack by its path", _put(pack="./evil")),
    HostilePlan("a pack as a module", _put(pack="os:system")),
    HostilePlan("a pack that climbs", _put(pack="../root/evil/pack.toml")),
    HostilePlan("another pack", _put(pack="websocket-ssot")),
    HostilePlan("a later form", _put(schema="recanon/plan-file/2")),
    HostilePlan("an unknown option", _put(options={"prefix": "../.."})),
    HostilePlan("an option with a text that is none", _put(options={"prefix": ["a"]})),
    HostilePlan("a field too many", _put(command="touch fired")),
    HostilePlan("a file of another kind", _first(kind="delete")),
    HostilePlan("patterns that take for ever", _put(exclude=["*a" * 40 + "b"]), harmless=True),
    HostilePlan("a text before that is another", _first(before="0" * 64)),
    HostilePlan("a text after that is another", _first(after="0" * 64)),
    HostilePlan("a digest that is none", _first(before="../../x")),
    HostilePlan("a file that goes", _first(after="")),
    HostilePlan("a line that is not a number", _number("NaN")),
    HostilePlan("a line without end", _number("Infinity")),
    HostilePlan("a line of many digits", _number("9" * 10_000)),
    HostilePlan("a line beyond all numbers", _number("1e999")),
    HostilePlan("a line before the first", _place(line=-1)),
    HostilePlan("a place that is none", _place(line=2**62)),
    HostilePlan("a decision that is none", _place(decision="perhaps")),
    HostilePlan("a name that steers", _place(reason="\x1b]0;x\x07", hint="\r\x1b[2J"), harmless=True),
    HostilePlan("foreign texts in the edits", _changed(_foreign_text), harmless=True),
    HostilePlan("files that come twice", _changed(_twice)),
    HostilePlan("phases that come twice", _changed(lambda value: value.update(phases=value["phases"] * 2))),
    HostilePlan("a phase that is none", _changed(lambda value: value["phases"][0].update(id="../x"))),
    HostilePlan("20,000 files", _changed(_many)),
    HostilePlan("lists in lists", _raw(b"[" * 1_000_000)),
    HostilePlan("tables in tables", _raw(b'{"schema":' * 200_000)),
    HostilePlan("bytes that are no text", _raw(b"\xff\xfe\x00" * 100)),
    HostilePlan("an empty file", _raw(b"")),
    HostilePlan("a FIFO", _special("fifo")),
    HostilePlan("a folder", _special("folder")),
    HostilePlan("a device without end", _special("/dev/zero")),
    HostilePlan("a device of chance", _special("/dev/urandom")),
    HostilePlan("a file of a terabyte", _special("huge")),
    HostilePlan("a link to itself", _special("plan.json")),
)
