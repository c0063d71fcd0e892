"""The guests of a pack's phases over its world: whether they can be loaded, and whether they fail on a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from recanon.discover import discover
from recanon.errors import RecanonError
from recanon.guests.phase import PhaseGuests
from recanon.migration import Phase, PhaseGuest
from recanon.outcome import Verdict
from recanon.overlay import Overlay
from recanon.pack import Pack
from recanon.plan import Plan
from recanon.scan import silent
from recanon.settings import Settings
from recanon.testing.world import lay_out

_ANY = {"recanon_example.py": "import os\n\nprint(os.name)\n"}


@dataclass(frozen=True)
class GuestReport:
    """How a guest stands.

    Args:
        run: what it is.
        phase: its phase.
        files: how many files it was given.
        changed: how many of them it changes.
        trouble: why it cannot be run, or on which file it fails; "" where it does not.
    """

    run: str
    phase: str
    files: int = 0
    changed: int = 0
    trouble: str = ""


def guest_reports(pack: Pack) -> Iterator[GuestReport]:
    """Run each guest over all files of the pack's world and a small one, whatever its patterns choose.

    Args:
        pack: the pack.
    """
    for phase in pack.migration.phases:
        for guest in phase.guests:
            yield _reported(pack, replace(phase, include=()), replace(guest, changed=False, files=(), holding=()))


def _reported(pack: Pack, phase: Phase, guest: PhaseGuest) -> GuestReport:
    try:
        made = _made(pack, phase, guest)
    except RecanonError as exc:
        return GuestReport(guest.run, phase.id, trouble=f"{exc.message}. {exc.hint}".rstrip())
    changed = sum(finding.verdict in {Verdict.SAFE, Verdict.REVIEW} for finding in made.findings)
    reasons = {finding.path: finding.reason for finding in made.findings}
    trouble = "; ".join(f"{path}: {reasons[path]}" for path in made.failed)
    return GuestReport(guest.run, phase.id, len(made.findings), changed, trouble)


def _made(pack: Pack, phase: Phase, guest: PhaseGuest) -> Plan:
    with tempfile.TemporaryDirectory(prefix="recanon-") as folder:
        root = Path(folder)
        lay_out(pack, root, _ANY)
        found = discover(root)
        runner = PhaseGuests(found, pack.folder, (), Settings(jobs=1), review=False, progress=silent)
        return runner.run(phase, guest, Overlay(root, found.files), frozenset())
