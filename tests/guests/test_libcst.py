"""LibCST commands as guests: what LibCST's own runner makes of a file, we make of it."""

from __future__ import annotations

import ast
import contextlib
from pathlib import Path

import libcst as cst
import pytest
from libcst.tool import main

from recanon.errors import UsageError
from recanon.executor.supervisor import ServiceError
from recanon.guests.result import State
from recanon.guests.selection import Choice
from recanon.guests.work import Effort
from tests.guests.kit import FORMAT, ROOT, SHIPPED, digest, fill, hostile, result, run, states, written
from tests.helpers import slow

OLD = 'def f(x):\n    return "{}".format(x)\n'
TREE: dict[str, str | bytes] = {
    "app/__init__.py": "",
    "app/a.py": OLD,
    "app/sub/__init__.py": "import os\n",
    "app/sub/b.py": "from typing import List, Optional, Union\n\n\ndef g(x: Optional[List[int]], y: Union[int, str]):\n"
    "    ...\n",
    "crlf.py": OLD.replace("\n", "\r\n"),
    "bare.py": OLD.rstrip("\n"),
    "bom.py": b"\xef\xbb\xbf" + OLD.encode(),
    "latin.py": b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + OLD.encode(),
    "made.py": f"# @gen{''}erated\n{OLD}",
    "empty.py": "",
}


COMMANDS: dict[str, tuple[str, ...]] = {
    FORMAT: (),
    f"{SHIPPED}.convert_union_to_or.ConvertUnionToOrCommand": (),
    f"{SHIPPED}.rename_typing_generic_aliases.RenameTypingGenericAliases": (),
    f"{SHIPPED}.remove_unused_imports.RemoveUnusedImportsCommand": (),
    f"{SHIPPED}.add_trailing_commas.AddTrailingCommas": ("--paramter-count", "1", "--argument-count", "1"),
    f"{SHIPPED}.ensure_import_present.EnsureImportPresentCommand": ("--module", "re", "--entity", "sub"),
    f"{SHIPPED}.rename.RenameCommand": ("--old_name", "typing.List", "--new_name", "builtins.list"),
    hostile("Qualifies"): (),
    hostile("Imports"): (),
    hostile("Says"): ("--word", "hello", "--loud"),
}

FEW = {FORMAT, hostile("Qualifies"), hostile("Imports"), hostile("Says"), f"{SHIPPED}.rename.RenameCommand"}


def theirs(root: Path, command: str) -> Path:
    """Let LibCST's own runner work on a tree, as `python -m libcst.tool` does."""
    words = ("-x", command.removeprefix("libcst:"), "--no-format", "-j", "1", *COMMANDS[command], ".")
    with contextlib.chdir(root):
        assert main("libcst.tool", ["codemod", *words]) == 0
    return root


@pytest.mark.parametrize("command", [command if command in FEW else slow(command) for command in COMMANDS])
def test_a_file_becomes_what_the_runner_of_libcst_makes_of_it(tmp_path: Path, command: str) -> None:
    ours, expected = fill(tmp_path / "ours", TREE), theirs(fill(tmp_path / "theirs", TREE), command)
    done = run(ours, command, *COMMANDS[command], review=True)
    made = {each.path: each.after for each in done.results if each.after}
    assert made, "the case must change something"
    for name in TREE:
        assert made.get(name, (ours / name).read_bytes()) == (expected / name).read_bytes(), name


def test_nothing_is_written_into_the_tree(tmp_path: Path) -> None:
    before = digest(fill(tmp_path, TREE))
    assert written(run(tmp_path, FORMAT))
    assert digest(tmp_path) == before


def test_every_file_has_one_state(tmp_path: Path) -> None:
    done = run(fill(tmp_path, {**TREE, "broken.py": "x = (\n"}), FORMAT)
    assert states(done)["app/a.py"] is State.CHANGED
    assert states(done)["empty.py"] is State.UNCHANGED
    assert result(done, "broken.py").state is State.SKIPPED
    assert result(done, "broken.py").reason.startswith("LibCST cannot parse it: line ")
    assert "generated code" in result(done, "made.py").reason


def test_a_file_that_libcst_would_not_give_back_as_it_is_is_skipped(tmp_path: Path) -> None:
    done = run(fill(tmp_path, {"feed.py": f"\f{OLD}", "a.py": OLD}), FORMAT)
    assert result(done, "feed.py").reason == "LibCST would not give back the very same bytes"
    assert list(written(done)) == ["a.py"]


def test_a_file_that_the_guest_skips_is_skipped_with_its_reason_and_warnings_are_told(tmp_path: Path) -> None:
    done = run(fill(tmp_path, {"a.py": "bad = 1\n", "b.py": "x = 1\n"}), hostile("Skips"))
    assert (result(done, "a.py").state, result(done, "a.py").reason) == (State.SKIPPED, "it holds the word")
    assert (result(done, "b.py").state, result(done, "b.py").warnings) == (State.UNCHANGED, ("nothing to see",))


def test_each_file_has_a_fresh_instance_and_a_fresh_context(tmp_path: Path) -> None:
    done = run(fill(tmp_path, {f"{n}.py": "y = 1\n" for n in range(6)}), hostile("Forgets"))
    assert set(written(done).values()) == {"y = 1\nseen = 1, 1\n"}


def test_a_choice_of_files_leaves_the_others_alone(tmp_path: Path) -> None:
    fill(tmp_path, {"app/a.py": OLD, "app/b.py": OLD, "app/c.py": "x = 1\n", "c.py": OLD})
    choice = Choice(only=("app/**",), exclude=("b.py",), holding=("format",))
    done = run(tmp_path, FORMAT, choice=choice)
    assert states(done) == {
        "app/a.py": State.CHANGED,
        "app/b.py": State.SKIPPED,
        "app/c.py": State.UNCHANGED,
    }


@pytest.mark.parametrize(
    ("guest", "arguments", "message"),
    [
        ("libcst:no.such.module.Command", (), "there is no module no.such"),
        ("libcst:libcst.codemod.commands.rename.Nothing", (), "has no Nothing"),
        (hostile("NoCodemod"), (), "is no LibCST codemod"),
        (hostile("Says"), (), "the following arguments are required: --word"),
        (hostile("Says"), ("--word", "a", "--more"), "unrecognized arguments: --more"),
        (hostile("Says"), ("--help",), "usage:"),
    ],
)
def test_a_guest_that_cannot_be_loaded_is_refused(
    tmp_path: Path, guest: str, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ServiceError, match=message):
        run(fill(tmp_path, {"a.py": ""}), guest, *arguments)


def test_a_guest_of_the_tree_is_not_found_unless_its_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, {"mine/__init__.py": "", "mine/mod.py": (ROOT / "tests/guests/hostile.py").read_bytes()})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="there is no module mine"):
        run(tmp_path, "libcst:mine.mod.Skips")
    done = run(tmp_path, "libcst:mine.mod.Skips", effort=Effort(jobs=1, path=(str(tmp_path),)))
    assert states(done)["mine/__init__.py"] is State.UNCHANGED
    assert not list(tmp_path.rglob("*.pyc")), "no bytecode is left beside the guest"


def test_bytecode_of_a_guest_goes_to_a_folder_of_its_own_and_that_of_libcst_is_read_where_it_lies(
    tmp_path: Path,
) -> None:
    done = run(fill(tmp_path, {"a.py": "x = 1\n"}), hostile("TellsItsBytecode"), review=True)
    of_libcst, of_guest = ast.literal_eval(written(done)["a.py"].partition("cached = ")[2])
    assert of_libcst == cst.__spec__.cached
    assert "scratch" in of_guest
    assert not Path(of_guest).is_relative_to(ROOT)
