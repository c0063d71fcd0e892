"""Run one command and let nothing of it survive. A script of its own, which needs the standard library alone:

    python -I -S warden.py REPORT SECONDS PARENT SCRATCH COMMAND...

On Linux every process that the command leaves behind becomes a child of the warden, whatever group, session or
environment it has given itself (`PR_SET_CHILD_SUBREAPER`, prctl(2)), and is killed as such. Elsewhere only the
command's own process group can be reached. When its parent dies, the warden ends the command all the same, and takes
the scratch folder away.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_GRACE = 1.0  # seconds between the request to end, which lets Python say where it hung, and the end
_SWEEP = 5.0  # seconds until what cannot be killed is reported instead


class Warden:
    """Watches over one command.

    Args:
        command: its words.
    """

    def __init__(self, command: list[str]) -> None:
        self.told = False
        self.status: int | None = None
        self.ended = 0.0
        self.killed = 0
        self.sweeping = False
        self.wake, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(os, "pipe2") else _pipe()
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._tell)
        self.begun = time.monotonic()
        self.child = subprocess.Popen(command, start_new_session=True)

    def _tell(self, *_: object) -> None:
        self.told = True

    def wait(self, seconds: float) -> bool:
        """Return whether the command ended in time; a request to end is no time at all."""
        until = time.monotonic() + seconds
        while self.status is None and not self.told and (rest := until - time.monotonic()) > 0:
            if select.select([self.wake], [], [], rest)[0]:
                os.read(self.wake, 4096)
            self.reap()
        return self.status is not None

    def reap(self) -> bool:
        """Take leave of all children that have ended; return whether any is left."""
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return True
                if pid == self.child.pid:
                    self.status, self.ended = os.waitstatus_to_exitcode(status), time.monotonic()
                    self.child.returncode = self.status
                elif self.sweeping and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
                    self.killed += 1
        return False

    def sweep(self) -> list[int]:
        """Kill the command's group and all that was left behind; return what withstands.

        Only own children are killed: their numbers cannot have been given to others. Theirs come up to the warden next.
        """
        self.sweeping = True
        until = time.monotonic() + _SWEEP
        with suppress(OSError):
            os.killpg(self.child.pid, signal.SIGKILL)
        while self.reap() and time.monotonic() < until:
            for pid in _children():
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.002)
        return _children()


def main(words: list[str]) -> int:
    """Run the command and report how it ended, as JSON into the file descriptor REPORT."""
    report, seconds, parent, scratch, *command = words
    _adopt()
    warden = Warden(command)
    alone = os.getppid() != int(parent)
    in_time = not alone and warden.wait(float(seconds))
    if not in_time and not warden.told and not alone:
        with suppress(OSError):
            os.killpg(warden.child.pid, signal.SIGINT)
        warden.wait(_GRACE)
    left = warden.sweep()
    if os.getppid() != int(parent):
        shutil.rmtree(scratch, ignore_errors=True)
        return 1
    with suppress(BrokenPipeError), os.fdopen(int(report), "w") as stream:
        json.dump(
            {
                "code": warden.status if warden.status is not None else -signal.SIGKILL,
                "seconds": (warden.ended or time.monotonic()) - warden.begun,
                "late": not in_time,
                "killed": warden.killed,
                "left": len(left),
            },
            stream,
        )
    return 0


def _adopt() -> None:
    if sys.platform == "linux":
        import ctypes

        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def _children() -> list[int]:
    """Return the processes whose parent is this one; without /proc none can be seen."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()  # a name may hold anything: proc(5)
            if int(fields[1]) == os.getpid() and fields[0] != b"Z":
                found.append(int(folder.name))
    return found


def _pipe() -> tuple[int, int]:
    ends = os.pipe()
    for end in ends:
        os.set_blocking(end, False)
    return ends


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
