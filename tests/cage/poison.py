"""Work that does all that it should not, by the name of what it does."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from recanon.errors import UsageError


def poisoned(item: str) -> str:
    """Do what an item says; by default, return it."""
    what, _, rest = item.partition(":")
    return {**HARMLESS, **POISON}.get(what, str)(rest or item)


def _kill(_: str) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def _segfault(_: str) -> str:
    os.kill(os.getpid(), signal.SIGSEGV)
    return ""


def _spin(_: str) -> str:
    while True:
        pass


def _regex(_: str) -> str:
    """One call of C code that never lets the interpreter go."""
    re.match(r"(a+)+$", "a" * 60 + "b")
    return ""


def _sleep(_: str) -> str:
    time.sleep(600)
    return ""


def _stop(_: str) -> str:
    os.kill(os.getpid(), signal.SIGSTOP)
    return ""


def _deaf(_: str) -> str:
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    return _spin("")


def _eat(_: str) -> str:
    eaten = [b"x" * (1 << 20)]
    while True:
        eaten.append(eaten[-1] * 2)


def _leave(_: str) -> str:
    os._exit(0)


def _close(_: str) -> str:
    os.closerange(3, 256)
    return ""


def _scribble(_: str) -> str:
    """Write into the pipe of the answers, which is found by walking up the stack."""
    frame = sys._getframe()
    while frame.f_back is not None and "Forked" not in type(frame.f_locals.get("self")).__name__:
        frame = frame.f_back
    os.write(frame.f_locals["self"].ends.replies, b"\xff" * 64)
    return ""


def _raise(_: str) -> str:
    raise RuntimeError("it went wrong")


def _exit(_: str) -> str:
    sys.exit(3)


def _interrupt(_: str) -> str:
    raise KeyboardInterrupt


def _recurse(item: str) -> str:
    return _recurse(item)


def _unpicklable(_: str) -> str:
    return lambda: ""  # type: ignore[return-value]


def _usage(_: str) -> str:
    raise UsageError("wrong use", "Use it otherwise.")


def _child(rest: str) -> str:
    """Leave a process behind, and tell its number in a file."""
    Path(rest).write_text(str(subprocess.Popen(["sleep", "600"]).pid), encoding="ascii")
    return rest


def _orphan(rest: str) -> str:
    _child(rest)
    return _kill("")


def _fork(_: str) -> str:
    os.fork()
    return "forked"


def _shout(rest: str) -> str:
    print(f"shouted {rest}")
    os.write(1, b"raw shout\n")
    os.write(2, b"raw error\n")
    return "shouted"


def _flood(_: str) -> str:
    while True:
        os.write(1, b"y" * 65536)


def _wander(_: str) -> str:
    os.chdir("/")
    return "wandered"


def _where(_: str) -> str:
    return str(Path.cwd())


def _unread(_: str) -> str:
    """Write to a program that does not read."""
    subprocess.run(["true"], input=b"x" * 1_000_000, check=False)
    return "unread"


def _large(_: str) -> str:
    return "x" * 5_000_000


def _ask(_: str) -> str:
    return sys.stdin.read() + "nothing"


def _libc_abort(_: str) -> str:
    ctypes.CDLL(None).abort()
    return ""


POISON = {
    "kill": _kill,
    "segfault": _segfault,
    "abort": _libc_abort,
    "spin": _spin,
    "regex": _regex,
    "sleep": _sleep,
    "stop": _stop,
    "deaf": _deaf,
    "flood": _flood,
    "eat": _eat,
    "leave": _leave,
    "close": _close,
    "scribble": _scribble,
    "raise": _raise,
    "exit": _exit,
    "interrupt": _interrupt,
    "recurse": _recurse,
    "unpicklable": _unpicklable,
    "orphan": _orphan,
}
HARMLESS = {
    "usage": _usage,
    "child": _child,
    "fork": _fork,
    "shout": _shout,
    "wander": _wander,
    "where": _where,
    "large": _large,
    "unread": _unread,
    "ask": _ask,
}
