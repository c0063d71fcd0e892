"""What the ladder looks at: the program before and after, and the files that would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from recanon.executor.local import Workers
from recanon.outcome import Reverted, Skipped
from recanon.plan import FileChange
from recanon.propose.program_plan import ProgramPlan
from recanon.resolve.program import Program
from recanon.source import text_key

Findings = Counter[tuple[str, str]]
Key = tuple[str, bytes]


def _stays(module: str) -> str:
    return module


@dataclass(frozen=True)
class Trial:
    """A proposed change of a tree.

    Args:
        before: the program as it is.
        after: the program as it would be.
        changes: files that would change, by path.
        plan: the answers of codemods behind the changes; None where they come from elsewhere.
        unread: changed files that could not be read any more.
        known: what ruff found in texts that it has read already, by path and digest (`text_key`).
        workers: who does what may crash.
        moved: gives the dotted name of a module afterwards, so that what dangled before is known again.
    """

    before: Program
    after: Program
    changes: Mapping[str, FileChange]
    plan: ProgramPlan | None = None
    unread: tuple[Skipped, ...] = ()
    known: dict[Key, Findings] = field(default_factory=dict)
    workers: Workers = field(default_factory=Workers)
    moved: Callable[[str], str] = field(default=_stays)

    @cached_property
    def keys(self) -> dict[str, tuple[Key, Key]]:
        """What stands for the texts of each change, before and after, in what is known."""
        changes = self.changes.values()
        return {c.path: (text_key(c.path, c.before), text_key(c.path, c.after)) for c in changes}


Step = Callable[[Trial], Iterator[Reverted]]
