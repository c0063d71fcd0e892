"""What came of gates: plain values for reports and exit codes."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from recanon.gates.gate import Gate
from recanon.gates.parts import Parts
from recanon.gates.reading import Reading
from recanon.journal.result import Refused, RunResult
from recanon.outcome import Account, Verdict
from recanon.plan import FileChange, Plan
from recanon.source import Source

GROUP = "gate"
_HINT = "See why the rewritten file fails; rewrite it by hand, or leave it out with --exclude."


@dataclass(frozen=True, slots=True)
class Speed:
    """How long a command takes, in seconds, on the tree before and after.

    Args:
        before: each run before, in turn with one after.
        after: each run after.
    """

    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def percent(self) -> float:
        """How much slower the median after is than the one before, in percent; negative: it is faster."""
        before = statistics.median(self.before)
        return 100 * (statistics.median(self.after) - before) / before if before else 0.0

    @property
    def overlap(self) -> bool:
        """Whether the slowest run before took longer than the fastest one after."""
        return max(self.before) > min(self.after)


@dataclass(frozen=True, slots=True)
class GateResult:
    """What came of one gate.

    Args:
        gate: the gate.
        before: its reading before the phase.
        after: its reading after it.
        problems: what speaks against the tree after and did not before: a name, and a line on it. None: it is green.
        flaky: tests that failed once after, and passed when they were run once more.
        speed: the times, for `slower`.
    """

    gate: Gate
    before: Reading
    after: Reading
    problems: Mapping[str, str] = field(default_factory=dict)
    flaky: tuple[str, ...] = ()
    speed: Speed | None = None

    @property
    def green(self) -> bool:
        """Whether the gate holds."""
        return not self.problems


class Share(StrEnum):
    """Why a file was rolled back."""

    GUILTY = "guilty"
    ALONG = "goes back along: a guilty file imports through it"
    STRINGS = "only its strings that patch a guilty file"


@dataclass(frozen=True, slots=True)
class Guilty:
    """A file that was rolled back, whole or in part, while others stand."""

    path: str
    share: Share


@dataclass(frozen=True, slots=True)
class Gated:
    """What came of a phase with gates.

    Args:
        plan: what stands of the plan; in files that were rolled back alone, what was rewritten is `manual`.
        results: the gates, over the whole phase.
        final: the gates over what was kept, where files were rolled back alone; else the same.
        first: the run that wrote the whole phase.
        run: id of the run that stands; "" where nothing does.
        guilty: files that were rolled back while others stand.
        tries: how many parts of the phase were tried to find them.
        stuck: files that could not be given back.
    """

    plan: Plan
    results: tuple[GateResult, ...]
    final: tuple[GateResult, ...]
    first: RunResult
    run: str
    guilty: tuple[Guilty, ...] = ()
    tries: int = 0
    stuck: tuple[Refused, ...] = ()

    @property
    def green(self) -> bool:
        """Whether the whole phase stands and every gate holds."""
        return self.first.complete and all(result.green for result in self.results)


def turned_back(parts: Parts, guilty: frozenset[str], kept: tuple[FileChange, ...]) -> tuple[Guilty, ...]:
    """Return what was rolled back, and why.

    Args:
        parts: the whole plan.
        guilty: the guilty files.
        kept: what stands without them.
    """
    along = parts.along(guilty)
    stands = {(change.path, change.new) for change in kept}
    others = {change.path for change in parts.changes if (change.path, change.new) not in stands} - guilty - along
    named = [(path, Share.GUILTY) for path in guilty]
    named += [(path, Share.ALONG) for path in along] + [(path, Share.STRINGS) for path in others]
    return tuple(Guilty(path, share) for path, share in sorted(named))


def without(plan: Plan, kept: tuple[FileChange, ...], why: str) -> Plan:
    """Return what stands of a plan; what it would have rewritten elsewhere is left to a person.

    Args:
        plan: the plan, as far as it was written.
        kept: the changes that stand of it.
        why: what a gate had against the others.
    """
    lines = {change.path: _lines(change) for change in kept}
    changed = {change.path for change in plan.changes if change not in kept}
    findings = tuple(
        finding
        if finding.path not in changed or not finding.applied or finding.line in lines.get(finding.path, ())
        else replace(finding, verdict=Verdict.MANUAL, reason=why, hint=_HINT, group=GROUP, applied=False)
        for finding in plan.findings
    )
    account = Account.of(plan.account.mentions, findings, plan.account.unexplained)
    return replace(plan, changes=kept, findings=findings, account=account)


def _lines(change: FileChange) -> frozenset[int]:
    source = Source.decode(change.path, change.before)
    return frozenset(source.line_of(edit.span.start) for edit in change.edits)
