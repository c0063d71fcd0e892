"""The frame of the command line: help, version, wrong use, bugs, interruptions and closed pipes."""

from __future__ import annotations

import inspect
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recanon import __version__
from recanon.cli.lazy import Commands
from recanon.cli.main import COMMANDS
from recanon.plan import FileChange, Plan


def test_version(tool: Any) -> None:
    done = tool("--version")
    assert (done.exit_code, done.stdout) == (0, f"recanon {__version__}\n")


def test_help_names_every_command_and_the_main_job(tool: Any) -> None:
    text = tool("--help").stdout
    for name in COMMANDS:
        assert re.search(rf"\b{name}\b", text)
    assert "recanon preview . --pack PACK" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_has_an_example(name: str, tool: Any) -> None:
    done = tool(name, "--help")
    assert done.exit_code == 0
    assert re.search(rf"^ {{5}}recanon {name} ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_about_a_command_is_how_its_own_help_begins(name: str) -> None:
    begins = inspect.cleandoc(Commands(COMMANDS)[name].help).partition("\n\n")[0]
    assert COMMANDS[name].line == begins.replace("\n", " ")


def test_help_is_fast_because_it_loads_no_command_and_no_engine() -> None:
    heavy = "libcst sqlite3 rich typer.rich_utils unidiff recanon.diff recanon.session recanon.pack recanon.apply"
    heavy += " recanon.cli.apply recanon.cli.options"
    code = "import sys, recanon.cli.main\ntry: recanon.cli.main.app(['--help'])\nexcept SystemExit: pass\n"
    code += f"print([name for name in {heavy.split()} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_packs_lists_phases_codemods_and_options(tool: Any) -> None:
    text = tool("packs").stdout
    assert text.startswith("sample: A sample. From old to new.\n")
    for part in ("production  What runs", "class-paths  One import path", "prefix=app  The package.; one of: app, lib"):
        assert part in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing", "--pack", "sample"], "missing is not there"),
        (["{tree}/a.py", "--pack", "sample"], "a.py is a file, not a folder"),
        (["{tree}", "--pack", "unknown"], "there is no pack unknown\nhint: Did you mean sample?"),
        (["{tree}", "--pack", "sample", "--set", "novalue"], "--set novalue has no value"),
        (["{tree}", "--pack", "sample", "--set", "=x"], "--set =x has no value"),
        (["{tree}", "--pack", "sample", "--set", "a=1", "--set", "a=2"], "--set a is given twice, as 1 and as 2"),
    ],
)
@pytest.mark.parametrize("command", ["preview", "apply"])
def test_wrong_words_are_named(command: str, words: list[str], message: str, tool: Any, tree: Path) -> None:
    yes = ["--yes"] if command == "apply" else []
    done = tool(command, *(word.format(tree=tree) for word in words), *yes)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [["preview", "."], ["preview"], ["nonsense"], ["preview", ".", "--pack", "x", "--jobs", "-1"],
     ["preview", ".", "--pack", "x", "--format", "xml"], ["preview", ".", "--pack", "x", "--include", "manual"]],
)  # fmt: skip
def test_wrong_options_are_wrong_use(words: list[str], tool: Any) -> None:
    assert tool(*words).exit_code == 2


def test_a_tree_without_python_is_wrong_use(tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    done = tool_for(replace(plan, files=0))("preview", tree, "--pack", "sample")
    assert done.exit_code == 2
    assert f"{tree.resolve()} holds no Python file" in done.stderr


@pytest.mark.parametrize(("output", "message"), [("{tree}", "is a folder"), ("{tree}/none/out", "there is no folder")])
def test_an_output_that_cannot_be_is_refused_before_the_work(output: str, message: str, tool: Any, tree: Path) -> None:
    done = tool("preview", tree, "--pack", "sample", "-o", output.format(tree=tree))
    assert done.exit_code == 2
    assert message in done.stderr
    assert tool.services.asked == []


def test_a_bug_leaves_a_log_and_no_traceback(tool: Any, tree: Path, tmp_path: Path) -> None:
    done = tool.piped("preview", tree, "--pack", "crash", TMPDIR=str(tmp_path))
    assert done.returncode == 4
    text = done.stderr.decode()
    assert "error: a bug in recanon: RuntimeError: a \\x1b[31mwrong turn" in text
    assert "Traceback" not in text
    found = re.search(r"log (\S+\.log)", text)
    assert found is not None
    log = Path(found[1])
    assert log.parent == tmp_path
    assert "Traceback" in log.read_text()
    assert f"recanon {__version__}, Python 3." in log.read_text()


def test_a_full_disk_is_no_bug(tool: Any, tree: Path, tmp_path: Path) -> None:
    done = tool.piped("preview", tree, "--pack", "disk", TMPDIR=str(tmp_path))
    assert done.returncode == 3
    assert b"error: No space left on device: some/file" in done.stderr


def test_an_interruption_has_its_own_code(tool: Any, tree: Path) -> None:
    done = tool.piped("preview", tree, "--pack", "interrupt")
    assert done.returncode == 130
    assert b"error: interrupted" in done.stderr
    assert b"Traceback" not in done.stderr


# A caller under nohup hands on that a hang-up is ignored; this undoes it.
HANGING_UP = (
    *(sys.executable, "-c"),
    "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])",
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_an_interruption(number: signal.Signals, tool: Any, tree: Path) -> None:
    process = at_work([*HANGING_UP, *tool.line("preview", tree, "--pack", "wait")], tree)
    process.send_signal(number)
    errors = process.communicate(timeout=20)[1]
    assert process.returncode == 130
    assert errors.startswith(b"error: interrupted\n")


# Sends a signal to itself when a module is looked for.
LOADING = """
import os, signal, sys

class Interrupting:
    def find_spec(name, path=None, target=None):
        if name == "recanon.cli.frontier":
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupting)
from recanon.__main__ import main
main()
"""
# Sends itself two signals when the work begins: the other one comes while the first one is told of.
AGAIN = """
import os, signal, sys
from recanon.__main__ import main
from recanon.cli import frontier, preview
from recanon.report import printer

def interrupt(*words):
    os.kill(os.getpid(), signal.SIGINT)
    printer.say(*words[:1], "error: " + words[1]) if words[1:] else None

signal.signal(signal.SIGINT, signal.default_int_handler)
preview.tree_root = frontier.say_error = interrupt
sys.argv = ["recanon", "preview", "nowhere", "--pack", "x"]
main()
"""


# Sends itself a signal before the command itself begins.
EARLY = """
import os, signal, sys
from recanon.__main__ import main
from recanon.cli import command

signal.signal(signal.SIGINT, signal.default_int_handler)
command.guarded = lambda work: os.kill(os.getpid(), signal.SIGINT)
sys.argv = ["recanon", "preview", "nowhere", "--pack", "x"]
main()
"""


# Sends itself a signal in a destructor, where Python drops what is raised.
DROPPED = """
import os, signal, sys, time
from recanon.__main__ import main
from recanon.cli import preview

class Dropping:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0)

def work(tree):
    Dropping()
    time.sleep(20)

signal.signal(signal.SIGINT, signal.default_int_handler)
preview.tree_root = work
sys.argv = ["recanon", "preview", "nowhere", "--pack", "x"]
main()
"""


# Sends itself a signal in the `exec` of a text, of which Python takes a note.
WITHIN = """
import os, signal, sys
from recanon.__main__ import main
from recanon.cli import preview

def work(tree):
    exec("os.kill(os.getpid(), signal.SIGINT)")

signal.signal(signal.SIGINT, signal.default_int_handler)
preview.tree_root = work
sys.argv = ["recanon", "preview", "nowhere", "--pack", "x"]
main()
"""


@pytest.mark.parametrize("program", [LOADING, EARLY, AGAIN, DROPPED, WITHIN])
def test_ctrl_c_at_an_odd_moment_is_an_interruption_without_a_traceback(program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert "error: interrupted" in done.stderr


def test_run_as_a_module_it_loads_nothing_from_the_current_folder(tmp_path: Path) -> None:
    for name in ("click", "json", "msgspec", "rich", "select", "sqlite3", "typer"):
        (tmp_path / f"{name}.py").write_text("open('fired', 'w').close()\nraise ImportError\n")
    command = [sys.executable, "-m", "recanon", "packs"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "fired").exists()


@pytest.mark.parametrize("form", ["diff", "summary", "json"])
def test_a_closed_pipe_is_quiet(form: str, tool_for: Callable[[Plan], Any], plan: Plan, tree: Path) -> None:
    many = tuple(FileChange(f"{number}.py", b"a\n" * 500, b"b\n" * 500) for number in range(200))
    findings = plan.findings * 2000
    tool = tool_for(replace(plan, changes=many, findings=findings))
    process = subprocess.Popen(
        tool.line("preview", tree, "--pack", "sample", "--format", form), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    errors = process.stderr.read()
    assert process.wait(timeout=20) == 130
    assert b"rror" not in errors
    process.stderr.close()


def test_standard_error_may_be_closed_too(tool: Any, tree: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(tool.line("preview", tree, "--pack", "sample"), stdout=writer, stderr=writer)
    os.close(writer)
    assert process.wait(timeout=20) == 130


def test_nohup_stays_in_force(tool: Any, tree: Path) -> None:
    process = at_work(["nohup", *tool.line("preview", tree, "--pack", "wait")], tree)
    process.send_signal(signal.SIGHUP)
    (tree / "go").touch()
    assert process.communicate(timeout=20)[0].startswith(b"diff --git")
    assert process.returncode == 0


def test_closed_streams_are_no_crash(tool: Any, tree: Path, tmp_path: Path) -> None:
    line = tool.line("preview", tree, "--pack", "sample", "-o", tmp_path / "out")
    done = subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *line], check=False)
    assert done.returncode == 0
    assert (tmp_path / "out").read_bytes().startswith(b"diff --git")


def at_work(line: list[str], tree: Path) -> subprocess.Popen[bytes]:
    """Start a command line and return when it is in the middle of its work."""
    process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + 20
    while not (tree / "ready").exists() and time.monotonic() < until:
        time.sleep(0.02)
    return process
