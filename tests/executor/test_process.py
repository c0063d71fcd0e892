"""A command is bounded in time and output, and nothing of it survives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from recanon.executor.process import EXCERPT, CommandError, Ended, Excerpt, Place, run_command
from tests.gates.kit import alive

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the command's own group can be reached")
STUBBORN = "import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\ntime.sleep(600)"
# A daemon as daemon(7) has it: forked twice, in a session of its own, with an environment and streams of its own.
DAEMON = """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        null = os.open("/dev/null", os.O_RDWR)
        for fd in (0, 1, 2): os.dup2(null, fd)
        os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", sys.argv[1]], {})
    os._exit(0)
os.wait()
"""

Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    scratch = tmp_path / "scratch"
    (scratch / "tmp").mkdir(parents=True)

    def run_python(code: str, *words: str, seconds: float = 30, keep: int = EXCERPT) -> Ended:
        return run_command([sys.executable, "-c", code, *words], Place(tmp_path, scratch, seconds), keep=keep)

    return run_python


def test_exit_code_output_and_time_are_told(run: Run) -> None:
    ended = run(
        "import sys, time; time.sleep(0.2); print('said', flush=True); print('cried', file=sys.stderr); exit(7)"
    )
    assert (ended.code, ended.late, ended.killed, ended.left) == (7, False, 0, 0)
    assert ended.text == "said\ncried\n"
    assert 0.2 < ended.seconds < 5


def test_a_signal_that_ends_it_is_told(run: Run) -> None:
    assert run("import os; os.kill(os.getpid(), 9)").code == -9


def test_a_command_that_hangs_is_asked_to_end_and_says_where_it_was(run: Run) -> None:
    ended = run("import time\ndef wait_for_ever(): time.sleep(600)\nwait_for_ever()", seconds=1)
    assert ended.late
    assert ended.seconds < 3
    assert "wait_for_ever" in ended.text


@pytest.mark.parametrize("again", [False, True])
def test_one_that_ignores_signals_is_killed_with_its_children(again: bool, run: Run, tmp_path: Path) -> None:
    mark = f"stubborn-{tmp_path.name}-{again}"
    code = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {STUBBORN!r}, sys.argv[1]])\n"
    begun = time.monotonic()
    ended = run(code + STUBBORN * again, mark, seconds=1)
    assert time.monotonic() - begun < 5
    assert ended.late is again
    assert ended.left == 0
    assert alive(mark) == []


@LINUX
def test_a_daemon_in_a_session_of_its_own_does_not_survive(run: Run, tmp_path: Path) -> None:
    mark = f"daemon-{tmp_path.name}"
    ended = run(DAEMON, mark)
    assert (ended.code, ended.killed, ended.left) == (0, 1, 0)
    assert alive(mark) == []


@LINUX
def test_many_daemons_do_not_survive(run: Run, tmp_path: Path) -> None:
    mark = f"daemons-{tmp_path.name}"
    assert (
        run(f"import os\nfor _ in range(20):\n if os.fork() == 0:\n  exec({DAEMON!r})\n  os._exit(0)", mark).left == 0
    )
    assert alive(mark) == []


def test_a_flood_keeps_its_two_ends_only(run: Run) -> None:
    ended = run(
        "import os\nprint('first', flush=True)\nfor _ in range(3000): os.write(1, b'x' * 65535 + b'\\n')\nprint('last')"
    )
    assert ended.size > 190_000_000
    assert len(ended.head) + len(ended.tail) == 2 * EXCERPT
    assert ended.text.startswith("first\n")
    assert ended.text.endswith("last\n")
    assert f"[... {ended.size - 2 * EXCERPT:,} bytes ...]" in ended.text


def test_standard_input_is_empty(run: Run) -> None:
    assert run("import sys; print(repr(sys.stdin.read()))", seconds=5).text == "''\n"


def test_bytecode_and_temporary_files_go_to_its_own_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "mod.py").write_text("")
    said = run("import mod, tempfile; print(mod.__cached__); print(tempfile.mkdtemp())").text.splitlines()
    assert all(line.startswith(str(tmp_path / "scratch")) for line in said)
    assert not (tmp_path / "__pycache__").exists()
    assert list((tmp_path / "scratch" / "pycache").rglob("mod*.pyc"))


def test_a_program_that_is_none_is_told(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    with pytest.raises(CommandError, match="Exec format error"):
        run_command([str(program)], Place(tmp_path, tmp_path, 5))


@LINUX
def test_when_recanon_is_killed_the_command_and_the_scratch_folder_go_too(tmp_path: Path) -> None:
    mark, scratch = f"orphan-{tmp_path.name}", tmp_path / "scratch"
    scratch.mkdir()
    code = (
        "import sys\nfrom pathlib import Path\nfrom recanon.executor.process import Place, run_command\n"
        "run_command([sys.executable, '-c', 'import time; time.sleep(600)', sys.argv[1]],"
        " Place(Path('/'), Path(sys.argv[2]), 600))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, mark, scratch])
    _until(lambda: len(alive(mark)) == 3)  # recanon, the warden and the command
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    _until(lambda: not alive(mark) and not scratch.exists())
    assert not alive(mark)
    assert not scratch.exists()


def test_an_excerpt_holds_all_that_fits() -> None:
    excerpt = Excerpt(4)
    for piece in (b"ab", b"cdef", b"", b"gh"):
        excerpt.add(piece)
    assert (excerpt.head, excerpt.tail, excerpt.size) == (b"abcd", b"efgh", 8)
    excerpt.add(b"ijklmn")
    assert (excerpt.head, excerpt.tail, excerpt.size) == (b"abcd", b"klmn", 14)


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)
