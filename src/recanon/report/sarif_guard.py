"""What a guard stops, as SARIF 2.1.0: a run of its own, and the states of a report's results to a baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recanon.guard.places import Place
from recanon.report.guard import GuardReport
from recanon.report.model import Guarded, Rule
from recanon.report.sarif_parts import artifact, log_text, message_text, run_head

States = Mapping[tuple[str, int, int, str, str], str]

RULE = Rule(
    "guard-new",
    "New use of the old API",
    "A place that uses, defines or hands on the old API and is not in the baseline of `recanon guard`.",
)


def guard_sarif(report: GuardReport) -> str:
    """Return the new places of a guard as a SARIF log that ends with a newline; pure ASCII.

    Args:
        report: what to speak of.
    """
    results = [_result(place, report.baseline, 0) for place in report.comparison.new]
    return log_text(run_head([RULE], f"recanon-guard/{report.pack}/") | {"results": results})


def new_results(guarded: Guarded | None, index: int) -> list[dict[str, Any]]:
    """Return the new places of a report as results.

    Args:
        guarded: the comparison; without one nothing is new.
        index: of the rule `guard-new` within its run.
    """
    return [_result(place, guarded.baseline, index) for place in guarded.comparison.new] if guarded else []


def states_of(guarded: Guarded | None) -> States:
    """Return how places stand to a baseline (SARIF 3.27.24), by file, line, column, kind and name.

    Args:
        guarded: the comparison; without one there are no states.
    """
    if guarded is None:
        return {}
    found = guarded.comparison
    states = {_spot(place): "unchanged" for place in guarded.known}
    states |= {_spot(move.place): "updated" for move in found.moved}
    return states | {_spot(place): "new" for place in found.new}


def _spot(place: Place) -> tuple[str, int, int, str, str]:
    return place.path, place.line, place.column, place.kind, place.name


def _result(place: Place, baseline: str, index: int) -> dict[str, Any]:
    words = [f"{place.kind} {place.name} is not in {baseline}", place.canonical and f"Use {place.canonical}"]
    words += [place.reason, place.hint] if place.mend != "apply" else []
    region = {"startLine": place.line, "startColumn": place.column}
    return {
        "ruleId": RULE.id,
        "ruleIndex": index,
        "level": "error",
        "baselineState": "new",
        "message": {"text": message_text(" ".join(f"{text.rstrip('.')}." for text in words if text))},
        "locations": [{"physicalLocation": {"artifactLocation": artifact(place.path), "region": region}}],
        "partialFingerprints": {"recanonGuard/v1": place.fingerprint},
    }
