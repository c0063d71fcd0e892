"""A plan made by hand, with one of each thing that a report must show, and ways to run the command line over it."""

from __future__ import annotations

import importlib.util
import os
import pickle
import pty
import select
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from recanon.edit import Edit, Span
from recanon.journal.result import Refused, RunResult
from recanon.outcome import Account, Finding, Reverted, Skipped, Verdict
from recanon.plan import FileChange, Plan

DRIVER = Path(__file__).with_name("driver.py")
BEFORE = b"import old\nx = old.f()\n"
AFTER = b"import new\nx = new.f()\n"
# Starts the command as a shell does: a parent that ignores Ctrl-C, as under nohup, hands that on to its children.
HEEDING = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
# Makes standard input the terminal of the session, so that a typed Ctrl-C becomes a signal.
OWN_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def plan() -> Plan:
    edits = (Edit(Span(7, 10), "old", "new", "imports"), Edit(Span(15, 18), "old", "new", "calls"))
    manual = Finding("b.py", 3, 1, "old", "reference", Verdict.MANUAL, "handed on as a value", group="values")
    findings = (
        Finding("a.py", 1, 8, "old", "import", Verdict.SAFE, "resolved", codemod="imports", applied=True),
        Finding(
            "a.py", 2, 5, "old", "call", Verdict.SAFE, "same signature", codemod="calls", origin="pkg.old.f",
            chain=("a", "pkg", "pkg.old"), notes=("never awaited",), phase="production", applied=True,
        ),
        Finding("b.py", 1, 8, "old", "import", Verdict.REVIEW, "in a try", hint="Look at the except branch."),
        replace(manual, hint="Call it here."),
        replace(manual, path="c.py", hint="Call it there."),
        Finding("d.py", 9, 2, "old", "comment", Verdict.LEFT, "text in a comment"),
    )  # fmt: skip
    return Plan(
        "sample", {"prefix": "app"}, ("production",), (FileChange("a.py", BEFORE, AFTER, edits),), findings,
        (Skipped("broken.py", "does not parse: line 3", "Mend it.", 2),),
        (Reverted("e.py", "names", "F821 undefined name x"),), Account.of(6, findings, ()), 40, 6,
    )  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    root.mkdir()
    for name in ("a.py", "b.py", "broken.py"):
        (root / name).write_bytes(BEFORE)
    return root


@dataclass
class Tool:
    """The command line over replaced services."""

    services: Any
    folder: Path

    def __call__(self, *words: str | Path, text: str = "") -> Result:
        """Run it in this process."""
        from recanon.cli.main import app

        return CliRunner().invoke(app, [str(word) for word in words], input=text)

    def piped(self, *words: str | Path, **environ: str) -> subprocess.CompletedProcess[bytes]:
        """Run it in a process of its own, all streams pipes."""
        return subprocess.run(
            self.line(*words), capture_output=True, stdin=subprocess.DEVNULL, env=os.environ | environ, check=False
        )

    def on_terminal(self, *words: str | Path, typed: bytes = b"", **environ: str) -> tuple[int, bytes]:
        """Run it on a terminal; return the exit code and all that was shown."""
        parent, child = pty.openpty()
        env = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        env |= {"TERM": "xterm", "COLUMNS": "120", **environ}
        line = [sys.executable, "-c", OWN_TERMINAL, *self.line(*words)]
        process = subprocess.Popen(line, stdin=child, stdout=child, stderr=child, env=env, start_new_session=True)
        os.close(child)
        shown, silent, waited = b"", 0, 0
        while silent < 100:
            if not select.select([parent], [], [], 0.3)[0]:
                silent += 1
                # A person answers when the question stands still, and presses the key again when nothing happens for
                # some seconds: a signal that comes in the instant before the answer is waited for is seen only after
                # the next key, but one that meets a process on its way out kills it.
                if b"[y/N]: " in shown:
                    if waited % 10 == 0:
                        os.write(parent, typed)
                    waited += 1
            elif piece := _read(parent):
                shown += piece
            else:
                break
        os.close(parent)
        return process.wait(timeout=20), shown

    def line(self, *words: str | Path) -> list[str]:
        """Return the command line, for processes started by a test itself."""
        pickled = self.folder / "plan.pickle"
        pickled.write_bytes(pickle.dumps((self.services.plan, self.services.result)))
        return [sys.executable, "-c", HEEDING, sys.executable, str(DRIVER), str(pickled), *map(str, words)]


@pytest.fixture
def tool(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    return make_tool(plan, tmp_path, monkeypatch)


@pytest.fixture
def tool_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Plan], Tool]:
    return lambda plan: make_tool(plan, tmp_path, monkeypatch)


def make_tool(plan: Plan, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    spec = importlib.util.spec_from_file_location("edge_driver", DRIVER)
    assert spec is not None
    assert spec.loader is not None
    driver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(driver)
    result = RunResult("20250101T000000.000Z-abcdef", ("a.py",), (Refused("b.py", "changed since", "Plan again."),))
    services = driver.Services(plan, result)
    for name, module in services.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    return Tool(services, folder)


def _read(parent: int) -> bytes:
    try:
        return os.read(parent, 65536)
    except OSError:  # the other side is closed
        return b""
