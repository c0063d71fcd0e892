"""What becomes of one imported name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recanon.propose.judged import Judged, Key
from recanon.rewrite.imports import Wanted


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one imported name.

    Args:
        keep: whether the old name stays.
        wanted: canonical names that are imported at the same place.
        renames: the new local name of the uses, by target; a use whose target is missing keeps its name.
        local: the new local name of all uses, where an import changes its name.
    """

    keep: bool
    wanted: tuple[Wanted, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
    local: str = ""


@dataclass(frozen=True, slots=True)
class FileFates:
    """The fates of a file's imports and the answers as they stand after deciding them."""

    fates: Mapping[Key, Fate]
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Renamed:
    """What became of a module-level name: its new name, or "" where it keeps the old one; and the phase."""

    new: str
    phase: str
    reason: str = ""
