"""A real `pre-commit` in a real repository: commits with an old import are stopped, and the ratchet shrinks."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.guard.kit import CLEAN, GUARD, OLD, USE, git, guard, repository, run, tree

ROOT = Path(__file__).parents[2]
MANIFEST = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
ARGS = [".", *GUARD, "--baseline", "base.json"]
IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.org")


def hooked(tmp_path: Path, config: str) -> Path:
    """Return a repository whose commits run the hook."""
    root = repository(tmp_path / "repo", {"app/user.py": USE, "app/clean.py": CLEAN})
    (root / ".pre-commit-config.yaml").write_text(config)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "hook")
    installed = run(root, sys.executable, "-m", "pre_commit", "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return root


def commit(root: Path) -> CompletedProcess[str]:
    """Try to commit everything."""
    git(root, "add", "-A")
    return run(root, "git", *IDENTITY, "commit", "-qm", "more")


def local(*, names: bool) -> str:
    """Return a configuration with the hook as a local one, with or without the names of files."""
    return (
        "repos:\n- repo: local\n  hooks:\n  - id: recanon-guard\n    name: recanon guard\n    language: system\n"
        f"    entry: {sys.executable} -m recanon guard\n    types: [python]\n    require_serial: true\n"
        f"    pass_filenames: {'true' if names else 'false'}\n    args: {ARGS}\n"
    )


@pytest.fixture
def from_manifest(tmp_path: Path) -> str:
    """Return a configuration that takes the hook from a repository with the project's own manifest.

    Only the language differs: `system` uses the recanon of this environment, where `python` would install one.
    """
    source = tmp_path / "hooks"
    source.mkdir()
    (source / ".pre-commit-hooks.yaml").write_text(MANIFEST.replace("language: python", "language: system"))
    git(source, "init", "-q")
    git(source, "add", "-A")
    git(source, "commit", "-qm", "hooks")
    revision = git(source, "rev-parse", "HEAD").strip()
    return f"repos:\n- repo: {source.as_uri()}\n  rev: {revision}\n  hooks:\n  - id: recanon-guard\n    args: {ARGS}\n"


def test_the_manifest_is_one() -> None:
    done = run(ROOT, sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_an_old_import_in_a_commit_is_stopped_and_the_ratchet_shrinks(tmp_path: Path, from_manifest: str) -> None:
    root = hooked(tmp_path, from_manifest)
    head = git(root, "rev-parse", "HEAD")
    tree(root, {"app/clean.py": CLEAN + OLD})
    stopped = commit(root)
    assert stopped.returncode == 1
    assert "app/clean.py:6:58  import create_websocket_manager" in stopped.stdout + stopped.stderr
    assert git(root, "rev-parse", "HEAD") == head

    tree(root, {"app/clean.py": CLEAN, "app/user.py": CLEAN})
    assert "2 gone" in (lambda done: done.stdout + done.stderr)(commit(root))
    assert guard(root, ".", "--baseline", "base.json", "--update").returncode == 0
    shrunk = commit(root)
    assert shrunk.returncode == 0, shrunk.stdout + shrunk.stderr
    assert git(root, "rev-parse", "HEAD") != head


def test_with_names_of_files_only_those_of_the_commit_are_spoken_of(tmp_path: Path) -> None:
    root = hooked(tmp_path, local(names=True))
    tree(root, {"app/clean.py": CLEAN + "# more\n"})
    assert commit(root).returncode == 0
    tree(root, {"app/clean.py": CLEAN + OLD})
    stopped = commit(root)
    assert stopped.returncode == 1
    assert "1 new, 0 gone" in stopped.stdout + stopped.stderr


def test_what_is_not_staged_does_not_stop_a_commit(tmp_path: Path) -> None:
    root = hooked(tmp_path, local(names=False))
    tree(root, {"app/clean.py": CLEAN + "# more\n"})
    git(root, "add", "-A")
    tree(root, {"app/user.py": USE + OLD})
    done = run(root, "git", *IDENTITY, "commit", "-qm", "more")
    assert done.returncode == 0, done.stdout + done.stderr
    assert git(root, "show", "HEAD:app/user.py") == USE
    assert (root / "app/user.py").read_text() == USE + OLD
