"""Runs a pack that is tables alone over a small tree."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from recanon.outcome import Finding, Verdict
from recanon.pack import load_pack
from recanon.plan import Plan
from recanon.session import make_plan
from recanon.settings import Settings

PACKS = Path(__file__).parent / "packs"
HEAD = '[pack]\nid = "mine"\n\n'


class Outcome:
    """A plan of the pack, with the text of the one file that is looked at."""

    def __init__(self, root: Path, plan: Plan) -> None:
        self.root = root
        self.plan = plan

    def text(self, path: str = "use.py") -> str:
        """Return the text of a file as it would be."""
        changed = next((c.after for c in self.plan.changes if c.path == path), None)
        return (changed if changed is not None else (self.root / path).read_bytes()).decode()

    def found(self, path: str = "use.py") -> list[Finding]:
        """Return the findings of a file."""
        return [finding for finding in self.plan.findings if finding.path == path]

    def verdicts(self, path: str = "use.py") -> list[str]:
        """Return the verdicts of the uses of a file, in order of the text."""
        return [f.verdict.value for f in self.found(path) if f.kind != "import"]

    def reasons(self, path: str = "use.py") -> str:
        """Return what is said about a file."""
        return "\n".join(f"{f.line} {f.kind} {f.verdict}: {f.reason} {f.notes}" for f in self.found(path))


def write_pack(folder: Path, description: str) -> Path:
    """Write a pack that is a description alone."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(HEAD + textwrap.dedent(description), encoding="utf-8")
    return folder


def migrate(tmp: Path, description: str, files: Mapping[str, str], *, review: bool = False) -> Outcome:
    """Plan twice over a tree: the account balances, nothing is taken back, a second pass changes nothing.

    Args:
        tmp: an empty folder.
        description: the tables of the pack.
        files: the tree.
        review: whether `review` rewrites are applied.
    """
    pack = load_pack(write_pack(tmp / "mine", description))
    root = tmp / "tree"
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(textwrap.dedent(text).removeprefix("\n").encode())
    include = frozenset({Verdict.SAFE, Verdict.REVIEW} if review else {Verdict.SAFE})
    plan = make_plan(root, pack, Settings(include=include, jobs=1, bounds=None))
    assert plan.account.balanced, plan.account
    assert not plan.reverted, plan.reverted
    for change in plan.changes:
        compile(change.after, change.path, "exec")
    return Outcome(root, plan)
