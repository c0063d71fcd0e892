"""What happened to each mention and each file: named, frozen values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What happened to a mention."""

    SAFE = "safe"
    REVIEW = "review"
    MANUAL = "manual"
    LEFT = "left"
    CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class Finding:
    """One mention and its verdict.

    Args:
        path: the file, relative to the root.
        line: from 1.
        column: from 1, in characters.
        word: the trigger as it stands in the text.
        kind: import, call, reference, patch target, export, definition, string, comment ...
        verdict: what happened to it.
        reason: why, in a sentence that a person understands.
        hint: what a person should do, for `review` and `manual`.
        codemod: id of the codemod that answered, or "" where none had to.
        origin: full dotted name of the symbol that the mention denotes, or "".
        chain: the modules through which the name came, from the file to the definition.
        group: short heading under which reports gather findings of one kind.
        notes: what else was seen.
        phase: the phase that its edit belongs to, or "".
        applied: whether the plan rewrites it.
        detector: id of the detector of an audit that found it, or "".
    """

    path: str
    line: int
    column: int
    word: str
    kind: str
    verdict: Verdict
    reason: str
    hint: str = ""
    codemod: str = ""
    origin: str = ""
    chain: tuple[str, ...] = ()
    group: str = ""
    notes: tuple[str, ...] = ()
    phase: str = ""
    applied: bool = False
    detector: str = ""


# Where code uses an API: not where it is defined, handed on, or spoken of in text.
_USES = frozenset({"import", "call", "reference", "patch target"})
_OLD = frozenset({Verdict.SAFE, Verdict.REVIEW, Verdict.MANUAL})


def is_use(finding: Finding) -> bool:
    """Return whether a finding is a place where code uses an API."""
    return finding.kind in _USES


def is_old(finding: Finding) -> bool:
    """Return whether a finding is a place that uses the old API and is not kept on purpose."""
    return is_use(finding) and finding.verdict in _OLD


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that recanon did not work on.

    Args:
        path: the file, relative to the root.
        reason: why, with the position where there is one.
        hint: what a person can do.
        mentions: how many trigger words its bytes hold.
    """

    path: str
    reason: str
    hint: str = ""
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class Reverted:
    """A file whose planned edits were taken back because a step of the ladder failed.

    Args:
        path: the file, relative to the root.
        step: name of the step of the verification ladder.
        reason: what the step found.
        lost: whether the file was set aside because the work on it came to nothing.
    """

    path: str
    step: str
    reason: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """The sum that must hold on every run: every mention found in the text has exactly one verdict.

    Args:
        mentions: trigger words counted in the raw texts, independently of the findings.
        verdicts: how many findings have each verdict.
        unexplained: places (`file:line:column word`) that no finding explains.
    """

    mentions: int
    verdicts: dict[Verdict, int] = field(default_factory=dict)
    unexplained: tuple[str, ...] = ()

    @classmethod
    def of(cls, mentions: int, findings: Iterable[Finding], unexplained: tuple[str, ...]) -> Account:
        """Count the findings against the mentions."""
        counts = Counter(finding.verdict for finding in findings)
        return cls(mentions, {verdict: counts.get(verdict, 0) for verdict in Verdict}, unexplained)

    @property
    def balanced(self) -> bool:
        """Whether mentions = safe + review + manual + left + canonical, with nothing unexplained."""
        return not self.unexplained and self.mentions == sum(self.verdicts.values())
