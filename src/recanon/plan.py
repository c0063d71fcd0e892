"""The plan: the frozen result of a dry run, and the very thing that apply writes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from recanon.edit import Edit
from recanon.outcome import Account, Finding, Reverted, Skipped


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a plan.

    Args:
        path: the file, relative to the root.
        before: its bytes when the plan was made.
        after: its bytes when the plan is applied.
        edits: what was done to the decoded text, in order.
        phases: the phases that the edits belong to.
    """

    path: str
    before: bytes
    after: bytes
    edits: tuple[Edit, ...] = ()
    phases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do, and what it would leave alone, each with its reason.

    Args:
        pack: id of the pack.
        options: the pack's options in force.
        phases: the phases that were run.
        changes: files to be written, sorted by path.
        findings: every mention with its verdict, sorted by place.
        skipped: files that were not worked on.
        reverted: files whose edits were taken back by the verification ladder.
        account: the sum over all mentions.
        files: how many Python files the tree holds.
        candidates: how many of them hold a trigger word.
    """

    pack: str
    options: dict[str, str]
    phases: tuple[str, ...]
    changes: tuple[FileChange, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    reverted: tuple[Reverted, ...]
    account: Account
    files: int
    candidates: int

    @property
    def digest(self) -> str:
        """SHA-256 over the paths and bytes before and after: two equal plans have equal digests."""
        total = hashlib.sha256()
        for change in self.changes:
            for part in (change.path.encode("utf-8", "surrogateescape"), change.before, change.after):
                total.update(len(part).to_bytes(8, "big") + part)
        return total.hexdigest()


def phase_id(plan: Plan) -> str:
    """Return the phase of a plan of one phase; a pack without phases has one that is called `all`."""
    return next(iter(plan.phases), "all")
