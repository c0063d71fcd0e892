"""What somebody does to the files of a tree is seen."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from faults.trees import fill
from recanon.watch import Touched, look, touched


@pytest.mark.parametrize("git", [True, False])
def test_edits_are_told_from_touches(git: bool, tmp_path: Path) -> None:
    names = ("same.py", "touched.py", "edited.py", "sly.py", "gone.txt", "mode.sh", "folder/name with\nnewline.py")
    fill(tmp_path, dict.fromkeys(names, b"1234\n") | {".gitignore": b"*.log\n", "a.log": b""})
    (tmp_path / "link").symlink_to("same.py")
    if git:
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    before = look(tmp_path, {})
    assert set(before) == {*names, ".gitignore", "link"}
    (tmp_path / "touched.py").touch()
    (tmp_path / "edited.py").write_bytes(b"more\n")
    info = (tmp_path / "sly.py").stat()
    (tmp_path / "sly.py").write_bytes(b"4321\n")  # the same size, and the time set back
    os.utime(tmp_path / "sly.py", ns=(info.st_atime_ns, info.st_mtime_ns))
    (tmp_path / "gone.txt").unlink()
    (tmp_path / "mode.sh").chmod(0o755)
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("edited.py")
    fill(tmp_path, {"a.log": b"said\n", "new.txt": b"", "folder/name with\nnewline.py": b"x"})
    edited = ("edited.py", "folder/name with\nnewline.py", "gone.txt", "link", "mode.sh", "sly.py")
    assert touched(before, look(tmp_path, before)) == Touched(edited, ("new.txt",))
