"""`recanon run` from the command line: preview, apply, rollback, exit codes, and names that are wrong."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recanon.cli.main import app
from recanon.errors import UsageError
from recanon.guests.spec import Guest, Kind, read_guest
from tests.guests.kit import FORMAT, ROOT, SHIPPED, digest, fill, hostile

OLD = 'x = "{}".format(1)\n'


def recanon(*words: str | Path) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_preview_is_a_clean_diff_and_the_rest_goes_to_standard_error(tmp_path: Path) -> None:
    before = digest(fill(tmp_path, {"a.py": OLD, "b.py": "y = 1\n"}))
    shown = recanon("run", FORMAT, tmp_path)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("diff --git a/a.py b/a.py\n")
    assert shown.stdout.endswith('+x = f"{1}"\n')
    assert "account: files 2 = safe 1 + review 0 + manual 0 + left 0 + canonical 1\n" in shown.stderr
    assert shown.stderr.endswith("files: 2 = changed 1 + unchanged 1 + skipped 0 + reverted 0 + failed 0\n")
    assert digest(tmp_path) == before
    assert recanon("run", "--jobs", "1", FORMAT, tmp_path, "--check").exit_code == 1


def test_what_is_applied_is_given_back_to_the_byte(tmp_path: Path) -> None:
    before = digest(fill(tmp_path, {"a.py": OLD, "b.py": OLD.rstrip("\n")}))
    applied = recanon("run", "--jobs", "1", FORMAT, tmp_path, "--apply", "--yes")
    assert applied.exit_code == 0
    assert (tmp_path / "a.py").read_text() == 'x = f"{1}"\n'
    assert FORMAT in recanon("runs", tmp_path).stdout
    [name] = re.findall(r"^run (\S+): 2 files written$", applied.stdout, re.MULTILINE)
    assert FORMAT in recanon("show", name, tmp_path).stdout
    assert "Nothing to change." in recanon("run", "--jobs", "1", FORMAT, tmp_path, "--apply", "--yes").stdout
    assert recanon("rollback", tmp_path, "--all", "--yes").exit_code == 0
    assert digest(tmp_path) == before


def test_json_holds_every_file(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": OLD, "b.py": "y = 1\n", "c.py": "x = (\n"})
    told = json.loads(recanon("run", "--jobs", "1", FORMAT, tmp_path, "--format", "json").stdout)
    assert {each["file"]: each["verdict"] for each in told["mentions"]} == {
        "a.py": "safe",
        "b.py": "canonical",
        "c.py": "left",
    }
    assert told["account"]["balanced"]
    assert told["files"][0]["edits"][0]["replacement"] == 'x = f"{1}"\n'


def test_words_behind_two_dashes_are_the_guests(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": "import re\n\nre.sub\n"})
    shown = recanon(
        "run",
        "--jobs",
        "1",
        f"{SHIPPED}.rename.RenameCommand",
        tmp_path,
        "--",
        "--old_name",
        "re",
        "--new_name",
        "regex",
    )
    assert "+import regex" in shown.stdout
    helped = recanon("run", "--jobs", "1", f"{SHIPPED}.rename.RenameCommand", tmp_path, "--", "--help")
    assert helped.exit_code == 2
    assert "--old_name OLD_NAME" in helped.stderr


def test_a_guest_that_fails_on_a_file_ends_with_three(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": "good = 1\n", "bad.py": "bad = 1\n"})
    words = ("run", hostile("Exits"), tmp_path, "--path", ROOT, "--jobs", "1")
    assert recanon(*words).exit_code == 3
    applied = recanon(*words, "--apply", "--yes")
    assert applied.exit_code == 3
    assert (tmp_path / "a.py").read_text() == "good = 1\ndone = 1\n"
    assert (tmp_path / "bad.py").read_text() == "bad = 1\n"


def test_what_a_guest_prints_is_shown_on_request_only(tmp_path: Path) -> None:
    fill(tmp_path, {"bad.py": "bad = 1\n"})
    words = ("run", hostile("Prints"), tmp_path, "--path", ROOT, "--jobs", "1")
    quiet, loud = recanon(*words), recanon(*words, "--show-output")
    assert "cried" not in quiet.output
    assert "It printed something about 1 file; --show-output shows it." in quiet.stderr
    assert "output: bad.py" in loud.stderr
    assert "cried" in loud.stderr
    assert quiet.stdout == loud.stdout


@pytest.mark.parametrize("library", ["bowler", "fixit"])
def test_a_missing_library_is_named_with_what_installs_it(
    tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "hidden", {f"{library}.py": f"raise ModuleNotFoundError('gone', name={library!r})\n"})
    guest = {"bowler": f"bowler:{__file__}:query", "fixit": "fixit:fixit.rules:UseFstring"}[library]
    told = recanon("run", "--jobs", "1", guest, fill(tmp_path / "tree", {"a.py": ""}), "--path", tmp_path / "hidden")
    assert told.exit_code == 2
    assert f"error: {library} is not installed beside recanon" in told.stderr
    assert f'hint: Install it: pip install "recanon[{library}]"' in told.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no guest"),
        ("libcst", "names no guest"),
        ("rope:a.b", "names no guest"),
        ("libcst:", "names no guest"),
        ("libcst:Command", "is no whole name"),
        ("bowler:file.py", "is no whole name"),
        ("fixit:package", "is no whole name"),
        ("command:ruff check", "does not say where the names of the files go"),
        ("command:no-such-program {files}", "there is no program no-such-program"),
        ("command:'open {files}", "cannot be read"),
    ],
)
def test_a_name_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_guest(text)


def test_a_name_is_read() -> None:
    command = f"command:{sys.executable} -x '{{files}} b' {{files}}"
    assert read_guest(command) == Guest(command, Kind.COMMAND, command.removeprefix("command:"))
    assert read_guest("fixit:a.b:C") == Guest("fixit:a.b:C", Kind.FIXIT, "a.b", "C")
    assert read_guest("bowler:/q.py:f") == Guest("bowler:/q.py:f", Kind.BOWLER, "/q.py", "f")
    assert read_guest("libcst:a.B", ("-x",)) == Guest("libcst:a.B", Kind.LIBCST, "a", "B", ("-x",))


@pytest.mark.parametrize("text", ["fixit:a.b:C", "bowler:/q.py:f"])
def test_arguments_are_for_libcst_alone(text: str) -> None:
    with pytest.raises(UsageError, match="takes no arguments"):
        read_guest(text, ("-x",))


def test_a_tree_in_which_no_file_counts_is_refused(tmp_path: Path) -> None:
    told = recanon("run", "--jobs", "1", FORMAT, fill(tmp_path, {"a.py": ""}), "--files", "b.py")
    assert told.exit_code == 2
    assert "no Python file of the tree fits --files" in told.stderr
