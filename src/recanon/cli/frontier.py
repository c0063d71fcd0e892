"""The frontier between the program and the shell: whatever is raised inside becomes a message and an exit code here."""

from __future__ import annotations

import os
import platform
import select
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TextIO

import typer

from recanon import __version__
from recanon.errors import JournalError, PackError, RecanonError, UsageError
from recanon.report.printer import say_error
from recanon.safe_text import safe_text


class ExitCode(IntEnum):
    """What the shell is told."""

    DONE = 0
    CHANGES = 1
    USAGE = 2
    FAILED = 3
    BUG = 4
    INTERRUPTED = 130


def guarded(work: Callable[[], int]) -> int:
    """Do the work of a command and return the exit code, whatever happens.

    Args:
        work: the command; returns its exit code.
    """
    try:
        code = work()
        sys.stdout.flush()
        return code
    except (KeyboardInterrupt, typer.Abort):
        with _deaf():
            say_error(
                sys.stderr,
                "interrupted",
                "`recanon recover` says whether files wait to be written, and finishes or undoes it.",
            )
        return ExitCode.INTERRUPTED
    except RecanonError as exc:
        say_error(sys.stderr, exc.message, exc.hint)
        # Nothing was begun in the first case; else some files were not, or not all, brought where they should be.
        return ExitCode.USAGE if isinstance(exc, UsageError | PackError | JournalError) else ExitCode.FAILED
    except OSError as exc:
        # The reader of a pipe may leave (`recanon preview . | head`): that is its right, and no reason to complain.
        return ExitCode.INTERRUPTED if _silence_closed_pipes() else _refused(exc)
    except Exception as exc:  # noqa: BLE001 - the one frontier: a bug becomes a log and exit code 4, never a traceback
        where = _log(exc)
        hint = f"Please report it with the log {where}" if where else "Please report it."
        say_error(sys.stderr, f"a bug in recanon: {type(exc).__name__}: {exc.args[0] if exc.args else ''}", hint)
        return ExitCode.BUG


@contextmanager
def _deaf() -> Iterator[None]:
    """Let another Ctrl-C pass: all is in order by now, and only to be told."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _silence_closed_pipes() -> bool:
    """Turn streams without a reader to the null device, so that the interpreter's last flush is quiet too."""
    closed = [stream for stream in (sys.stdout, sys.stderr) if _has_no_reader(stream)]
    for stream in closed:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
    return bool(closed)


def _has_no_reader(stream: TextIO) -> bool:
    """Ask the system, not the buffers: what failed to be written may be in them still, or be lost already."""
    try:
        number = stream.fileno()
    except OSError:  # a stream in memory
        return False
    poll = select.poll()
    poll.register(number, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _refused(exc: OSError) -> int:
    """The system said no (a full disk, a missing right): no bug, and whatever stood there still stands."""
    where = _log(exc)
    name = f": {exc.filename}" if exc.filename else ""
    say_error(sys.stderr, f"{exc.strerror or exc}{name}", f"More is in the log {where}" if where else "")
    return ExitCode.FAILED


def _log(exc: BaseException) -> str:
    """Write what a bug report needs into the system's folder for temporary files; return the file's name."""
    lines = [
        f"recanon {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"arguments: {sys.argv[1:]!r}",
        "".join(traceback.format_exception(exc)),
    ]
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="recanon-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as log:
            log.write("\n".join(lines))
    except OSError:  # no space even for the log: the terminal is the only place left
        sys.stderr.write("".join(f"{safe_text(line)}\n" for line in "\n".join(lines).split("\n")))
        return ""
    return log.name
