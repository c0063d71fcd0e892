"""How far a tree has come: canonical places of all that use the API, with every denominator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from recanon.detectors.places import Place, planned_place
from recanon.outcome import Finding
from recanon.owners import Owners

_NOBODY = "(no owner)"
_NO_PHASE = "(no phase)"


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
        kinds: the places by what they are.
        folders: the places by the first two folders of their path.
        owners: the places by who owns their file; empty where no CODEOWNERS says so.
        phases: the places by the phase that works on them, else by the one of their file.
        kept: old places that stay on purpose: definitions, tests about the old API, excluded files.
    """

    places: Share
    files: Share
    kinds: tuple[Share, ...]
    folders: tuple[Share, ...]
    owners: tuple[Share, ...]
    phases: tuple[Share, ...]
    kept: int


def compliance_of(
    findings: Iterable[Finding],
    further: Iterable[Place] = (),
    *,
    owners: Owners | None = None,
    phase: Callable[[str], str] | None = None,
) -> Compliance:
    """Count canonical and old places.

    Args:
        findings: every mention of a tree.
        further: places that are no mention.
        owners: who owns which file.
        phase: gives the phase that works on a file.
    """
    every = [place for place in map(planned_place, findings) if place is not None]
    every += further
    places = [place for place in every if place.standing != "kept"]
    old_files = {place.path for place in places if place.standing == "old"}
    files = {place.path for place in places}
    return Compliance(
        places=_share("", places),
        files=Share("", len(files - old_files), len(old_files)),
        kinds=_by(places, lambda place: place.kind),
        folders=_by(places, lambda place: folder_of(place.path)),
        owners=_by(places, lambda place: owners.of(place.path) or _NOBODY) if owners else (),
        phases=_by(places, lambda place: place.phase or phase(place.path) or _NO_PHASE) if phase else (),
        kept=len(every) - len(places),
    )


def _by(places: Iterable[Place], name: Callable[[Place], str]) -> tuple[Share, ...]:
    counts = Counter((name(place), place.standing) for place in places)
    names = sorted({found for found, _ in counts})
    return tuple(Share(found, counts[found, "canonical"], counts[found, "old"]) for found in names)


def _share(name: str, places: Iterable[Place]) -> Share:
    counts = Counter(place.standing for place in places)
    return Share(name, counts["canonical"], counts["old"])


def folder_of(path: str) -> str:
    """Return the first two folders of a path, by which reports gather files; `.` for a file at the root."""
    return "/".join(path.split("/")[:-1][:2]) or "."
