"""How much care a file of a plan needs, from facts that are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from recanon.migration import Migration
from recanon.outcome import Finding, Verdict
from recanon.patterns import file_patterns
from recanon.plan import FileChange, Plan
from recanon.resolve.names import ModuleMap

Level: TypeAlias = Literal["low", "medium", "high"]
LEVELS: tuple[Level, ...] = ("low", "medium", "high")
MANY_IMPORTERS = 10
MANY_LINES = 20


@dataclass(frozen=True, slots=True)
class FileRisk:
    """How much care a file needs.

    Args:
        path: the file.
        level: low for tests and scripts that change safely; medium for others with something to look at; high for
            production code with something to look at.
        facts: what it was decided by, in words.
        order: where it stands from leaves (0) over modules that others import (1) to what hands on or defines the old
            API (2), and by the number of importers.
    """

    path: str
    level: Level
    facts: tuple[str, ...]
    order: tuple[int, int]


@dataclass(frozen=True)
class Assessor:
    """Assess files.

    Args:
        migration: says what is production code.
        modules: the modules of the tree.
        importers: paths of the files that import a module, by its name.
    """

    migration: Migration
    modules: ModuleMap
    importers: Mapping[str, frozenset[str]]

    def risks(self, plan: Plan, left: frozenset[str] = frozenset()) -> dict[str, FileRisk]:
        """Return the risk of each file of a phase that is changed, or for which a rewrite is offered.

        Args:
            plan: the plan of the phase.
            left: further files, of which a person took places out.
        """
        production = file_patterns(self.migration.production)
        changes = {change.path: change for change in plan.changes}
        offered: dict[str, list[Finding]] = {}
        for finding in plan.findings:
            if finding.applied or is_offered(finding, plan):
                offered.setdefault(finding.path, []).append(finding)
        paths = sorted({*changes, *offered, *left})
        return {
            path: self.risk(path, changes.get(path), offered.get(path, []), production.match_file(path))
            for path in paths
        }

    def risk(self, path: str, change: FileChange | None, findings: Iterable[Finding], production: bool) -> FileRisk:
        """Return the risk of one file."""
        listed = list(findings)
        importing = self.importers.get(self.modules.modules.get(path, ""), frozenset())
        naming = sum(1 for other in importing if is_test(other))
        review = sum(finding.verdict is Verdict.REVIEW for finding in listed)
        lines = sum(edit.expected.count("\n") + 1 for edit in change.edits) if change else 0
        concerns = [
            review > 0,
            production and len(importing) >= MANY_IMPORTERS,
            production and naming == 0,
            lines >= MANY_LINES,
        ]
        kinds = Counter(edit.codemod for edit in change.edits) if change else Counter[str]()
        retires = any(finding.kind in {"export", "definition"} for finding in listed)
        return FileRisk(
            path,
            _level(production, any(concerns)),
            tuple(_facts(production, importing, naming, kinds, review=review, lines=lines)),
            (2 if retires else 1 if importing else 0, len(importing)),
        )


def matrix(risks: Iterable[FileRisk]) -> dict[Level, int]:
    """Return how many files have each level.

    Args:
        risks: of the files of a phase.
    """
    counts = Counter(risk.level for risk in risks)
    return {level: counts[level] for level in LEVELS}


def is_offered(finding: Finding, plan: Plan) -> bool:
    """Return whether a rewrite of a place is offered for review in a phase and not taken.

    Args:
        finding: the place.
        plan: the plan of the phase.
    """
    return finding.verdict is Verdict.REVIEW and finding.phase in plan.phases and not finding.applied


def is_test(path: str) -> bool:
    """Return whether a file is a test by its name or folder, as pytest finds them."""
    *folders, name = path.split("/")
    return name.startswith("test_") or name.endswith("_test.py") or bool({"test", "tests"}.intersection(folders))


def _level(production: bool, concern: bool) -> Level:
    if production:
        return "high" if concern else "medium"
    return "medium" if concern else "low"


def _facts(
    production: bool,
    importing: frozenset[str],
    naming: int,
    kinds: Mapping[str, int],
    *,
    review: int,
    lines: int,
) -> Iterable[str]:
    yield "production code" if production else "test or script"
    yield f"imported by {_many(len(importing), 'file')}" + (f", {naming} of them tests" if importing else "")
    if kinds:
        edits = ", ".join(f"{count} {name}" for name, count in sorted(kinds.items()))
        yield f"{_many(lines, 'line')} in {_many(sum(kinds.values()), 'edit')}: {edits}"
    if review:
        yield f"{_many(review, 'place')} for review"


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
