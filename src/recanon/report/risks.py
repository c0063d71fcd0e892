"""The risk matrix: how many files that a phase would write bear which risk."""

from __future__ import annotations

from collections import Counter

from recanon.report.model import Report

LEVELS = ("low", "medium", "high")


def risk_matrix(report: Report) -> dict[str, Counter[str]]:
    """Return the number of files by phase and level; empty where no risk was judged.

    Args:
        report: its files bear the risk, its plan the phases.
    """
    levels = {entry.path: entry.risk for entry in report.files if entry.risk}
    matrix = {step.id: Counter[str]() for step in report.steps}
    for change in report.audit.plan.changes:
        for phase in change.phases:
            if phase in matrix and change.path in levels:
                matrix[phase][levels[change.path]] += 1
    return {phase: counts for phase, counts in matrix.items() if counts}
