"""The one value that every form of a report is made from. Nothing here looks at the disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from recanon.audit import Audit, Share
from recanon.guard.places import Place as OldPlace
from recanon.guard.ratchet import Comparison
from recanon.history import Moment
from recanon.import_graph import ImportGraph
from recanon.outcome import Finding
from recanon.provenance import Provenance
from recanon.risk import Level as RiskLevel
from recanon.runs import RunSummary

Level = Literal["error", "warning", "note", "none"]


class Spot(NamedTuple):
    """A place in a text: line and column from 1, in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """A part of a planned change: the text between two spots (the second not included) becomes another."""

    start: Spot
    end: Spot
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What findings of one kind have in common.

    Args:
        id: of the codemod that answered or the detector, else the heading under which the finding is gathered.
        title: in a few words.
        help: what it looks for and why, in plain text.
    """

    id: str
    title: str
    help: str


@dataclass(frozen=True, slots=True)
class Place:
    """A finding, ready to be shown.

    Args:
        finding: what was found.
        rule: id of its rule.
        level: error, where it fails today; warning, where it uses the old API or a detector finds it; note, where no
            migration mends it; none, where nothing is to be done.
        fingerprint: its name within its file, which survives moved lines.
        code: the line on which it stands.
        hunk: index of the part of the file's diff that covers it, or -1.
        detectors: by which of them it was found; for what is no mention, by its own alone.
    """

    finding: Finding
    rule: str
    level: Level
    fingerprint: str
    code: str
    hunk: int = -1
    detectors: tuple[str, ...] = ()

    @property
    def is_mention(self) -> bool:
        """Whether it is a mention of the plan, and not found by a detector alone."""
        return not self.finding.detector


@dataclass(frozen=True, slots=True)
class PhaseRisk:
    """How much care a file needs in a phase: low, medium or high, and the facts that it is judged by."""

    phase: str
    level: RiskLevel
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file that holds findings.

    Args:
        path: relative to the root.
        places: in order of the text.
        hunks: the parts of the diff that the plan makes.
        fix: the same change as replacements, all or none of them.
        risks: of each phase that touches it, where it was judged.
    """

    path: str
    places: tuple[Place, ...]
    hunks: tuple[str, ...] = ()
    fix: tuple[Replacement, ...] = ()
    risks: tuple[PhaseRisk, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A phase of the migration, as far as it has come.

    Args:
        id: of the phase.
        title: what it does.
        safe: places that its run would rewrite without a question.
        review: places for which a rewrite is offered.
        manual: places that a person must change.
        held: definitions and exports of the old API that cannot go yet.
        files: how many files its run would write.
        after: compliance of the tree behind it.
    """

    id: str
    title: str
    safe: int
    review: int
    manual: int
    held: int
    files: int
    after: Share

    @property
    def open(self) -> int:
        """How many places are left in it."""
        return self.safe + self.review + self.manual + self.held

    @property
    def done(self) -> bool:
        """Whether nothing is left in it."""
        return not self.open


@dataclass(frozen=True, slots=True)
class Guarded:
    """How a tree stands to the baseline of its guard.

    Args:
        baseline: name of the baseline's file.
        comparison: what is new, gone and moved, and how many places are known.
        known: the places that are known.
    """

    baseline: str
    comparison: Comparison
    known: tuple[OldPlace, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Where a tree stands, what would change, what was done.

    Args:
        name: of the tree's folder.
        title: of the pack.
        made: UTC time in ISO 8601.
        audit: compliance, yardsticks, and the plan with its account.
        rules: of all findings, by id.
        files: those with findings, in order of their paths.
        steps: the phases in their order.
        graph: who imports the old and the canonical modules.
        runs: what the journal tells, the oldest first.
        history: earlier compliance, the oldest first.
        provenance: the commit, where git can tell.
        guarded: how the tree stands to a baseline, where one was given.
    """

    name: str
    title: str
    made: str
    audit: Audit
    rules: tuple[Rule, ...]
    files: tuple[FileEntry, ...]
    steps: tuple[Step, ...]
    graph: ImportGraph = field(default_factory=ImportGraph)
    runs: tuple[RunSummary, ...] = ()
    history: tuple[Moment, ...] = ()
    provenance: Provenance | None = None
    guarded: Guarded | None = None
