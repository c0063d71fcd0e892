"""What came of gates: plain values for reports and exit codes."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from recanon.gates.gate import Gate
from recanon.gates.reading import Reading
from recanon.journal.result import Refused, RunResult
from recanon.outcome import Account, Finding, Verdict
from recanon.plan import Plan

GROUP = "gate"


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


@dataclass(frozen=True, slots=True)
class Guilty:
    """A file that was rolled back alone.

    Args:
        path: the file.
        along: whether it is not guilty itself, but must go back with one that is.
    """

    path: str
    along: bool


@dataclass(frozen=True, slots=True)
class Gated:
    """What came of a phase with gates.

    Args:
        plan: what stands of the plan; what a gate turned back is `manual` in it.
        results: the gates, over the whole phase.
        final: the gates over what was kept, where files were rolled back alone; else the same.
        first: the run that wrote the whole phase.
        run: id of the run that stands; "" where nothing does.
        guilty: files that were rolled back alone.
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


def without(plan: Plan, paths: frozenset[str], why: str) -> Plan:
    """Return a plan without some of its files; what it would have rewritten there is left to a person.

    Args:
        plan: the plan.
        paths: the files that are taken out.
        why: what a gate had against them.
    """
    findings = tuple(_by_hand(finding, why) if finding.path in paths else finding for finding in plan.findings)
    return replace(
        plan,
        changes=tuple(change for change in plan.changes if change.path not in paths),
        findings=findings,
        account=Account.of(plan.account.mentions, findings, plan.account.unexplained),
    )


def _by_hand(finding: Finding, why: str) -> Finding:
    if not finding.applied:
        return finding
    hint = "See why the rewritten file fails; rewrite it by hand, or leave it out with --exclude."
    return replace(finding, verdict=Verdict.MANUAL, reason=why, hint=hint, group=GROUP, applied=False)
