"""A name for a place in a file that survives when lines move: what stands there, not where."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from recanon.outcome import Finding
from recanon.source import Source

LENGTH = 12  # hexadecimal digits: 48 bits, within one file


def fingerprints(findings: Iterable[Finding], source: Source) -> dict[Finding, str]:
    """Name the places of one file by the word, its kind and the line it stands on; equal ones are counted through.

    A line that moves keeps its name, also when its indentation changes. Of two equal lines the first keeps the first
    name, so that taking one of them out makes the last name vanish.

    Args:
        findings: mentions of one file.
        source: that file.

    Returns:
        For each finding twelve hexadecimal digits, and `-2`, `-3` ... behind those of the second and third equal place.
    """
    seen: Counter[str] = Counter()
    named: dict[Finding, str] = {}
    for finding in sorted(findings, key=lambda item: (item.line, item.column, item.word)):
        line = source.cut(source.line_span(finding.line))
        parts = "\0".join((finding.kind, finding.word, " ".join(line.split())))
        name = hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
        seen[name] += 1
        named[finding] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return named
