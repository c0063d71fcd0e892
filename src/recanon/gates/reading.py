"""Read a gate on the tree as it stands, and tell what two readings differ in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from recanon.executor.process import Ended
from recanon.gates.diagnostics import findings, new_findings
from recanon.gates.gate import Gate, Kind
from recanon.gates.junit import Report
from recanon.outcome import Finding
from recanon.watch import Touched

_LINES = 5  # of the end of an output, shown where a gate gives no answer


@dataclass(frozen=True, slots=True)
class Survey:
    """How a tree stands, as the gate asks.

    Args:
        percent: the share of canonical places.
        by_hand: the places by hand.
        broken: why there is no answer; else "".
    """

    percent: float = 0.0
    by_hand: tuple[Finding, ...] = ()
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a gate found on the tree as it stood.

    Args:
        bad: what speaks against the tree: failing tests, findings, places by hand; the name of each, and a line on it.
        passed: tests that passed.
        skipped: tests that were skipped.
        broken: why there is no answer, such as a time limit; else "".
        percent: the compliance.
        ended: how its command ended; None for a gate without one.
        touched: what the command did to the files of the tree.
        seconds: how long it took.
    """

    bad: Mapping[str, str] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    broken: str = ""
    percent: float = 0.0
    ended: Ended | None = None
    touched: Touched = field(default_factory=Touched)
    seconds: float = 0.0

    @property
    def code(self) -> int:
        """The exit code of the command."""
        return self.ended.code if self.ended else 0

    @property
    def tail(self) -> tuple[str, ...]:
        """The last lines that the command wrote."""
        lines = [line.rstrip() for line in self.ended.text.splitlines() if line.strip()] if self.ended else []
        return tuple(lines[-_LINES:])


def tests_reading(ended: Ended, tests: Report) -> Reading:
    """Return the reading of a gate whose tests were reported."""
    return Reading(tests.failed, tests.passed, tests.skipped, ended=ended, seconds=ended.seconds)


def command_reading(ended: Ended) -> Reading:
    """Return the reading of a command that is judged by its exit code."""
    bad = {"exit code": f"{ended.code}: {_last_line(ended)}"} if ended.code else {}
    return Reading(bad, ended=ended, seconds=ended.seconds)


def diagnostics_reading(ended: Ended) -> Reading:
    """Return the reading of a checker whose findings are compared."""
    bad = findings(ended.text)
    broken = "" if ended.whole else f"its output is too large to be compared: {ended.size:,} bytes"
    if ended.code and not bad:
        broken = f"it ended with exit code {ended.code} and wrote nothing"
    return Reading(bad, broken=broken, ended=ended, seconds=ended.seconds)


def survey_reading(survey: Survey, seconds: float = 0.0) -> Reading:
    """Return the reading of a gate about the API in the tree: its compliance, and the places by hand.

    Args:
        survey: how the tree stands.
        seconds: how long it took to find out.
    """
    seen: Counter[str] = Counter()
    bad = {}
    for mention in survey.by_hand:
        name = f"{mention.path}: {mention.kind} {mention.word}"  # no line: it may move
        seen[name] += 1
        bad[f"{name} ({seen[name]})"] = f"line {mention.line}: {mention.reason}"
    return Reading(bad, broken=survey.broken, percent=survey.percent, seconds=seconds)


def cannot_tell(gate: Gate, reading: Reading) -> bool:
    """Return whether a gate about the API in the tree has nothing to be about.

    Args:
        gate: the gate.
        reading: what it found.
    """
    return bool(reading.broken) and not gate.command


def unfit(gate: Gate, before: Reading) -> str:
    """Return why a gate cannot be used, since it says nothing good of the tree as it is; else "".

    Args:
        gate: the gate.
        before: its reading before the phase.
    """
    if before.touched.edited:
        return f"it edits files of the tree: {_named(before.touched.edited)}"
    if before.broken or gate.kind in {Kind.DIAGNOSTICS, Kind.COMPLIANCE, Kind.MANUAL}:
        return before.broken
    if gate.kind is Kind.TESTS:
        return "" if before.passed else "no test passes"
    return next((f"{name} {line}" for name, line in before.bad.items()), "")


def problems(gate: Gate, before: Reading, after: Reading) -> dict[str, str]:
    """Return what speaks against the tree after, and did not before.

    Args:
        gate: the gate.
        before: its reading before the phase.
        after: its reading after it.

    Returns:
        The name of each test, finding or place, and a line on it.
    """
    if after.touched.edited:
        return dict.fromkeys(after.touched.edited, "the gate itself edited it")
    if after.broken:
        return {gate.text: after.broken}
    if gate.kind is Kind.COMPLIANCE:
        low = after.percent < gate.limit
        return {gate.text: f"{after.percent} % of the places use the canonical way"} if low else {}
    if gate.kind is Kind.TESTS:
        return _failing(before, after)
    if gate.kind is Kind.DIAGNOSTICS:
        return _new_findings(before, after)
    return {name: line for name, line in after.bad.items() if name not in before.bad}


def _new_findings(before: Reading, after: Reading) -> dict[str, str]:
    new = new_findings(before.bad, after.bad)
    if not new and after.code > max(before.code, 1):
        return {"exit code": f"{after.code}; {before.code} before: it may not have come to its end"}
    return new


def _failing(before: Reading, after: Reading) -> dict[str, str]:
    """Tests that passed and do not any more; what was skipped since has not failed."""
    lost = sorted(before.passed - after.passed - after.skipped)
    found = {name: after.bad.get(name, "it is gone: it was not run any more") for name in lost}
    # Where no test could be collected, the module says why.
    modules = {name.partition("::")[0] for name in lost}
    found = {name: after.bad[name] for name in sorted(modules & after.bad.keys() - found.keys())} | found
    if not after.bad and after.code and not before.code:
        found["exit code"] = f"{after.code}; 0 before, and no test fails"
    return found


def _last_line(ended: Ended) -> str:
    lines = ended.text.strip().splitlines()
    return lines[-1].strip() if lines else "it wrote nothing"


def _named(paths: tuple[str, ...]) -> str:
    return ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
