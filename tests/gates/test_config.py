"""Gates that stand in files: the user's are taken, the repository's only where the user says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.errors import UsageError
from recanon.gates.config import config_path, repository_gates, user_gates

FULL = """
[[gate]]
run = "no-new-manual"

[[gate]]
run = "compliance>=25"
pack = "p"
phase = "tests"
tree = "{tree}"
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_gates_are_asked_by_pack_phase_and_tree(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    everywhere, one = user_gates(write(tmp_path / "config.toml", FULL.format(tree=root)), root)
    assert everywhere.asked(tmp_path, "any", ())
    assert one.asked(root, "p", ("production", "tests"))
    assert one.asked(root / "below", "p", ("tests",))
    assert not one.asked(tmp_path, "p", ("tests",))
    assert not one.asked(root, "q", ("tests",))
    assert not one.asked(root, "p", ("production",))


def test_no_configuration_means_no_gates(tmp_path: Path) -> None:
    assert user_gates(tmp_path / "config.toml", tmp_path) == ()
    assert repository_gates(tmp_path) == ()
    assert repository_gates(write(tmp_path / "pyproject.toml", "[tool]\nrecanon = 3\n").parent) == ()


def test_the_repository_is_read_under_its_own_table(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[[tool.recanon.gate]]\nrun = "no-new-manual"\n[[gate]]\nrun = "x"\n')
    assert [entry.gate.text for entry in repository_gates(tmp_path)] == ["no-new-manual"]


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"XDG_CONFIG_HOME": "/etc/xdg-of-mine"}, Path("/etc/xdg-of-mine/recanon/config.toml")),
        ({"XDG_CONFIG_HOME": "relative"}, Path.home() / ".config/recanon/config.toml"),
        ({"XDG_CONFIG_HOME": ""}, Path.home() / ".config/recanon/config.toml"),
        ({}, Path.home() / ".config/recanon/config.toml"),
    ],
)
def test_the_configuration_lies_where_the_specification_says(environ: dict[str, str], path: Path) -> None:
    assert config_path(environ) == path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gate = ", "cannot be read"),
        ("gate = 3", "no list of tables"),
        ("[gate]\nrun = 'x'", "no list of tables"),
        ("[[gate]]", "gate 1 has no run"),
        ("[[gate]]\nrun = 3", "gate 1 has no run"),
        ("[[gate]]\nrun = 'no-new-manual'\n[[gate]]\nrun = 'a'\nphse = 'b'", "gate 2 has an unknown key phse"),
        ("[[gate]]\nrun = 'a'\nphase = ['b']", "phase is no text"),
        ("[[gate]]\nrun = 'compliance>=x'", "gate 1: gate compliance>=x: x is no percentage"),
    ],
)
def test_a_wrong_configuration_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        user_gates(write(tmp_path / "config.toml", text), tmp_path / "tree")
    assert message in caught.value.message
    assert str(tmp_path / "config.toml") in caught.value.message


def test_a_configuration_in_the_tree_or_of_others_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "tree" / "config.toml", "")
    with pytest.raises(UsageError, match="lies in the tree"):
        user_gates(path, tmp_path)
    path.chmod(0o666)
    with pytest.raises(UsageError, match="others may write"):
        user_gates(path, tmp_path / "elsewhere")
