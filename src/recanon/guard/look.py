"""Look a tree over for places of the old API, and remember what was found until a byte of it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recanon.cache import Cache, code_digest, digest_of
from recanon.discover import Discovery, discover
from recanon.executor.local import Workers, without_collector
from recanon.guard.places import Place, places_of
from recanon.pack import Pack
from recanon.proposal import Progress, State
from recanon.reread import Known, WatchedOverlay, digests_of, known_modules, reread, to_know
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Scan, scan
from recanon.session import weigh
from recanon.settings import Settings


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found.

    Args:
        places: those that use, define or hand on the old API, by file and line.
        unread: the files with a trigger that could not be read as source.
        unexplained: mentions without a verdict, which is a bug.
    """

    places: tuple[Place, ...]
    unread: tuple[str, ...]
    unexplained: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A tree as it was read: its files, the program that they make, and what was found in them."""

    found: Discovery
    program: Program
    scan: Scan
    overlay: WatchedOverlay


class Looker:
    """Looks a tree over.

    A whole look is remembered under everything that its answer depends on: the bytes and names of all Python files, the
    pack, its options, the settings, and the program itself. The facts of one file depend on that file, the pack and the
    program alone, and are remembered by its digest, so that after a change only what changed is read anew; what a name
    denotes is then worked out again for the whole tree.

    Args:
        root: the tree.
        pack: the pack that says what is old.
        settings: how to read.
        cache: where to remember.
        progress: called with a stage, how much of it is done and how much there is.
    """

    def __init__(self, root: Path, pack: Pack, settings: Settings, *, cache: Cache, progress: Progress) -> None:
        self.root = root
        self.pack = pack
        self.settings = settings
        self.cache = cache
        self.progress = progress
        self.name = digest_of([str(root), pack.info.id, *_words(pack.migration.options)])[:24]
        limits = (str(settings.max_bytes), str(settings.max_lines))
        self.base = digest_of([code_digest(pack.folder), pack.info.id, *_words(pack.migration.options), *limits])

    def look(self) -> Look:
        """Find the places.

        Raises:
            UsageError: the tree is no folder, holds no Python file, or none of the pack's canonical modules.
        """
        found = discover(self.root)
        digests = digests_of(self.root, found.files)
        remembered = self.cache.load(f"{self.name}.look", self.whole(found, digests), Look)
        return remembered or self.fresh(found, digests)

    def read_all(self) -> Reading:
        """Read the tree without judging it.

        Raises:
            UsageError: the tree is no folder, or holds no Python file.
        """
        found = discover(self.root)
        with without_collector():
            return self.read(found, digests_of(self.root, found.files))

    def fresh(self, found: Discovery, digests: Mapping[str, bytes]) -> Look:
        """Judge the whole tree, and remember the answer unless a file changed meanwhile or cannot be read."""
        with without_collector():
            reading = self.read(found, digests)
            state = State(reading.program, reading.scan)
            made = weigh(reading.found, state, self.pack, self.settings, self.progress)
            places = tuple(places_of(made.findings, self.pack.migration, reading.overlay))
        unread = tuple(item.skipped.path for item in reading.scan.unread)
        look = Look(places, unread, made.account.unexplained)
        moved = reading.overlay.moved
        self.keep("facts", self.facts_key(found), to_know(reading.scan, reading.program.modules_read(), moved))
        if not moved and set(reading.scan.digests) == set(found.files):
            self.keep("look", self.whole(found, reading.scan.digests), look)
        return look

    def read(self, found: Discovery, digests: Mapping[str, bytes]) -> Reading:
        """Read the facts of the tree, those of unchanged files from the cache."""
        overlay = WatchedOverlay(self.root, found.files)
        known = self.cache.load(f"{self.name}.facts", self.facts_key(found), Known) or Known()
        triggers, progress = self.pack.migration.triggers, self.progress
        with Workers(self.settings.jobs) as workers:
            read = reread(
                found.files,
                digests,
                known,
                lambda files: scan(
                    overlay,
                    triggers,
                    self.settings,
                    workers,
                    lambda done: progress("read", done, len(files)),
                    files=files,
                ),
            )
        overlay = WatchedOverlay(self.root, found.files, digests=read.digests)
        modules = known_modules(read.digests, known)
        return Reading(found, Program(overlay, ModuleMap.of(found.files), read.facts, modules), read, overlay)

    def keep(self, what: str, key: str, value: object) -> None:
        """Remember something of this tree."""
        self.cache.save(f"{self.name}.{what}", key, value)

    def facts_key(self, found: Discovery) -> str:
        """Return what the facts of every file depend on besides its own bytes: whether `src` is an import root, too."""
        return digest_of([self.base, str("src/__init__.py" in found.files)])

    def whole(self, found: Discovery, digests: Mapping[str, bytes]) -> str:
        """Return all that a look depends on."""
        files = [part for path in found.files for part in (path, digests.get(path, b""))]
        skipped = [item.path for item in found.skipped]
        return digest_of([self.base, *self.settings.exclude, "", *files, "", *skipped])


def _words(options: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in sorted(options.items())]
