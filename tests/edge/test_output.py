"""Files that the user asked for are written as a whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from recanon.cli.output import check_name, check_output, write_output
from recanon.errors import UsageError

FULL = """
import resource, sys
from pathlib import Path
from recanon.cli.output import write_output
from recanon.errors import UsageError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_output(Path(sys.argv[1]), b"n" * 5000)
except UsageError as exc:
    print(exc)
"""
DENIED = """
import os, sys
from pathlib import Path
from recanon.cli.output import check_output
from recanon.errors import UsageError
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setuid(65534)
try:
    check_output(Path(sys.argv[2]))
except UsageError as exc:
    print(exc)
"""


def _run(code: str, *words: str) -> str:
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def test_a_full_disk_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    target.write_bytes(b"a person's decisions")
    assert "cannot be written: File too large" in _run(FULL, str(target))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"plan.json": b"a person's decisions"}


def test_a_full_disk_leaves_no_new_file(tmp_path: Path) -> None:
    assert "cannot be written" in _run(FULL, str(tmp_path / "plan.json"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_permissions_of_a_file_are_kept(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "base.json"
    target.touch()
    target.chmod(mode)
    write_output(target, b"new")
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"new", mode)


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_output(tmp_path / ("n" * 255), b"new")
    assert (tmp_path / ("n" * 255)).stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    for name in ("there", "not-there"):
        link = tmp_path / name
        link.symlink_to(tmp_path / "real" / name)
        (tmp_path / "real/there").write_bytes(b"old")
        write_output(link, b"new")
        assert (link.is_symlink(), (tmp_path / "real" / name).read_bytes()) == (True, b"new")


def test_a_pipe_is_written_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    check_output(pipe)
    write_output(pipe, b"told")
    assert (os.read(reader, 10), pipe.is_fifo()) == (b"told", True)
    os.close(reader)


def test_standard_output_is_written_where_it_goes(tmp_path: Path) -> None:
    code = "from pathlib import Path; from recanon.cli.output import check_output, write_output\n"
    code += "out = Path('/dev/stdout'); check_output(out); write_output(out, b'told')\n"
    assert _run(code) == "told"
    with (tmp_path / "log").open("wb") as log:
        before = os.fstat(log.fileno()).st_ino
        subprocess.run([sys.executable, "-c", code], stdout=log, timeout=60, check=True)
    assert ((tmp_path / "log").read_bytes(), (tmp_path / "log").stat().st_ino) == (b"told", before)


@pytest.mark.parametrize(("folder", "file"), [(0o555, 0o666), (0o777, 0o444)])
def test_what_is_not_writable_is_said_at_once(folder: int, file: int) -> None:
    with tempfile.TemporaryDirectory() as name:  # as `tmp_path` lies in a folder that nobody else may enter
        (Path(name) / "plan.json").touch()
        (Path(name) / "plan.json").chmod(file)
        Path(name).chmod(folder)
        assert "is not writable" in _run(DENIED, name, "plan.json")
        Path(name).chmod(0o700)


def test_a_file_that_is_only_read_need_not_be_writable(tmp_path: Path) -> None:
    check_name(tmp_path / "base.json")
    with pytest.raises(UsageError, match="is a folder"):
        check_name(tmp_path)
    with pytest.raises(UsageError, match="there is no folder"):
        check_name(tmp_path / "no/such.json")
