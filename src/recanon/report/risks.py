"""The risk matrix: how many files of each phase bear which risk."""

from __future__ import annotations

from collections import Counter

from recanon.report.model import Report
from recanon.risk import Level


def risk_matrix(report: Report) -> dict[str, Counter[Level]]:
    """Return the number of files by phase and level; empty where no risk was judged.

    Args:
        report: its files bear the risk.
    """
    matrix = {step.id: Counter[Level]() for step in report.steps}
    for entry in report.files:
        for risk in entry.risks:
            matrix.setdefault(risk.phase, Counter())[risk.level] += 1
    return {phase: counts for phase, counts in matrix.items() if counts}
