"""What worker processes serve in tests: each item says what is done."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from recanon.errors import UsageError


def calm(setup: bytes) -> Callable[[bytes], bytes]:
    """Serve an echo."""
    return lambda item: setup + item


def refused(setup: bytes) -> Callable[[bytes], bytes]:
    """Refuse to be made, in words for the user."""
    raise UsageError("no such thing", "Take another.")


def broken(setup: bytes) -> Callable[[bytes], bytes]:
    """Fail to be made, after a word."""
    print("about to fail")
    raise KeyError("absent")


def deadly(setup: bytes) -> Callable[[bytes], bytes]:
    """End the process instead of being made."""
    os._exit(3)


def wild(setup: bytes) -> Callable[[bytes], bytes]:
    """Serve items that name what goes wrong."""
    seen: list[bytes] = []

    def serve(item: bytes) -> bytes:
        seen.append(item)
        word, _, rest = item.partition(b" ")
        WILD[word.decode()](rest)
        return item + b" of " + b",".join(seen)

    return serve


def _segfault(_: bytes) -> None:
    ctypes.string_at(0)


def _recurse(_: bytes) -> None:
    _recurse(_)


def _print(_: bytes) -> None:
    for _number in range(3_000):
        print("x" * 999)
    print("the last line", file=sys.stderr)


def _eat(_: bytes) -> None:
    bytearray(8 << 30)


def _leave_child(mark: bytes) -> None:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", mark.decode()])
    time.sleep(600)


def _once(path: bytes) -> None:
    """Die the first time only."""
    if not Path(os.fsdecode(path)).exists():
        Path(os.fsdecode(path)).touch()
        os._exit(9)


def _babble(_: bytes) -> None:
    threading.Thread(target=lambda: [print("babble") for _number in range(100)]).start()


def _close(_: bytes) -> None:
    for number in (1, 2):
        os.close(number)
    time.sleep(0.5)


def _forge(_: bytes) -> None:
    for number in range(3, 64):
        try:
            os.write(number, b"garbage")
        except OSError:
            continue


WILD: dict[str, Callable[[bytes], object]] = {
    "ok": lambda _: None,
    "sleep": lambda _: time.sleep(600),
    "spin": lambda _: [None for _number in iter(int, 1)],
    "exit": lambda _: os._exit(0),
    "sys.exit": lambda _: sys.exit("that is all"),
    "kill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "stop": lambda _: os.kill(os.getpid(), signal.SIGSTOP),
    "segfault": _segfault,
    "recurse": _recurse,
    "raise": lambda _: [][0],
    "print": _print,
    "say": lambda rest: print(rest.decode()),
    "eat": _eat,
    "child": _leave_child,
    "once": _once,
    "chdir": lambda rest: os.chdir(os.fsdecode(rest)),
    "where": lambda _: print(os.getcwd(), *sys.path, sep="\n"),
    "babble": _babble,
    "close": _close,
    "forge": _forge,
}
