"""The real command line in a forked process: with a deadline and a limit of memory, on a terminal or without one."""

from __future__ import annotations

import importlib
import os
import pkgutil
import pty
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

import recanon
from faults.trees import fill
from recanon.cli.main import run

_MEMORY = 1 << 30  # bytes that it may take besides what this process holds
_SIZE = os.sysconf("SC_PAGE_SIZE")
_CLEAN = {"TERM": "xterm-256color", "COLUMNS": "160", "LINES": "50", "PYTHONWARNINGS": "default"}

TREE = {
    "app/__init__.py": b"",
    "app/old.py": b"def fetch(number):\n    return number\n",
    "app/new.py": b"def load(number):\n    return number\n",
    "app/use.py": b"from app.old import fetch\n\n\ndef work():\n    return fetch(1)\n",
    "app/more.py": b"from app.old import fetch\n\nVALUE = fetch(2)\n",
}
AFTER = {
    "app/use.py": b"from app.new import load\n\n\ndef work():\n    return load(1)\n",
    "app/more.py": b"from app.new import load\n\nVALUE = load(2)\n",
}
PACK = b"""\
[pack]
id = "loads"
title = "One way to load"

[[symbol]]
name = "fetch"
home = "app.old"
becomes = "app.new.load"

[[phase]]
id = "code"
title = "the code loads"
codemods = ["fetch"]
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command came to.

    Args:
        code: its exit code; negative: the signal that ended it.
        out: what it wrote to standard output, or to the terminal.
        err: what it wrote to standard error, where that is no terminal.
        late: whether it was ended at the deadline.
    """

    code: int
    out: bytes
    err: bytes
    late: bool

    @property
    def traceback(self) -> bool:
        """Whether the user was shown a traceback."""
        return b"Traceback (most recent call last)" in self.out + self.err


def world(place: Path, texts: Mapping[str, bytes] | None = None) -> tuple[Path, Path]:
    """Make a tree and, beside it, a pack of tables; return both."""
    fill(place / "pack", {"pack.toml": PACK})
    return fill(place / "root", {**TREE, **(texts or {})}), place / "pack"


@cache
def _loaded() -> None:
    """Load all modules once: each fork has them then."""
    for module in pkgutil.walk_packages(recanon.__path__, "recanon."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def ask(*words: str | Path, cwd: Path, seconds: float = 30.0, env: Mapping[str, str] | None = None) -> Said:
    """Run a command without a terminal.

    Args:
        words: the command line behind its name.
        cwd: where.
        seconds: its deadline.
        env: variables of the environment besides those that are set.
    """
    _loaded()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(os.devnull, "rb") as nothing:
        child = os.fork()
        if child == 0:
            for number, stream in enumerate((nothing, out, err)):
                os.dup2(stream.fileno(), number)
            _become([*map(str, words)], cwd, {**_CLEAN, **(env or {})})
        code, late = _end(child, time.monotonic() + seconds)
        return Said(code, _all(out.fileno()), _all(err.fileno()), late)


def ask_on_terminal(
    *words: str | Path, cwd: Path, answers: bytes = b"", seconds: float = 30.0, env: Mapping[str, str] | None = None
) -> Said:
    """Run a command on a terminal of its own.

    Args:
        words: the command line behind its name.
        cwd: where.
        answers: what is typed.
        seconds: its deadline.
        env: variables of the environment besides those that are set.
    """
    _loaded()
    child, terminal = pty.fork()
    if child == 0:
        _become([*map(str, words)], cwd, {**_CLEAN, **(env or {})})
    os.write(terminal, answers)
    until = time.monotonic() + seconds
    out = b"".join(iter(lambda: _piece(terminal, until), b""))
    code, late = _end(child, until)
    os.close(terminal)
    return Said(code, out, b"", late)


def _piece(terminal: int, until: float) -> bytes:
    """Read what was written meanwhile; nothing at the end or at the deadline."""
    if not select.select([terminal], [], [], max(0.0, until - time.monotonic()))[0]:
        return b""
    with suppress(OSError):  # the other end is closed: the system calls that an error
        return os.read(terminal, 1 << 16)
    return b""


def _become(words: Sequence[str], cwd: Path, env: Mapping[str, str]) -> NoReturn:
    """Be the command line in this process, which is a fork; open files besides the first three are let go of."""
    _exit_with(lambda: _run(words, cwd, env))


def _run(words: Sequence[str], cwd: Path, env: Mapping[str, str]) -> None:
    os.closerange(3, 256)
    os.chdir(cwd)
    os.environ.update(env)
    limit = _SIZE * int(Path("/proc/self/statm").read_text().split()[0]) + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115
    sys.argv = ["recanon", *words]
    run()


def _exit_with(work: Callable[[], None]) -> NoReturn:
    code = 70
    try:
        with suppress(BaseException):
            try:
                work()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
            except BaseException:
                traceback.print_exc()  # what the user would be shown
                raise
            sys.stdout.flush()
    finally:
        os._exit(code)


def _end(child: int, until: float) -> tuple[int, bool]:
    """Wait for a process; kill it at the deadline. Return its exit code, and whether it was late."""
    late = False
    while (found := os.waitpid(child, os.WNOHANG))[0] == 0:
        if not late and time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            late = True
        time.sleep(0.002)
    return os.waitstatus_to_exitcode(found[1]), late


def _all(number: int) -> bytes:
    return os.pread(number, os.fstat(number).st_size, 0)
