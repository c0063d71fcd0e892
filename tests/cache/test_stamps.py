"""A file that was written to is read again, however little of it shows."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from recanon.stamps import Glance, Seen, glance_at, to_remember
from tests.helpers import write_tree

FILES = ("a.py", "b.py")
OLD, NEW = b"x = 1\n", b"x = 2\n"
LATER = 3 * 10**9  # nanoseconds


def seen(root: Path, *, age: int = LATER) -> dict[str, Seen]:
    """Read the files of a tree, as if so much time had passed since they were written."""
    taken = glance_at(root, FILES, {})
    digests = {path: hashlib.sha256((root / path).read_bytes()).digest() for path in taken.stamps}
    return to_remember(Glance(time.time_ns() + age, taken.stamps), digests)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_tree(tmp_path, dict.fromkeys(FILES, OLD))


def test_what_nobody_has_written_to_is_known(root: Path) -> None:
    assert glance_at(root, FILES, seen(root)).digests == dict.fromkeys(FILES, hashlib.sha256(OLD).digest())


def test_an_edit_of_the_same_size_whose_time_was_set_back_shows(root: Path) -> None:
    known, times = seen(root), (root / "a.py").stat()
    time.sleep(0.02)
    (root / "a.py").write_bytes(NEW)
    os.utime(root / "a.py", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert (root / "a.py").stat().st_mtime_ns == times.st_mtime_ns
    assert set(glance_at(root, FILES, known).digests) == {"b.py"}


def test_another_file_put_in_its_place_shows(root: Path) -> None:
    known = seen(root)
    times = (root / "a.py").stat()
    (root / "new").write_bytes(NEW)
    os.utime(root / "new", ns=(times.st_atime_ns, times.st_mtime_ns))
    (root / "new").replace(root / "a.py")
    assert set(glance_at(root, FILES, known).digests) == {"b.py"}


@pytest.mark.parametrize("age", [0, 10**9])
def test_a_file_that_was_written_to_just_now_is_not_believed(root: Path, age: int) -> None:
    assert seen(root, age=age) == {}


def test_what_is_gone_or_no_file_any_more_is_not_known(root: Path) -> None:
    known = seen(root)
    (root / "a.py").unlink()
    (root / "b.py").unlink()
    os.mkfifo(root / "b.py")
    found = glance_at(root, FILES, known)
    assert (found.stamps, found.digests) == ({}, {})
