"""System calls of a real process, one of which kills it or fails: no part of the process knows of it beforehand."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from faults.commands import run_command

_CALLS = "openat,open,creat,write,pwrite64,writev,close,rename,renameat,renameat2,link,linkat,unlink,unlinkat,"
_CALLS += "fsync,fdatasync,ftruncate,mkdir,mkdirat,copy_file_range,sendfile"
_LINE = re.compile(r"(\d+) +(\w+)\(")
CHANGING = frozenset(set(_CALLS.split(",")) - {"openat", "open", "close"})


@dataclass(frozen=True, slots=True)
class Call:
    """A system call of a program's run.

    Args:
        name: of the call.
        number: the how-manyth call of that name it is in its process or thread.
        line: what strace says of it.
    """

    name: str
    number: int
    line: str

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


@cache
def no_strace() -> str:
    """Say why nothing can be traced here, or ""."""
    if not shutil.which("strace"):
        return "strace is not here"
    done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "no process may be traced here"


def calls(
    words: Sequence[str], log: Path, wanted: Callable[[Call], bool], *, env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> list[Call]:  # fmt: skip
    """Run a program to its end; return those of its calls on files that are wanted.

    Args:
        words: the command.
        log: a file for what strace says.
        wanted: chooses calls.
        env: the environment.
        cwd: the folder to run in.
    """
    run_command(["strace", *_how(log), "-y", "-s", "0", "-e", f"trace={_CALLS}", *words], env=env, cwd=cwd)
    counted: Counter[tuple[str, str]] = Counter()
    found = []
    for line in log.read_text(errors="replace").splitlines():
        if begun := _LINE.match(line):
            process, name = begun.groups()
            counted[process, name] += 1
            call = Call(name, counted[process, name], line)
            if wanted(call):
                found.append(call)
    return found


def disturbed(
    words: Sequence[str], call: Call, how: str, *, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program that something happens to at one of its calls.

    Args:
        words: the command.
        call: the call.
        how: what happens, in strace's words: `signal=SIGKILL`, `error=ENOSPC`.
        env: the environment.
        cwd: the folder to run in.
    """
    what = f"inject={call.name}:{how}:when={call.number}"
    return run_command(
        ["strace", *_how(Path("/dev/null")), "-e", f"trace={call.name}", "-e", what, *words], env=env, cwd=cwd
    )


def _how(log: Path) -> list[str]:
    # Not with --seccomp-bpf, which would be faster: there are kernels on which it then injects nothing.
    return ["-f", "-qq", "-o", str(log)]
