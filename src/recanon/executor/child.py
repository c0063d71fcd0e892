"""A worker process of a supervisor: `python -P -m recanon.executor.child REQUESTS REPLIES`, two file descriptors.

The first request says what it serves; each later one is an item, and is answered before the next is read.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import IO

from recanon.errors import RecanonError

_PR_SET_PDEATHSIG = 1
_SIZE = struct.Struct("!I")
READY, REFUSED, DONE, RAISED = b"R", b"X", b"D", b"E"

Serve = Callable[[bytes], bytes]


def main(requests: int, replies: int) -> None:
    """Serve until the requests end.

    Args:
        requests: file descriptor to read from.
        replies: file descriptor to write to.
    """
    die_with_parent()
    with os.fdopen(requests, "rb") as incoming, os.fdopen(replies, "wb") as outgoing:
        folder = os.getcwd()
        kind, answer = _guarded(partial(_made, _read(incoming)))
        if callable(answer):
            _write(outgoing, READY, b"")
        else:
            _write(outgoing, REFUSED if kind == RAISED else kind, answer)
            return
        while item := _read(incoming):
            os.chdir(folder)  # the item before may have gone elsewhere
            kind, reply = _guarded(partial(answer, item))
            _write(outgoing, kind, reply)


def _made(request: bytes) -> Serve:
    """Make what this process serves."""
    wanted = json.loads(request)
    if wanted["memory"]:
        resource.setrlimit(resource.RLIMIT_AS, (wanted["memory"], resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path[:0] = wanted["path"]
    module, _, name = wanted["maker"].partition(":")
    maker = getattr(importlib.import_module(module), name)
    _keep_bytecode_in(wanted["bytecode"])
    serve: Serve = maker(bytes.fromhex(wanted["setup"]))
    return serve


def _keep_bytecode_in(folder: str) -> None:
    """Neither read bytecode beside what is loaded from here on nor leave any there.

    What recanon needs itself is loaded by now, from the bytecode that its installation has: to compile it all in every
    process would take seconds.
    """
    sys.pycache_prefix, sys.dont_write_bytecode = folder, False
    os.environ["PYTHONPYCACHEPREFIX"] = folder
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _guarded(work: Callable[[], bytes | Serve]) -> tuple[bytes, bytes | Serve]:
    """Do some work that belongs to somebody else; whatever it raises is an answer."""
    try:
        return DONE, work()
    except RecanonError as exc:
        return RAISED, json.dumps({"kind": "", "message": exc.message, "hint": exc.hint, "trace": ""}).encode()
    except (Exception, SystemExit) as exc:  # noqa: BLE001 - the frontier to foreign code
        told = {"kind": type(exc).__name__, "message": _text(exc), "hint": "", "trace": _trace(exc)}
        return RAISED, json.dumps(told).encode()


def _text(exc: BaseException) -> str:
    with suppress(Exception):
        return str(exc)
    return ""


def _trace(exc: BaseException) -> str:
    """Return the last place in the code at which it was raised."""
    frames = traceback.extract_tb(exc.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _read(stream: IO[bytes]) -> bytes:
    """Return the next request, or nothing at the end."""
    head = stream.read(_SIZE.size)
    return stream.read(_SIZE.unpack(head)[0]) if len(head) == _SIZE.size else b""


def _write(stream: IO[bytes], kind: bytes, body: bytes | Serve) -> None:
    """Answer, when all that was printed is out."""
    assert isinstance(body, bytes)
    for printed in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # the item may have closed or replaced it
            printed.flush()
    stream.write(kind + _SIZE.pack(len(body)) + body)
    stream.flush()


def die_with_parent() -> None:
    """Let this process be killed when the one that started it ends, on Linux."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
