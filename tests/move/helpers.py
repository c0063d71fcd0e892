"""Small trees that are moved in, in one call."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from recanon.move.planner import Request, plan_move
from recanon.outcome import Finding, Verdict
from recanon.plan import ChangeKind, Plan
from recanon.settings import Settings


@dataclass(frozen=True)
class Moved:
    """A planned move, and the texts as they would be; a file that is gone has none."""

    plan: Plan
    before: Mapping[str, str]
    texts: Mapping[str, str]

    def __getitem__(self, path: str) -> str:
        return self.texts[path]

    def found(self, path: str, verdict: Verdict | None = None) -> list[Finding]:
        """Return the findings of a file, of one verdict where it is given."""
        return [f for f in self.plan.findings if f.path == path and verdict in {None, f.verdict}]

    @property
    def unchanged(self) -> set[str]:
        """Paths of the files that stay as they are."""
        return set(self.before) - {change.path for change in self.plan.changes}


def tree(root: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Write files, indented as they stand in a test."""
    texts = {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items()}
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return texts


def write(root: Path, plan: Plan) -> None:
    """Write a plan without a journal."""
    for change in plan.changes:
        path = root / change.path
        if change.kind is ChangeKind.DELETE:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(change.after)


def moved(root: Path, files: Mapping[str, str], old: str, new: str, settings: Settings | None = None) -> Moved:
    """Plan a move over files; the plan's account must balance, and a second plan must find nothing to do."""
    before = tree(root, files)
    plan = plan_move(root, Request(old, new, settings or Settings(jobs=1, bounds=None)))
    assert plan.account.balanced
    texts = dict(before)
    for change in plan.changes:
        texts.pop(change.path, None)
        if change.kind is not ChangeKind.DELETE:
            texts[change.path] = change.after.decode()
    return Moved(plan, before, texts)


def refused(root: Path, files: Mapping[str, str], old: str, new: str) -> str:
    """Return why a move is refused."""
    from recanon.errors import UsageError

    with pytest.raises(UsageError) as caught:
        moved(root, files, old, new)
    return str(caught.value)
