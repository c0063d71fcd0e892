"""What a report says about gates: what each compared, before and after; what failed; what was rolled back."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from recanon.executor.process import Ended
from recanon.gates.boundary import may_be_halved
from recanon.gates.gate import Gate, Kind
from recanon.gates.reading import Reading, cannot_tell
from recanon.gates.result import GROUP, Gated, GateResult, Guilty, Speed
from recanon.outcome import Verdict
from recanon.report.content import Group, Row, Section, many, plan_sections
from recanon.report.run_listing import result_sections

_SHOWN = 50  # failing tests of one gate
_RED, _GREEN, _READABLE, _BLIND = "red", "green", "readable", "cannot tell"
# What one reading says nothing about: these compare the tree before with the one after.
_COMPARED = frozenset({Kind.DIAGNOSTICS, Kind.MANUAL, Kind.SLOWER})


def gated_sections(gated: Gated) -> list[Section]:
    """Return what came of a phase with gates: what stands and what was rolled back, then the gates, and what failed.

    Args:
        gated: what came of it.
    """
    sections = _outcome(gated)
    sections += [_gates("gates", gated.results), _failing(gated.results), _flaky(gated.results)]
    if gated.tries:
        sections.append(Section("bisect", f"{many(gated.tries, 'part')} of the run tried"))
    if gated.final is not gated.results:
        sections += [_gates("gates over what was kept", gated.final), _failing(gated.final)]
    sections += [_turned_back(section) for section in plan_sections(gated.plan) if section.title == Verdict.MANUAL]
    return [section for section in sections if section.groups or section.lead]


def reading_section(readings: Mapping[Gate, Reading], unfit: Mapping[Gate, str]) -> Section:
    """Return what gates found on a tree as it stands.

    Args:
        readings: of each gate.
        unfit: why a gate is red; gates that are green are missing.
    """
    words = {gate: _word(gate, reading, gate in unfit) for gate, reading in readings.items()}
    rows = tuple(
        Row(
            gate.text,
            f"{words[gate]}: {_now(gate, reading, words[gate])}",
            _told("" if words[gate] == _BLIND else unfit.get(gate, ""), reading),
        )
        for gate, reading in readings.items()
    )
    return Section("gates", _lead(Counter(words.values())), (Group(rows),))


def _word(gate: Gate, reading: Reading, red: bool) -> str:
    if red:
        return _BLIND if cannot_tell(gate, reading) else _RED
    return _READABLE if gate.kind in _COMPARED else _GREEN


def _lead(counts: Counter[str]) -> str:
    if set(counts) <= {_GREEN}:
        return "all green"
    told = "; ".join(f"{counts[word]} {word}" for word in (_RED, _BLIND, _GREEN, _READABLE) if counts[word])
    return told + (": judged between before and after a run" if counts[_READABLE] else "")


def _now(gate: Gate, reading: Reading, word: str) -> str:
    if word == _BLIND:
        return reading.broken
    if gate.kind is Kind.SLOWER and word == _READABLE:
        return f"takes {reading.seconds:.3f} s"
    return f"{_figure(gate, reading)}; {_seconds(reading.seconds)}"


def _gates(title: str, results: Sequence[GateResult]) -> Section:
    red = sum(not result.green for result in results)
    lead = f"{red} red of {len(results)}" if red else "all green" if results else ""
    return Section(title, lead, (Group(tuple(map(_gate, results))),) if results else ())


def _gate(result: GateResult) -> Row:
    gate, before, after = result.gate, result.before, result.after
    what = f"{_figure(gate, before)} → {_figure(gate, after)}"
    if result.speed:
        what = _speed(result.speed)
    took = f"{_seconds(before.seconds)} → {_seconds(after.seconds)}"
    return Row(gate.text, f"{'green' if result.green else 'red'}: {what}; {took}", _told("", after))


def _figure(gate: Gate, reading: Reading) -> str:
    if reading.broken:
        return "no answer"
    if gate.kind is Kind.TESTS:
        parts = [(len(reading.passed), "passed"), (len(reading.bad), "failed"), (len(reading.skipped), "skipped")]
        return ", ".join(f"{count} {word}" for count, word in parts if count) or "no tests"
    if gate.kind is Kind.COMPLIANCE:
        return f"{reading.percent} %"
    if gate.kind is Kind.MANUAL:
        return f"{many(len(reading.bad), 'place')} by hand"
    return many(len(reading.bad), "finding") if gate.kind is Kind.DIAGNOSTICS else f"exit code {reading.code}"


def _speed(speed: Speed) -> str:
    sides = " → ".join(
        f"{statistics.median(times):.3f} s ({min(times):.3f} to {max(times):.3f})"
        for times in (speed.before, speed.after)
    )
    return f"{speed.percent:+.1f} % by median of {len(speed.after)}: {sides}" + (
        ", which overlap" if speed.overlap else ""
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"


def _told(why: str, reading: Reading) -> tuple[str, ...]:
    """What else is to be said of a gate: why it gives no answer, what its command left behind, made or wrote."""
    notes = [why] if why else []
    if reading.broken:
        notes += [f"| {line}" for line in reading.tail]
    if reading.touched.made:
        made = reading.touched.made
        notes.append(f"{many(len(made), 'new file')} in the tree: {', '.join(made[:3])}")
    return (*notes, *(_ending(reading.ended) if reading.ended else ()))


def _ending(ended: Ended) -> Iterator[str]:
    if ended.killed:
        yield f"processes that it left behind, and that were ended: {ended.killed}"
    if ended.left:
        yield f"processes that it left behind, and that could not be ended: {ended.left}"
    if not ended.whole:
        yield f"{ended.size:,} bytes of output, {len(ended.head) + len(ended.tail):,} of them kept"


def _failing(results: Sequence[GateResult]) -> Section:
    groups = tuple(
        Group(tuple(Row(name, line) for name, line in list(result.problems.items())[:_SHOWN]), result.gate.text)
        for result in results
        if result.problems
    )
    count = sum(len(result.problems) for result in results)
    return Section("failing", f"{count} that held before the phase" if count else "", groups)


def _flaky(results: Sequence[GateResult]) -> Section:
    rows = tuple(Row(name, result.gate.text) for result in results for name in result.flaky)
    lead = f"{len(rows)} failed once of two times on the same tree, and do not count"
    return Section("flaky", lead if rows else "", (Group(rows),) if rows else ())


def _outcome(gated: Gated) -> list[Section]:
    """What stands: the run as it was written, or what is left of it."""
    written, sections = f"run {gated.first.run}", result_sections(gated.first, verb="written")
    if gated.guilty:
        lead = f"{many(len(gated.plan.changes), 'file')} stand; rolled back: {many(len(gated.guilty), 'file')}"
        left = Section(f"run {gated.run}", lead, (Group(tuple(map(_guilty, gated.guilty))),))
    elif gated.first.run and not gated.run:
        left = Section(written, f"written and rolled back: {_whole(gated)}")
    else:
        return sections
    return [left, *_stuck(gated), *(section for section in sections if section.title != written)]


def _stuck(gated: Gated) -> list[Section]:
    rows = tuple(Row(file.path, file.reason, (file.hint,) if file.hint else ()) for file in gated.stuck)
    return [Section("not rolled back", "edited since; look at them yourself", (Group(rows),))] if rows else []


def _whole(gated: Gated) -> str:
    written = len(gated.first.written)
    lead = f"{many(written - len(gated.stuck), 'file')} of {written}"
    if gated.tries:
        return f"{lead}; no part of the run that was tried can stand"
    halved = written > 1 and all(may_be_halved(result) for result in gated.results if not result.green)
    return f"{lead}; --bisect finds the guilty ones and keeps the rest" if halved else lead


def _guilty(file: Guilty) -> Row:
    return Row(file.path, str(file.share))


def _turned_back(manual: Section) -> Section:
    """Of the places by hand only those that a gate has turned back are news."""
    groups = tuple(group for group in manual.groups if group.heading == GROUP)
    rows = sum(len(group.rows) for group in groups)
    lead = f"{many(rows, 'place')} more, in the files that were rolled back" if rows else ""
    return Section(manual.title, lead, groups)
