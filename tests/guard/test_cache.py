"""The cache makes a look faster and never another one; what lies in it is not trusted."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recanon.guard.look as looking
from recanon import tree_cache
from recanon.cache import Cache
from recanon.errors import MovedError
from recanon.executor.local import Workers
from recanon.guard.look import Look
from recanon.overlay import Overlay
from recanon.scan import Scan
from tests.guard.kit import CLEAN, OLD, USE, look, tree, tried

FACADES = ["", OLD, "def create_websocket_manager(c):\n    return c\n", "from app.two import *\n"]
CONSUMER = "from app.one import create_websocket_manager\n\n\ndef f(c):\n    return create_websocket_manager(c)\n"
TEXTS = st.sampled_from([None, CLEAN, USE, CONSUMER, "def (\n", *FACADES])
EDITS = st.lists(st.tuples(st.sampled_from(["app/one.py", "app/two.py", "app/user.py"]), TEXTS), max_size=4)


def write(root: Path, path: str, text: str | None) -> None:
    if text is None:
        (root / path).unlink(missing_ok=True)
    else:
        tree(root, {path: text})


@tried(12)
@given(edits=EDITS)
def test_after_any_edits_a_remembered_look_is_the_fresh_one(edits: list[tuple[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, cache = tree(Path(folder, "tree"), {"app/user.py": CONSUMER}), Path(folder, "cache")
        assert look(root, cache) == look(root)
        for path, text in edits:
            write(root, path, text)
            assert look(root, cache) == look(root), f"after {path} became {text!r}"


def test_an_unchanged_tree_is_not_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree(tmp_path / "tree", {"app/user.py": USE, "app/clean.py": CLEAN})
    first = look(root, tmp_path / "cache")
    monkeypatch.setattr(looking.Looker, "fresh", lambda *_: pytest.fail("judged again"))
    assert look(root, tmp_path / "cache") == first
    tree(root, {"app/clean.py": CLEAN + "# more\n"})
    assert look(root, tmp_path / "cache") == first


def test_only_changed_files_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree(tmp_path / "tree", {"app/user.py": USE, "app/clean.py": CLEAN})
    look(root, tmp_path / "cache")
    tree(root, {"app/user.py": USE + "x = create_websocket_manager\n"})
    read: list[str] = []
    plain = looking.Looker.scan

    def scan(looker: looking.Looker, overlay: Overlay, workers: Workers, files: Sequence[str]) -> Scan:
        read.extend(files)
        return plain(looker, overlay, workers, files)

    monkeypatch.setattr(looking.Looker, "scan", scan)
    look(root, tmp_path / "cache")
    assert read == ["app/user.py"]


def damaged(data: bytes) -> list[bytes]:
    middle = len(data) // 2
    return [b"", data[:middle], data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :], b"\x80\x04." + data]


@pytest.mark.parametrize("number", range(4))
def test_a_damaged_cache_is_not_there(tmp_path: Path, number: int) -> None:
    root, cache = tree(tmp_path / "tree", {"app/user.py": USE}), tmp_path / "cache"
    right = look(root, cache)
    files = sorted(cache.iterdir())
    assert len(files) == 3
    for path in files:
        path.write_bytes(damaged(path.read_bytes())[number])
    assert look(root, cache) == right
    assert look(root, cache) == right


def _worked_out(cache: Path) -> set[bytes]:
    return {path.read_bytes() for path in cache.iterdir() if path.suffix != ".files"}


def test_the_cache_of_another_program_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, cache = tree(tmp_path / "tree", {"app/user.py": USE}), tmp_path / "cache"
    right = look(root, cache)
    made = _worked_out(cache)
    assert look(root, cache) == right
    assert _worked_out(cache) == made
    monkeypatch.setattr(tree_cache, "code_digest", lambda *_: "another")
    assert look(root, cache) == right
    assert made.isdisjoint(_worked_out(cache)), "both were worked out again"


def test_a_file_that_changes_meanwhile_ends_the_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, cache = tree(tmp_path / "tree", {"app/user.py": USE}), tmp_path / "cache"
    plain = looking.Looker.read

    def read(*words: object) -> looking.Reading:
        made = plain(*words)  # type: ignore[arg-type]
        tree(root, {"app/user.py": CLEAN})
        return made

    monkeypatch.setattr(looking.Looker, "read", read)
    with pytest.raises(MovedError, match=r"user\.py changed while"):
        look(root, cache)
    monkeypatch.undo()
    assert look(root, cache) == look(root)


def test_a_value_is_given_back_under_its_key_and_type_alone(tmp_path: Path) -> None:
    cache, value = Cache(tmp_path / "c"), Look((), ("a.py",))
    cache.save("f", "key", value)
    assert cache.load("f", "key", Look) == value
    assert cache.load("f", "other", Look) is None
    assert cache.load("f", "key", int) is None
    assert cache.load("g", "key", Look) is None
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o700


def test_without_a_folder_that_can_be_written_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for cache in (Cache(None), Cache(tmp_path / "file" / "c")):
        cache.save("f", "key", 1)
        assert cache.load("f", "key", int) is None


def test_what_nobody_asked_for_in_a_month_is_taken_out(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.save("old", "key", 1)
    os.utime(tmp_path / "old", (0, 0))
    cache.save("new", "key", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize(("base", "home"), [("relative", "/home/a"), ("", "/home/a")])
def test_the_cache_lies_in_the_users_own_folder(monkeypatch: pytest.MonkeyPatch, base: str, home: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", base)
    monkeypatch.setenv("HOME", home)
    assert Cache.of_user().folder == Path("/home/a/.cache/recanon")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert Cache.of_user().folder == Path("/x/recanon")
