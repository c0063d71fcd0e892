"""An audit: where a tree stands on its way to the one canonical way. It neither prints nor writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from recanon.discover import discover
from recanon.errors import PackError
from recanon.outcome import Finding, Verdict
from recanon.pack import Pack
from recanon.plan import Plan
from recanon.proposal import Progress
from recanon.session import make_plan
from recanon.settings import Settings
from recanon.yardstick import Figures, Texts, Yardstick

# Where code uses an API: not where it is defined, handed on, or spoken of in text.
_USES = {"import", "call", "reference", "patch target"}
_OLD = {Verdict.SAFE, Verdict.REVIEW, Verdict.MANUAL}


@dataclass(frozen=True, slots=True)
class Share:
    """How many places use the canonical way, and how many the old one.

    Args:
        name: what they have in common; "" for the whole tree.
        canonical: places that use the canonical way.
        old: places that use the old one.
    """

    name: str
    canonical: int
    old: int

    @property
    def percent(self) -> float:
        """The canonical share, in percent with one decimal; 100 where nothing uses either."""
        whole = self.canonical + self.old
        return round(100 * self.canonical / whole, 1) if whole else 100.0


@dataclass(frozen=True, slots=True)
class Compliance:
    """How far a tree has come, with every denominator.

    Args:
        places: imports, calls, references and patch targets that denote the old or the canonical API.
        files: files in which such places stand; one with an old place is old.
        folders: the places by the first two folders of their path.
        kept: old places that stay on purpose: definitions, tests about the old API, excluded files.
    """

    places: Share
    files: Share
    folders: tuple[Share, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A yardstick of the owners: their published figures and those of the tree now."""

    id: str
    title: str
    published: Figures
    now: Figures
    blind: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found.

    Args:
        plan: the plan that a migration of the tree would follow; its account holds every mention.
        compliance: how far the tree has come.
        yardsticks: the owners' own figures.
    """

    plan: Plan
    compliance: Compliance
    yardsticks: tuple[Measured, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The places that use the old API, in order of file and line."""
        return tuple(finding for finding in self.plan.findings if is_old(finding))


def make_audit(root: Path, pack: Pack, settings: Settings, progress: Progress | None = None) -> Audit:
    """Audit a tree; nothing is written.

    Args:
        root: the tree.
        pack: the pack that says what is old and what is canonical.
        settings: how to read the tree.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        UsageError: the tree is no folder or holds no Python file.
        PackError: a yardstick of the pack fails.
    """
    plan = make_plan(root, pack, settings, progress)
    measured = measure(read_texts(root), pack.yardsticks) if pack.yardsticks else ()
    return Audit(plan, compliance_of(plan.findings), measured)


def is_old(finding: Finding) -> bool:
    """Return whether a finding is a place that uses the old API and is not kept on purpose."""
    return finding.kind in _USES and finding.verdict in _OLD


def compliance_of(findings: Iterable[Finding]) -> Compliance:
    """Count canonical and old places.

    Args:
        findings: every mention of a tree.
    """
    uses = [finding for finding in findings if finding.kind in _USES]
    places = [finding for finding in uses if is_old(finding) or finding.verdict is Verdict.CANONICAL]
    old_files = {finding.path for finding in places if is_old(finding)}
    files = {finding.path for finding in places}
    counts = Counter((_folder(finding.path), is_old(finding)) for finding in places)
    folders = tuple(Share(n, counts[n, False], counts[n, True]) for n in sorted({name for name, _ in counts}))
    return Compliance(
        places=Share("", sum(not is_old(finding) for finding in places), sum(map(is_old, places))),
        files=Share("", len(files - old_files), len(old_files)),
        folders=folders,
        kept=sum(finding.verdict is Verdict.LEFT for finding in uses),
    )


def read_texts(root: Path) -> Texts:
    """Read the Python files of a tree as text; those that are no UTF-8 or cannot be read are passed over."""
    found: dict[str, str] = {}
    for path in discover(root).files:
        try:
            found[path] = (root / path).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return Texts(found)


def measure(texts: Texts, yardsticks: Mapping[str, Yardstick]) -> tuple[Measured, ...]:
    """Apply yardsticks.

    Args:
        texts: the tree.
        yardsticks: by id.

    Raises:
        PackError: one gives other figures than those that it says were published.
    """
    measured = []
    for name, yardstick in yardsticks.items():
        now = dict(yardstick.measure(texts))
        lacking = sorted(set(yardstick.published) - set(now))
        if lacking:
            raise PackError(f"the yardstick {name} does not give {', '.join(lacking)}")
        measured.append(Measured(name, yardstick.title, dict(yardstick.published), now, yardstick.blind))
    return tuple(measured)


def _folder(path: str) -> str:
    return "/".join(path.split("/")[:-1][:2]) or "."
