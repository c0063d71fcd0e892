"""A report in the form of an issue tracker's progress file: phases as check boxes, figures, what is left by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from recanon.audit import Detected
from recanon.outcome import Finding, Verdict
from recanon.report.content import many
from recanon.report.guarded import guarded_line
from recanon.report.markdown_text import code, prose, table
from recanon.report.model import Guarded, Report, Step
from recanon.report.risks import risk_matrix
from recanon.risk import LEVELS
from recanon.runs import RunSummary

# GitHub takes no more characters in the text of an issue or a comment.
LIMIT = 65_536
_RESERVE, _MORE = 400, 40
_RUNS, _SHOWN = 10, 200
_NEW = 8_000  # characters for the new places of a guard


class Line(NamedTuple):
    """One box, and how many places it stands for."""

    text: str
    places: int


@dataclass(frozen=True, slots=True)
class Group:
    """Places for a person with one heading."""

    heading: str
    lines: tuple[Line, ...]
    places: int

    @property
    def size(self) -> int:
        """How many characters it takes."""
        return len(self.heading) + sum(len(line.text) for line in self.lines)


def report_markdown(report: Report, limit: int = LIMIT) -> str:
    """Return a report as Markdown, ready to paste; what does not fit is counted, and said.

    Args:
        report: what to write down.
        limit: the most characters that may come out.
    """
    parts = [_head(report), _phases(report), _guard(report.guarded), _figures(report)]
    parts += [_risk(report), _detectors(report), _runs(report)]
    text = "\n".join(line for part in parts for line in part)
    groups = _by_hand(report)
    if not groups:
        return text
    text += "\n## Left for a person\n"
    room = limit - len(text) - _RESERVE
    return text + _fitting(groups, room)


def _head(report: Report) -> Iterator[str]:
    places, files = report.audit.compliance.places, report.audit.compliance.files
    yield f"# {prose(report.title)}"
    yield ""
    where = f" at {code(report.provenance.revision[:12])}" if report.provenance else ""
    yield f"Pack {code(report.audit.plan.pack)} on {code(report.name)}{where}, {report.made[:10]}."
    yield ""
    yield (
        f"**{places.percent} %** of {places.canonical + places.old:,} places and {files.percent} % of "
        f"{files.canonical + files.old:,} files use the canonical API."
    )
    yield ""


def _phases(report: Report) -> Iterator[str]:
    yield "## Phases"
    yield ""
    for step in report.steps:
        yield f"- [{'x' if step.done else ' '}] **{prose(step.id)}**: {prose(step.title)}{_left(step)}"
    yield ""
    yield from table(
        ("phase", "rewritten", "for review", "by hand", "held", "files", "compliance after"),
        [
            (prose(s.id), f"{s.safe:,}", f"{s.review:,}", f"{s.manual:,}", f"{s.held:,}", f"{s.files:,}", _percent(s))
            for s in report.steps
        ],
    )
    yield ""


def _left(step: Step) -> str:
    parts = ((step.safe, "to rewrite"), (step.review, "for review"), (step.manual, "by hand"), (step.held, "held"))
    told = ", ".join(f"{count:,} {what}" for count, what in parts if count)
    return f" ({told})" if told else ""


def _percent(step: Step) -> str:
    return f"{step.after.percent} %"


def _guard(guarded: Guarded | None) -> Iterator[str]:
    if guarded is None:
        return
    found = guarded.comparison
    box = f"- [{' ' if found.new else 'x'}] nothing new against {code(guarded.baseline)} ({guarded_line(guarded)})\n"
    lines = tuple(
        Line(f"- {code(f'{p.path}:{p.line}')} {p.kind} {code(p.name)}{_instead(p.canonical)}\n", 1) for p in found.new
    )
    yield "## Guard"
    yield ""
    yield _within(Group(f"{box}\n" if lines else box, lines, len(lines)), _NEW)[0]


def _instead(canonical: str) -> str:
    return f": use {code(canonical)}" if canonical else ""


def _figures(report: Report) -> Iterator[str]:
    audit = report.audit
    before, after = audit.compliance.places, report.steps[-1].after if report.steps else audit.compliance.places
    rows = [("places that use the canonical API", f"{before.canonical:,}", f"{after.canonical:,}")]
    rows += [("places that use the old one", f"{before.old:,}", f"{after.old:,}")]
    rows += [("compliance", f"{before.percent} %", f"{after.percent} %")]
    old, new = _importers(report)
    rows += [("imports of old modules, by file", f"{old:,}", f"{new:,}")] if report.graph.flows else []
    yield from ("## Before and after", "")
    yield from table(("", "now", "after all phases"), rows)
    yield ""
    yield from (f"- Earlier: {moment.share.percent} % on {moment.when[:10]}" for moment in report.history[-_RUNS:])
    yield from [""] if report.history else []
    for measured in audit.yardsticks:
        figures = ", ".join(f"{prose(name)} {value}" for name, value in measured.now.items())
        yield f"- {prose(measured.title)}: {figures}"
    yield from [""] if audit.yardsticks else []


def _importers(report: Report) -> tuple[int, int]:
    old = [flow for flow in report.graph.flows if flow.module not in report.graph.canonical]
    return sum(flow.before for flow in old), sum(flow.after for flow in old)


def _risk(report: Report) -> Iterator[str]:
    matrix = risk_matrix(report)
    if matrix:
        yield from ("## Risk", "")
        rows = [(prose(phase), *(f"{counts[level]:,}" for level in LEVELS)) for phase, counts in matrix.items()]
        yield from table(("files by phase", *LEVELS), rows)
        yield ""


def _detectors(report: Report) -> Iterator[str]:
    """Count what each detector found, mentions among it."""
    found = [detected for detected in report.audit.detected if detected.findings]
    if found:
        yield from ("## Detectors", "")
        rows = [(item.id, f"{len(item.findings):,}", f"{_files(item):,}") for item in found]
        yield from table(("detector", "findings", "files"), rows)
        yield ""


def _files(detected: Detected) -> int:
    return len({finding.path for finding in detected.findings})


def _runs(report: Report) -> Iterator[str]:
    if report.runs:
        yield from ("## Runs", "")
        yield from (_run(run) for run in report.runs[: -_RUNS - 1 : -1])
        yield from [f"- … and {len(report.runs) - _RUNS} earlier"] if len(report.runs) > _RUNS else []
        yield ""


def _run(run: RunSummary) -> str:
    files = ", ".join(f"{count} {state}" for state, count in sorted(run.files.items()))
    return f"- {run.started[:10]} {code(run.run)}: {run.kind} {prose(' '.join(run.phases))}, {run.standing}; {files}"


def _by_hand(report: Report) -> list[Group]:
    """Gather the places for a person by their heading, the largest group first."""
    gathered: dict[str, list[Finding]] = defaultdict(list)
    for entry in report.files:
        for place in entry.places:
            finding = place.finding
            if place.is_mention and finding.verdict in (Verdict.MANUAL, Verdict.REVIEW) and not finding.applied:
                gathered[finding.group or finding.reason].append(finding)
    ordered = sorted(gathered.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Group(_heading(name, found), tuple(_lines(found)), len(found)) for name, found in ordered]


def _heading(name: str, found: Sequence[Finding]) -> str:
    hints = {finding.hint for finding in found}
    hint = hints.pop() if len(hints) == 1 else ""
    return f"\n### {prose(name)} ({many(len(found), 'place')})\n\n" + (f"{prose(hint)}\n\n" if hint else "")


def _lines(found: Sequence[Finding]) -> Iterator[Line]:
    """One box for all places of a file at which the same is to be done."""
    alike: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for finding in found:
        alike[finding.path, finding.kind, finding.word, finding.reason].append(finding.line)
    for (path, kind, word, reason), lines in alike.items():
        others = "".join(f", {line}" for line in lines[1:])
        short = reason if len(reason) <= _SHOWN else f"{reason[:_SHOWN]}…"
        yield Line(f"- [ ] {code(f'{path}:{lines[0]}')}{others} {kind} {code(word)}: {prose(short)}\n", len(lines))


def _fitting(groups: Sequence[Group], room: int) -> str:
    """Cut the largest groups first, so that they do not hide the others."""
    shown: dict[int, str] = {}
    hidden = 0
    for done, index in enumerate(sorted(range(len(groups)), key=lambda index: groups[index].size)):
        text, cut = _within(groups[index], room // (len(groups) - done))
        room -= len(text)
        hidden += cut
        shown[index] = text
    told = (
        f"\n{many(hidden, 'place')} cut to fit an issue; `recanon report --format html` shows all.\n" if hidden else ""
    )
    return "".join(shown[index] for index in sorted(shown)) + told


def _within(group: Group, room: int) -> tuple[str, int]:
    """Return as much of a group as fits, and how many of its places do not."""
    if group.size <= room:
        return group.heading + "".join(line.text for line in group.lines), 0
    text, left = group.heading, group.places
    if len(text) + _MORE > room:
        return "", left
    for line in group.lines:
        if len(text) + len(line.text) + _MORE > room:
            break
        text, left = text + line.text, left - line.places
    return f"{text}- … and {many(left, 'place')} more\n", left
