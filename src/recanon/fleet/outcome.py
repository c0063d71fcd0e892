"""What became of a repository of a fleet."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from recanon.outcome import Verdict


class Action(StrEnum):
    """What is done with each repository."""

    AUDIT = "audit"
    PREVIEW = "preview"
    APPLY = "apply"


class State(StrEnum):
    """How it ended: all of it, with files set aside, or not at all."""

    DONE = "done"
    PARTLY = "partly"
    FAILED = "failed"


class Mention(msgspec.Struct, frozen=True):
    """A place, as a plan in JSON has it (schema `recanon/plan/1`)."""

    file: str
    line: int
    name: str
    verdict: Verdict
    reason: str
    hint: str
    applied: bool


class ChangedFile(msgspec.Struct, frozen=True):
    """A file that changes, as a plan in JSON has it."""

    path: str


class Tree(msgspec.Struct, frozen=True):
    """How large a tree is, as a plan in JSON has it."""

    files: int


class PlanRead(msgspec.Struct, frozen=True):
    """What is read of a plan in JSON."""

    digest: str
    tree: Tree
    account: dict[str, int | bool | list[str]]
    files: tuple[ChangedFile, ...]
    mentions: tuple[Mention, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many mentions have each verdict."""
        return {str(verdict): int(self.account[verdict]) for verdict in Verdict}  # type: ignore[arg-type]

    @property
    def applied(self) -> tuple[Mention, ...]:
        """The places that are rewritten."""
        return tuple(mention for mention in self.mentions if mention.applied)

    def of(self, verdict: Verdict) -> tuple[Mention, ...]:
        """Return the places of a verdict."""
        return tuple(mention for mention in self.mentions if mention.verdict is verdict)


@dataclass(frozen=True, slots=True)
class PhaseDone:
    """A phase on a branch.

    Args:
        id: its name.
        title: what it does.
        commit: the commit that holds it; "" where it had nothing to change.
        files: how many files it changes.
        places: how many places it rewrites.
    """

    id: str
    title: str
    commit: str
    files: int
    places: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a repository.

    Args:
        name: of the repository.
        action: what was done.
        state: how it ended.
        key: what this rests on: where it is the same the next time, nothing need be done.
        reason: why it failed.
        seconds: how long it took.
        files: Python files of the tree.
        changed: how many of them change.
        counts: mentions by verdict.
        phases: those on the branch.
        branch: its name, and the commit that it starts at.
        compliance: per cent of the places that use the canonical way, by an audit.
    """

    name: str
    action: Action
    state: State
    key: str = ""
    reason: str = ""
    seconds: float = 0.0
    files: int = 0
    changed: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    phases: tuple[PhaseDone, ...] = ()
    branch: tuple[str, str] = ("", "")
    compliance: float | None = None


class Results(msgspec.Struct, frozen=True):
    """The outcomes so far, as they are kept between two goes."""

    schema: str
    outcomes: dict[str, Outcome]


SCHEMA = "recanon/fleet/1"
