"""What a pack describes, for those who need none of its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from recanon.errors import UsageError
from recanon.migration import Migration
from recanon.pack.finding import find_pack, pack_folders
from recanon.pack.toml import fill_in
from recanon.pack.words import nearest


@dataclass(frozen=True)
class Outline:
    """What a pack describes, with its options filled in; none of its code is loaded.

    Args:
        id: the pack's id.
        title: what it does, in a few words.
        migration: what it describes.
        folder: where it lies.
    """

    id: str
    title: str
    migration: Migration
    folder: Path

    @property
    def without_guests(self) -> Outline:
        """The same without the guests of its phases."""
        return replace(self, migration=without_guests(self.migration))

    @property
    def is_known_whole(self) -> bool:
        """Whether all code that it runs is recanon's own: other codemods may import what changes without a trace."""
        own = any(self.folder.is_relative_to(folder) for folder in pack_folders())
        return own or not any(self.folder.rglob("*.py"))


def read_outline(name: str | Path, options: Mapping[str, str] | None = None) -> Outline:
    """Read what a pack describes.

    Args:
        name: its id, or the path of its folder or of its `pack.toml`.
        options: values for its options.

    Raises:
        UsageError: there is no such pack, or no such option.
        PackError: its description is wrong.
    """
    description, folder = find_pack(name)
    return Outline(description.id, description.title, fill_in(description, options or {}), folder)


def without_guests(migration: Migration) -> Migration:
    """Return a migration in which no phase has guests."""
    return replace(migration, phases=tuple(replace(phase, guests=()) for phase in migration.phases))


def check_phases(migration: Migration, named: Iterable[str]) -> None:
    """Check that the pack has the phases that the user named.

    Raises:
        UsageError: there is no such phase.
    """
    known = {phase.id for phase in migration.phases}
    for name in named:
        if name not in known:
            raise UsageError(f"there is no phase {name}", nearest(name, known))
