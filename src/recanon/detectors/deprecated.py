"""Imports and uses of the old API, as the plan of the migration has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from recanon.detectors.contract import Opinion
from recanon.detectors.ground import Ground
from recanon.outcome import Finding, Verdict, is_old
from recanon.yardstick import Counted


class Deprecated:
    """Find them."""

    id: ClassVar[str] = "deprecated"
    definition: ClassVar[str] = (
        "An import, a call, a reference or a patch target that denotes the old API and that the migration rewrites, "
        "offers for review or leaves to a person. What is kept on purpose is none: definitions, tests about the old "
        "API, excluded files."
    )
    advice: ClassVar[str] = "Run recanon apply for the safe ones; see the reason of each of the others."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield the old places of the plan."""
        yield from (replace(finding, detector=self.id) for finding in ground.planned if is_old(finding))

    def judge(self, ground: Ground, items: Sequence[Counted]) -> list[Opinion]:
        """Say of each file that a yardstick counts whether code in it uses the old API."""
        by_path: dict[str, list[Finding]] = {}
        for finding in ground.planned:
            by_path.setdefault(finding.path, []).append(finding)
        return [_opinion(by_path.get(item.path, [])) for item in items]


def _opinion(here: Sequence[Finding]) -> Opinion:
    old = [finding for finding in here if is_old(finding)]
    if old:
        return Opinion(True, "code uses the old API")
    if not here:
        return Opinion(False, "the old names stand within other names")
    kinds = Counter(_why(finding) for finding in here if finding.verdict is not Verdict.CANONICAL)
    if not kinds:
        return Opinion(False, "uses the canonical API alone")
    return Opinion(False, kinds.most_common(1)[0][0])


def _why(finding: Finding) -> str:
    if finding.kind in {"string", "comment"}:
        return "the old names stand in strings and comments alone"
    return f"its old names stay on purpose: {finding.group or finding.reason}"
