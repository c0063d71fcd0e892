"""A report as sections, for a terminal and for plain text."""

from __future__ import annotations

from recanon.report.audit import audit_sections
from recanon.report.content import Group, Row, Section, many
from recanon.report.guarded import guarded_section
from recanon.report.model import Report, Step
from recanon.report.risks import risk_matrix
from recanon.report.run_listing import runs_section
from recanon.risk import LEVELS


def report_sections(report: Report) -> list[Section]:
    """Return what an audit found, what is new against a baseline, how far each phase has come, the risk, and the runs.

    Args:
        report: what to speak of.
    """
    audit = audit_sections(report.audit)
    parts = [_phases(report), _risk(report), _history(report), runs_section(report.runs)]
    guarded = [guarded_section(report.guarded)] if report.guarded else []
    return [*audit[:1], *guarded, *(part for part in parts if part.groups), *audit[1:]]


def _phases(report: Report) -> Section:
    rows = tuple(Row(f"[{'x' if step.done else ' '}] {step.id}", _step(step), (step.title,)) for step in report.steps)
    done = sum(step.done for step in report.steps)
    return Section("phases", f"{done} of {len(rows)} have nothing left", (Group(rows),) if rows else ())


def _step(step: Step) -> str:
    counts = ((step.safe, "to rewrite"), (step.review, "for review"), (step.manual, "by hand"), (step.held, "held"))
    left = ", ".join(f"{count:,} {what}" for count, what in counts if count) or "nothing left"
    return f"{left}; writes {many(step.files, 'file')}; {step.after.percent} % afterwards"


def _risk(report: Report) -> Section:
    rows = tuple(
        Row(phase, ", ".join(f"{count:,} {level}" for level in LEVELS if (count := counts[level])))
        for phase, counts in risk_matrix(report).items()
    )
    return Section("risk", "files that each phase touches", (Group(rows),) if rows else ())


def _history(report: Report) -> Section:
    rows = tuple(
        Row(moment.when, f"{moment.share.percent} % of {moment.share.canonical + moment.share.old:,} places")
        for moment in report.history
    )
    return Section("history", "compliance in earlier reports", (Group(rows),) if rows else ())
