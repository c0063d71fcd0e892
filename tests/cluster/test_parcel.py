"""What travels to a cluster: the work, and no tree."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from recanon.executor.cluster.parcel import NotHereError, SentOverlay, Shelf, Unreadable, pack
from recanon.overlay import CheckedOverlay, Overlay
from recanon.pack import load_pack
from tests.authoring.kit import write, write_pack


def sent(work: object, shelf: Shelf, folder: Path) -> object:
    """Pack something and unpack it with a shelf."""
    found = pack(lambda _: work, ()).parcel.open(shelf, folder)[0]
    return found(None)


def test_a_tree_travels_without_its_disk(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", {"a.py": "x = 1\n", "b.py": "y = 1\n"})
    tree = CheckedOverlay(root, ("a.py", "b.py"), {"b.py": b"planned"}, {})
    shelf = Shelf()

    found = sent(tree, shelf, tmp_path)

    assert isinstance(found, SentOverlay)
    assert found.files == tree.files
    assert found.read("b.py") == b"planned"
    assert not found.root.exists()
    with pytest.raises(NotHereError):
        found.read("a.py")
    assert shelf.asked == {"a.py"}


def test_a_text_that_was_sent_is_read_from_the_shelf_by_every_tree_of_the_work(tmp_path: Path) -> None:
    tree = Overlay(tmp_path, ("a.py",))
    shelf = Shelf({"a.py": b"x = 1\n"})

    found = sent((tree, tree.over({"b.py": b""})), shelf, tmp_path)

    assert isinstance(found, tuple)
    assert [each.read("a.py") for each in (*found, found[1].over({}))] == [b"x = 1\n"] * 3
    assert not shelf.asked


def test_a_file_that_cannot_be_read_here_cannot_be_read_there(tmp_path: Path) -> None:
    found = sent(Overlay(tmp_path, ("a.py",)), Shelf({"a.py": Unreadable(13, "Permission denied")}), tmp_path)

    assert isinstance(found, SentOverlay)
    with pytest.raises(PermissionError):
        found.read("a.py")


def test_nobody_takes_a_missing_text_for_an_error_of_the_file() -> None:
    assert not issubclass(NotHereError, Exception)


def test_the_trees_of_the_work_are_known(tmp_path: Path) -> None:
    tree = Overlay(tmp_path, ("a.py",))

    assert pack(lambda _: (tree, tree), ()).trees == (tree,)


def test_the_code_of_a_pack_travels_along(tmp_path: Path) -> None:
    """A process that has never seen the folder of the pack gets its codemods."""
    codemods = load_pack(write_pack(tmp_path / "pack")).codemods
    packed = pack(lambda _: sorted(f"{name} {each.title}" for name, each in codemods.items()), ())
    (tmp_path / "parcel").write_bytes(pickle.dumps(packed.parcel))
    (tmp_path / "pack").rename(tmp_path / "gone")
    (tmp_path / "room").mkdir()
    code = (
        "import pickle, sys; from pathlib import Path; from recanon.executor.cluster.parcel import Shelf\n"
        "parcel = pickle.loads(Path(sys.argv[1]).read_bytes())\n"
        "print(*parcel.open(Shelf(), Path(sys.argv[2]))[0](None))\n"
    )

    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(tmp_path / "parcel"), str(tmp_path / "room")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout == "now-utc now_utc() becomes now()\n", done.stderr
