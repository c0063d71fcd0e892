"""Where gates are read: their scratch folder, their time limit, and a watch over the tree."""

from __future__ import annotations

import glob
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from recanon.executor.process import EXCERPT, CommandError, Ended, Place, run_command
from recanon.gates.gate import Gate, Kind, pytest_word
from recanon.gates.junit import ReportError, read_junit
from recanon.gates.reading import (
    Reading,
    Survey,
    command_reading,
    diagnostics_reading,
    survey_reading,
    tests_reading,
)
from recanon.watch import Look, Touched, look, touched

_FINDINGS = 8 << 20  # bytes of a checker's output kept at either end
Surveyor = Callable[[Kind], Survey]


@dataclass(slots=True)
class Lab:
    """Reads gates on a tree.

    Args:
        place: where and how commands run.
        surveyor: tells how the tree stands, for the gates that are about that.
        seen: the files of the tree, as they were last looked at.
    """

    place: Place
    surveyor: Surveyor
    seen: dict[str, Look] = field(default_factory=dict)

    def read(self, gate: Gate) -> Reading:
        """Read one gate on the tree as it stands.

        Args:
            gate: the gate.
        """
        if not gate.command:
            begun = time.monotonic()
            survey = self.surveyor(gate.kind)
            return survey_reading(survey, time.monotonic() - begun)
        self._look()
        try:
            reading = self._run(gate)
        except CommandError as exc:
            reading = Reading(broken=exc.message)
        return replace(reading, touched=self._look())

    def _look(self) -> Touched:
        """Look at the tree, and return what became of it since the look before."""
        before, self.seen = self.seen, look(self.place.root, self.seen)
        found = touched(before, self.seen)
        self._forget_bytecode(found.edited)
        return found

    def _run(self, gate: Gate) -> Reading:
        report = self.place.scratch / "junit.xml"
        keep = _FINDINGS if gate.kind is Kind.DIAGNOSTICS else EXCERPT
        ended = run_command(_with_report(gate, report), self.place, keep=keep)
        if ended.late:
            return Reading(broken=_late(ended, self.place), ended=ended, seconds=ended.seconds)
        if gate.kind is Kind.TESTS:
            return _tests(ended, report)
        if ended.code < 0:
            return Reading(broken=f"it was ended by signal {-ended.code}", ended=ended, seconds=ended.seconds)
        return diagnostics_reading(ended) if gate.kind is Kind.DIAGNOSTICS else command_reading(ended)

    def _forget_bytecode(self, paths: Iterable[str]) -> None:
        """Take away what was compiled of files: a text of the same size in the same second would pass for theirs."""
        compiled = Path(self.place.scratch, "pycache", *Path(os.path.realpath(self.place.root)).parts[1:])
        for path in paths:
            place = compiled / path
            for file in place.parent.glob(f"{glob.escape(place.stem)}.*.pyc"):
                file.unlink()


@contextmanager
def open_lab(root: Path, surveyor: Surveyor, seconds: float) -> Iterator[Lab]:
    """Open a place to read gates; nothing of it is left afterwards.

    Args:
        root: the tree.
        surveyor: tells how the tree stands.
        seconds: the time limit of each command.
    """
    with tempfile.TemporaryDirectory(prefix="recanon-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        (scratch / "tmp").mkdir()
        yield Lab(Place(root, scratch, seconds), surveyor)


def _with_report(gate: Gate, report: Path) -> tuple[str, ...]:
    """Tell pytest to write down what becomes of each test, and to leave no cache in the tree."""
    at = pytest_word(gate.command)
    if gate.kind is not Kind.TESTS or at is None:
        return gate.command
    own = ("-p", "no:cacheprovider", "-o", "junit_family=xunit1", f"--junitxml={report}")
    return (*gate.command[: at + 1], *own, *gate.command[at + 1 :])


def _tests(ended: Ended, report: Path) -> Reading:
    try:
        return tests_reading(ended, read_junit(report))
    except ReportError:
        broken = f"pytest ended with exit code {ended.code} and without a report of its tests"
        return Reading(broken=broken, ended=ended, seconds=ended.seconds)
    finally:
        report.unlink(missing_ok=True)


def _late(ended: Ended, place: Place) -> str:
    lines = ended.text.strip().splitlines()
    last = f"; its last line: {lines[-1].strip()}" if lines else ""
    return f"it was ended after {place.seconds:g} seconds{last}"
