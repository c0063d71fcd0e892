"""Many repositories in one go."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from recanon.fleet.branch import Branch
from recanon.git import GitError
from tests.authoring.kit import WORLD, write
from tests.fleet.kit import BY_HAND, DONE, USE, described, fleet, git, repository

BRANCH = "recanon/one-clock"


@dataclass(frozen=True)
class Gone:
    """A fleet that was worked on: its folder, the folder of its results, and what was said."""

    place: Path
    out: Path
    done: subprocess.CompletedProcess[str]

    def line(self, name: str) -> list[str]:
        """Return the cells of the table for a repository."""
        return next(line.split() for line in self.done.stdout.splitlines() if line.startswith(f"{name} "))


def two(place: Path) -> Path:
    """Make a fleet of two repositories and a folder that is not there."""
    repository(place / "billing", {"app/use.py": USE, "tool.py": USE, "odd.py": BY_HAND})
    repository(place / "orders", {"tool.py": USE})
    return described(place, 'path = "billing"', 'path = "gone"', 'path = "orders"')


@pytest.fixture(scope="module")
def previewed(tmp_path_factory: pytest.TempPathFactory) -> Gone:
    place = tmp_path_factory.mktemp("previewed")
    return Gone(place, place / "out", fleet(two(place), place / "out"))


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Gone:
    """A fleet of repositories of all kinds, each of which was to get a branch."""
    place = tmp_path_factory.mktemp("applied")
    files = {"app/use.py": USE, "tool.py": USE, "odd.py": BY_HAND}
    billing = repository(place / "billing", files)
    (billing / "tool.py").write_text("edited = True\n")
    git(repository(place / "taken", files), "branch", BRANCH)
    repository(place / "new", {"use.py": DONE})
    write(place / "plain", {**WORLD, "use.py": USE})
    _arm(repository(place / "armed", files), place)
    entries = (f'path = "{name}"' for name in ("billing", "taken", "new", "plain", "armed"))
    return Gone(place, place / "out", fleet(described(place, *entries), place / "out", "--do", "apply", "--yes"))


def _arm(root: Path, place: Path) -> None:
    """Let a repository name programs of its own for all that git does."""
    for name in ("post-checkout", "pre-commit", "commit-msg"):
        hook = root / ".git/hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {place}/ran-{name}\n")
        hook.chmod(0o755)
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("* filter=evil\n")
    git(root, "config", "filter.evil.smudge", f"touch {place}/ran-smudge; cat")
    git(root, "config", "filter.evil.clean", f"touch {place}/ran-clean; cat")


def test_one_that_fails_costs_itself_alone(previewed: Gone) -> None:
    assert previewed.done.returncode == 3
    assert previewed.line("billing")[1:4] == ["done", "6", "2"]
    assert previewed.line("gone")[1] == "failed"
    assert previewed.line("orders")[1:4] == ["done", "4", "1"]
    assert previewed.done.stdout.splitlines()[-1] == "3 repositories: 2 done, 1 failed"
    assert "is not there" in previewed.done.stdout


def test_results_lie_in_a_folder_for_each(previewed: Gone) -> None:
    out = previewed.out

    assert "+print(now())" in (out / "billing/changes.patch").read_text()
    assert json.loads((out / "orders/plan.json").read_text())["account"]["safe"] == 2
    assert "exit code 0" in (out / "billing/log.txt").read_text()
    git(previewed.place / "orders", "apply", "--check", str(out / "orders/changes.patch"))


def test_apply_makes_a_branch_with_a_commit_for_each_phase(applied: Gone) -> None:
    billing = applied.place / "billing"

    assert applied.line("billing")[1:4] == ["done", "6", "2"]
    titles = git(billing, "log", "--format=%s", f"main..{BRANCH}").splitlines()
    assert titles == ["Ask the clock everywhere else", "Ask the clock in the application"]
    assert git(billing, "show", "--format=", "--name-only", f"{BRANCH}~1") == "app/use.py"
    assert git(billing, "show", f"{BRANCH}:tool.py") == DONE.strip()


def test_the_checkout_of_the_user_is_not_touched(applied: Gone) -> None:
    billing = applied.place / "billing"

    assert (billing / "tool.py").read_text() == "edited = True\n"
    assert git(billing, "branch", "--show-current") == "main"
    assert git(billing, "worktree", "list").count("\n") == 0


def test_the_text_of_a_pull_request_says_what_is_left(applied: Gone) -> None:
    text = (applied.out / "billing/pull-request.md").read_text()

    commit = git(applied.place / "billing", "rev-parse", BRANCH)[:10]
    assert text.startswith("# One way to ask for the time\n")
    assert "2 files of 6 changed, 4 places rewritten." in text
    assert f"| Ask the clock everywhere else | `{commit}` | 1 |" in text
    assert "- [ ] `odd.py:3` `now_utc`: called with hours to add. Add a timedelta to now()." in text


def test_a_branch_of_somebody_else_is_not_touched(applied: Gone) -> None:
    taken = applied.place / "taken"

    assert applied.line("taken")[1] == "failed"
    assert f"has a branch {BRANCH} already" in applied.done.stdout
    assert git(taken, "rev-parse", BRANCH) == git(taken, "rev-parse", "main")


def test_where_nothing_changes_no_branch_is_left(applied: Gone) -> None:
    assert applied.line("new")[1:4] == ["done", "4", "0"]
    assert git(applied.place / "new", "branch", "--list", "recanon/*") == ""


def test_a_folder_without_git_gets_no_branch(applied: Gone) -> None:
    assert applied.line("plain")[1] == "failed"
    assert "is no git repository" in applied.done.stdout
    assert (applied.place / "plain/use.py").read_text() == USE


def test_hooks_and_filters_of_a_repository_do_not_run(applied: Gone) -> None:
    assert applied.line("armed")[1] == "done"
    assert [path.name for path in applied.place.glob("ran-*")] == []
    assert git(applied.place / "armed", "show", f"{BRANCH}:app/use.py") == DONE.strip()


def test_a_phase_that_the_pack_lacks_is_named_before_anything_is_done(tmp_path: Path) -> None:
    root = repository(tmp_path / "shop", {"tool.py": USE})
    file = described(tmp_path, 'path = "shop"', head='phases = ["ap"]')

    done = fleet(file, tmp_path / "out", "--do", "apply", "--yes")

    assert done.returncode == 2
    assert "there is no phase ap" in done.stderr
    assert git(root, "branch", "--list", "recanon/*") == ""


def test_a_worktree_with_something_else_in_it_is_not_thrown_away(tmp_path: Path) -> None:
    branch = Branch(repository(tmp_path / "shop", {"tool.py": USE}), BRANCH, tmp_path / "tree")
    branch.open()
    (branch.tree / "mine.txt").write_text("mine")

    with pytest.raises(GitError):
        branch.close()

    assert (branch.tree / "mine.txt").read_text() == "mine"


@pytest.mark.slow
def test_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    file, out = two(tmp_path), tmp_path / "out"
    fleet(file, out)
    before = (out / "billing/log.txt").stat().st_mtime_ns
    git(tmp_path / "orders", "commit", "--allow-empty", "--quiet", "--message", "More")

    done = fleet(file, out)

    assert done.returncode == 3
    assert (out / "billing/log.txt").stat().st_mtime_ns == before
    assert (out / "orders/log.txt").read_text().count("$ recanon preview") == 4
    assert "billing" not in done.stderr


@pytest.mark.slow
def test_a_tree_with_changes_is_looked_at_again(tmp_path: Path) -> None:
    file, out = two(tmp_path), tmp_path / "out"
    fleet(file, out)
    (tmp_path / "orders/tool.py").write_text(DONE)

    assert Gone(tmp_path, out, fleet(file, out)).line("orders")[1:4] == ["done", "4", "0"]


@pytest.mark.slow
def test_an_audit_tells_how_far_each_has_come(tmp_path: Path) -> None:
    file, out = two(tmp_path), tmp_path / "out"

    done = Gone(tmp_path, out, fleet(file, out, "--do", "audit", "--at-once", "2"))

    assert done.done.returncode == 3
    assert "canonical way" in done.done.stdout.splitlines()[0]
    assert "%" in done.line("orders")
    assert json.loads((out / "billing/audit.json").read_text())["schema"] == "recanon/audit/1"


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.8, 1.6, 2.4, 3.2, 4.0])
def test_a_go_that_is_killed_is_taken_up_again(tmp_path: Path, moment: float) -> None:
    """Killed at some moment, the same words finish the branch, with one commit for each phase."""
    root = repository(tmp_path / "shop", {"app/use.py": USE, "tool.py": USE})
    file, out = described(tmp_path, 'path = "shop"'), tmp_path / "out"
    words = ["fleet", str(file), "-o", str(out), "--do", "apply", "--yes"]
    begun = subprocess.Popen([sys.executable, "-P", "-m", "recanon", *words], stdout=subprocess.DEVNULL)
    time.sleep(moment)
    os.kill(begun.pid, signal.SIGKILL)
    begun.wait()

    done = fleet(file, out, "--do", "apply", "--yes")

    assert done.returncode == 0, done.stdout + done.stderr
    titles = git(root, "log", "--format=%s", f"main..{BRANCH}").splitlines()
    assert titles == ["Ask the clock everywhere else", "Ask the clock in the application"]
    assert git(root, "show", f"{BRANCH}:tool.py") == DONE.strip()
    assert git(root, "worktree", "list").count("\n") == 0
