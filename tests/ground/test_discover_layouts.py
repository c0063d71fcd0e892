"""Trees that are laid out in unusual ways."""

from __future__ import annotations

import subprocess
from pathlib import Path

from recanon.discover import discover
from tests.helpers import write_tree


def test_a_root_that_is_a_symbolic_link_is_the_folder_that_it_names(tmp_path: Path) -> None:
    write_tree(tmp_path / "real", {"a.py": "", "b/c.py": ""})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    found = discover(tmp_path / "link")
    assert found.files == ("a.py", "b/c.py")
    assert found.skipped == ()


def test_a_virtual_environment_is_passed_over_in_a_git_repository_too(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a.py": "", "venv/pyvenv.cfg": "", "venv/lib/x.py": ""})
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert discover(tmp_path).files == ("a.py",)


def test_a_nested_gitignore_takes_a_rule_of_its_parent_back(tmp_path: Path) -> None:
    tree = {".gitignore": "gen_*.py\n", "sub/.gitignore": "!gen_keep.py\n", "sub/gen_keep.py": "", "sub/gen_x.py": ""}
    write_tree(tmp_path, tree)
    assert discover(tmp_path).files == ("sub/gen_keep.py",)
