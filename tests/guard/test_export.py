"""What is exported stops, in the real tools, the same import that the guard stops."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.guard.kit import OLD, guard, recanon, repository, run, tree
from tests.helpers import CORE, write_tree

FIXTURE = Path(__file__).parents[2] / "fixtures" / "netra_mini"
NEW = {
    "app/by_module.py": "import app.websocket_core.unified_manager\n",
    "app/by_name.py": OLD,
    "app/facade.py": "from app.websocket_core import create_websocket_manager\n",
    "app/relative.py": "from .websocket_core import utils, websocket_manager_factory\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    packages = {f"{folder}/__init__.py": "" for folder in ("app", "tests")}
    return repository(tmp_path / "repo", {**packages, "app/user.py": OLD, "tests/test_user.py": OLD})


def ruff(root: Path, config: str = "ruff-guard.toml") -> set[str]:
    """Return the files in which ruff finds a banned import."""
    done = run(root, "ruff", "check", "--no-cache", "--output-format", "concise", "--config", config, ".")
    assert done.returncode in (0, 1), done.stderr
    return {line.partition(":")[0] for line in done.stdout.splitlines() if "TID251" in line}


def new_imports(root: Path) -> set[str]:
    """Return the files with an import that the guard stops."""
    done = guard(root, ".", "--baseline", "base.json")
    return {line.strip().partition(":")[0] for line in done.stdout.splitlines() if "  import " in line}


def test_ruff_stops_the_imports_that_the_guard_stops(root: Path) -> None:
    assert guard(root, "export", ".", "--ruff", "-o", "ruff-guard.toml").returncode == 0
    assert ruff(root) == set()
    tree(root, NEW)
    assert ruff(root) == new_imports(root) == set(NEW)


def test_ruff_does_not_see_calls_patches_and_names_of_other_modules(root: Path) -> None:
    tree(root, {"app/hands_on.py": OLD})
    assert guard(root, "export", ".", "--ruff", "-o", "ruff-guard.toml").returncode == 0
    hidden = {
        "app/through.py": "from app.hands_on import create_websocket_manager\n",
        "tests/test_patch.py": "from unittest.mock import patch\n\n\ndef test_it():\n"
        '    with patch("app.user.create_websocket_manager"):\n        pass\n',
    }
    tree(root, hidden)
    assert ruff(root) == set()
    told = guard(root, ".", "--baseline", "base.json").stdout
    assert all(path in told for path in hidden)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="under 3.11 one more file cannot be parsed: other figures")
def test_ruff_lets_the_whole_fixture_application_through_as_it_is(tmp_path: Path) -> None:
    root = shutil.copytree(FIXTURE, tmp_path / "netra")
    words = ("guard", "export", ".", "--pack", "websocket-ssot", "--ruff")
    done = recanon(root, *words, "-o", "ruff-guard.toml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert ruff(root) == set()
    text = (root / "ruff-guard.toml").read_text()
    (root / "all.toml").write_text(text.partition("[lint.per-file-ignores]")[0])
    assert len(ruff(root, "all.toml")) == text.count('.py" = ["TID251"]') - 1  # ruff cannot read one file in Latin-1


def test_import_linter_is_not_told_of_a_tree_without_packages(tmp_path: Path) -> None:
    write_tree(tmp_path, {"main.py": OLD, "app/user.py": OLD, "my-app/__init__.py": ""})
    done = guard(tmp_path, "export", ".", "--import-linter", "-o", ".importlinter")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no top folder of the tree has an __init__.py" in done.stderr
    assert not (tmp_path / ".importlinter").exists()
    assert guard(tmp_path, "export", ".", "--ruff").returncode == 0


def test_import_linter_stops_imports_of_old_modules(root: Path) -> None:
    assert guard(root, "export", ".", "--import-linter", "-o", ".importlinter").returncode == 0
    kept = run(root, "lint-imports", "--config", ".importlinter", "--no-cache")
    assert kept.returncode == 0, kept.stdout + kept.stderr
    tree(root, {"app/by_name.py": OLD, "app/facade.py": NEW["app/facade.py"]})
    broken = run(root, "lint-imports", "--config", ".importlinter", "--no-cache")
    assert broken.returncode == 1
    assert "app.by_name" in broken.stdout
    assert "app.facade" not in broken.stdout, "a name of a module that stays cannot be said"
    assert new_imports(root) == {"app/by_name.py", "app/facade.py"}


def test_names_of_files_that_are_globs_mean_themselves(root: Path) -> None:
    tree(root, {"app/[ab].py": OLD})
    assert guard(root, "export", ".", "--ruff", "-o", "ruff-guard.toml").returncode == 0
    tree(root, {"app/a.py": OLD})
    assert ruff(root) == {"app/a.py"}


def test_one_tool_is_asked_for(root: Path) -> None:
    for words in ((), ("--ruff", "--import-linter")):
        done = guard(root, "export", ".", *words)
        assert (done.returncode, "one tool is needed" in done.stderr) == (2, True)


def test_the_canonical_module_is_never_banned(root: Path) -> None:
    text = guard(root, "export", ".", "--ruff").stdout
    assert f'"{CORE.replace("/", ".")}websocket_manager.get_websocket_manager".msg' not in text
    assert '"app.websocket_core.get_websocket_manager".msg' in text
