"""The gates at one boundary: read before and after, judged, and where asked, the guilty files found by halving."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from recanon.errors import UsageError
from recanon.gates.ddmin import smallest
from recanon.gates.gate import Gate, Kind
from recanon.gates.lab import Lab
from recanon.gates.parts import Parts
from recanon.gates.reading import Reading, problems, unfit
from recanon.gates.result import GateResult, Speed
from recanon.gates.stand import Stand

TIMINGS = 5  # on either side
TRIES = 64  # parts of a phase that are tried at most

Tick = Callable[[str, int, int], None]
# A test that fails by chance passes when it is run again; a checker and a count have no chance.
_REPEATED = frozenset({Kind.TESTS, Kind.COMMAND})
_HALVED = frozenset({Kind.TESTS, Kind.COMMAND, Kind.DIAGNOSTICS})


class Boundary:
    """Gates with their readings before a phase.

    Args:
        lab: where they are read.
        gates: the gates.
        tick: told of what is done.

    Raises:
        UsageError: a gate is of no use, since it is red before.
    """

    def __init__(self, lab: Lab, gates: Sequence[Gate], tick: Tick) -> None:
        self._lab = lab
        self._gates = gates
        self._tick = tick
        self.tries = 0
        self._before = read_all(lab, gates, tick)
        refused = [f"gate {gate.text}: {why}" for gate, before in self._before.items() if (why := unfit(gate, before))]
        if refused:
            raise UsageError(
                "red before the phase, so nothing was written: " + "; ".join(refused),
                "Make it green, or leave it out: a gate that fails before can say nothing about the phase.",
            )

    def judged(self, stand: Stand) -> tuple[GateResult, ...]:
        """Judge all gates over what stands; time is measured last, and only where all else holds."""
        quick = [gate for gate in self._gates if gate.kind is not Kind.SLOWER]
        results = [self._judge(gate, number) for number, gate in enumerate(quick)]
        if all(result.green for result in results):
            results += [self._timed(gate, stand) for gate in self._gates if gate.kind is Kind.SLOWER]
        return tuple(results)

    def guilty(self, stand: Stand, parts: Parts, results: Sequence[GateResult]) -> frozenset[str]:
        """Find the files without which the gates hold, by halving.

        Args:
            stand: the whole phase.
            parts: what it is made of.
            results: the gates over it.

        Returns:
            The guilty files: all of them, where they cannot be found.
        """
        red = [result for result in results if not result.green]
        if not all(map(may_be_halved, red)):
            return parts.files

        def holds(part: frozenset[str]) -> bool:
            self.tries += 1
            self._tick("bisect", self.tries, TRIES)
            stand.bring(parts.without(part))
            return all(map(self._holds, red))

        return smallest(sorted(parts.files), holds, TRIES)

    def _holds(self, known: GateResult) -> bool:
        after = self._lab.read(known.gate)
        return problems(known.gate, known.before, after).keys() <= set(known.flaky)

    def _judge(self, gate: Gate, number: int) -> GateResult:
        self._tick("gates after", number, len(self._gates))
        before, after = self._before[gate], self._lab.read(gate)
        found = problems(gate, before, after)
        if not found or gate.kind not in _REPEATED or after.broken or after.touched.edited:
            return GateResult(gate, before, after, found)
        again = self._lab.read(gate)
        still = problems(gate, before, again)
        if again.broken or again.touched.edited:
            return GateResult(gate, before, again, {**found, **still})
        both = {name: line for name, line in found.items() if name in still}
        return GateResult(gate, before, again, both, tuple(sorted(found.keys() ^ still.keys())))

    def _timed(self, gate: Gate, stand: Stand) -> GateResult:
        """Time a command in both states of the tree itself, in turn, so that a slow minute strikes both."""
        before, after = self._before[gate], self._lab.read(gate)
        found = problems(gate, before, after)
        whole = stand.changes
        times: dict[bool, list[float]] = {True: [], False: []}
        for number in range(2 * TIMINGS):
            if not found:
                self._tick("timing", number, 2 * TIMINGS)
                is_after = number % 2 == 1
                stand.bring(whole if is_after else ())
                reading = self._lab.read(gate)
                times[is_after].append(reading.seconds)
                found = problems(gate, before, reading)
        if found:
            return GateResult(gate, before, after, found)
        speed = Speed(tuple(times[False]), tuple(times[True]))
        slow = {gate.text: f"{speed.percent:+.1f} %"} if speed.percent > gate.limit else {}
        return GateResult(gate, before, after, slow, speed=speed)


def read_all(lab: Lab, gates: Sequence[Gate], tick: Tick) -> dict[Gate, Reading]:
    """Read gates on the tree as it stands.

    Args:
        lab: where they are read.
        gates: the gates.
        tick: told of what is done.
    """
    readings = {}
    for number, gate in enumerate(gates):
        tick("gates before", number, len(gates))
        readings[gate] = lab.read(gate)
    return readings


def may_be_halved(result: GateResult) -> bool:
    """Return whether fewer files could make a gate green, and its command leaves the tree alone.

    Args:
        result: of a gate that is red.
    """
    return result.gate.kind in _HALVED and not result.after.touched.edited
