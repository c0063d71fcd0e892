"""What the tables of a suite hold: the rules, and what may stay, each place with how often and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from recanon.discover import excluded_by
from recanon.migration import Migration, SuiteInfo
from recanon.outcome import Finding
from recanon.plan import Plan
from recanon.suite.canonical_rules import KINDS, Place, Rules
from recanon.suite.canonical_tree import by_name

# The kinds of findings that speak of a kind of place, where it is not the same word.
_FINDINGS = {"door": {"definition", "export", "import"}, "unreadable": {"unread file"}}
# What the plan says nothing about, as it is no place that it could change.
_OWN_REASONS = {
    "import": "stood there when the tests were made",
    "door": "handed on by a star, or bound beside a place that stays",
    "class": "plays the role; one of these is the implementation",
    "call": "written so when the tests were made",
    "unreadable": "could not be parsed when the tests were made",
}

Allowed = dict[str, dict[str, dict[str, dict[str, Any]]]]


def suite_rules(migration: Migration, info: SuiteInfo) -> Rules:
    """Return what is old and what is canonical, for the part that needs no resolving."""
    return Rules(
        symbols={symbol.name: symbol.home for symbol in migration.symbols},
        modules={module.path: sorted(module.names) for module in migration.modules},
        canonical=sorted(migration.canonical.values()),
        production=sorted(f"{folder.strip('/')}/" for folder in info.production),
        role=sorted(info.role),
        classes=sorted(info.classes),
        keyword=info.keyword,
    )


def left_alone(paths: Iterable[str], patterns: Iterable[str]) -> tuple[str, ...]:
    """Return what the patterns of excluded files leave alone: the highest folders, with `/`, and single files."""
    excluded = excluded_by(patterns)
    found: set[str] = set()
    for path in paths:
        if excluded.match_file(path):
            parts = path.split("/")
            folders = ["/".join(parts[:count]) + "/" for count in range(1, len(parts))]
            found.add(next((folder for folder in folders if excluded.match_file(folder)), path))
    return tuple(sorted(found))


def allowed(found: Iterable[Place], plan: Plan) -> Allowed:
    """Return what stays, by kind, file and name, with how often and the plan's reason."""
    listed = list(found)
    reasons = reasons_of(plan)
    table: Allowed = {}
    for kind in KINDS:
        for (path, what), lines in sorted(by_name(listed, kind).items()):
            entry = {"count": len(lines), "why": reason(reasons.get(path, ()), kind, what)}
            table.setdefault(kind, {}).setdefault(path, {})[what] = entry
    return table


def reasons_of(plan: Plan) -> dict[str, list[Finding]]:
    """Return the findings of the places that the plan leaves as they are, by file."""
    found: dict[str, list[Finding]] = {}
    for finding in plan.findings:
        if not finding.applied and finding.reason:
            found.setdefault(finding.path, []).append(finding)
    return found


def reason(findings: Iterable[Finding], kind: str, what: str) -> str:
    """Return why a place stays, as far as the plan says it, without the lines, which move."""
    for finding in findings:
        if finding.kind in _FINDINGS.get(kind, {kind}) and f".{what}".endswith(f".{finding.word}" if what else ""):
            return f"{finding.verdict}: {finding.reason.partition('; see line')[0]}"
    return _OWN_REASONS[kind]


def counted(found: Iterable[Place]) -> dict[str, int]:
    """Count places by kind."""
    listed = list(found)
    return {kind: sum(place.kind == kind for place in listed) for kind in KINDS}


def to_go(now: Iterable[Place], then: Iterable[Place]) -> dict[str, int]:
    """Count by kind the places that are there now and that the plan takes away."""
    today, later = (Counter((place.kind, place.path, place.what) for place in found) for found in (now, then))
    gone = today - later
    return {kind: sum(count for (own, _, _), count in gone.items() if own == kind) for kind in KINDS}
