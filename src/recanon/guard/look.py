"""Look a tree over for places of the old API, and remember what was found until a byte of it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recanon.cache import Cache
from recanon.discover import Discovery, discover
from recanon.executor.local import Workers, without_collector
from recanon.guard.places import Place, places_of
from recanon.migration import Migration
from recanon.overlay import Overlay, WatchedOverlay
from recanon.pack import Pack
from recanon.plan import Plan
from recanon.reread import known_modules, reread
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Progress, Scan, Scanner
from recanon.session import weigh
from recanon.settings import Settings
from recanon.state import State
from recanon.tree_cache import TreeCache


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found.

    Args:
        places: those that use, define or hand on the old API, by file and line.
        unread: the files with a trigger that could not be read as source, or judged.
        unexplained: mentions without a verdict, which is a bug.
    """

    places: tuple[Place, ...]
    unread: tuple[str, ...]
    unexplained: tuple[str, ...] = ()


def look_of(plan: Plan, migration: Migration, overlay: Overlay) -> Look:
    """Return the look that lies in a plan of all phases: which places count does not depend on the checks of new texts.

    Args:
        plan: of the tree.
        migration: what is old.
        overlay: the tree.
    """
    unread = {*(skip.path for skip in plan.skipped if skip.path in overlay.files), *plan.failed}
    return Look(tuple(places_of(plan.findings, migration, overlay)), tuple(sorted(unread)), plan.account.unexplained)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A look, and what it was worked out from.

    Args:
        digests: of every file of the tree, by path.
        read: the files whose bytes the answer rests on; of the others, that they hold no trigger.
        look: the answer.
    """

    digests: dict[str, bytes]
    read: frozenset[str]
    look: Look


@dataclass(frozen=True)
class Reading:
    """A tree as it was read: its files, the program that they make, and what was found in them."""

    found: Discovery
    program: Program
    scan: Scan
    overlay: WatchedOverlay


class Looker:
    """Looks a tree over.

    An answer is remembered with the files that it was worked out from. It stands as long as the tree has the same
    files, those that were read have the same bytes, and the others hold no trigger, under the same program, pack and
    settings. The facts of one file depend on that file, the pack and the program alone, and are remembered by its
    digest: when an answer no longer stands, only what changed is read anew, and the whole tree is judged again.

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
        self.progress = progress
        self.remembered = TreeCache(root, pack.outline, settings, cache)

    def look(self) -> Look:
        """Find the places.

        Raises:
            UsageError: the tree is no folder, holds no Python file, or none of the pack's canonical modules.
            MovedError: a file changed meanwhile.
        """
        found = discover(self.root)
        digests = self.remembered.digests(found.files)
        last = self.remembered.load("look", self.look_key(found), Remembered)
        return last.look if last is not None and self.stands(last, found, digests) else self.fresh(found, digests)

    def stands(self, last: Remembered, found: Discovery, digests: Mapping[str, bytes]) -> bool:
        """Return whether working it out again would give the last answer."""
        changed = [path for path in found.files if path not in digests or digests[path] != last.digests.get(path)]
        if not last.read.isdisjoint(changed):
            return False
        with Workers(1, self.settings.bounds) as here:
            fresh = self.scan(Overlay(self.root, found.files), here, changed)
        return not (fresh.facts or fresh.unread)

    def read_all(self) -> Reading:
        """Read the tree without judging it.

        Raises:
            UsageError: the tree is no folder, or holds no Python file.
        """
        found = discover(self.root)
        with without_collector():
            return self.read(found, self.remembered.digests(found.files))

    def fresh(self, found: Discovery, digests: Mapping[str, bytes]) -> Look:
        """Judge the whole tree, and remember the answer unless a file changed meanwhile or cannot be read."""
        with without_collector():
            reading = self.read(found, digests)
            state = State(reading.program, reading.scan)
            made = weigh(reading.found, state, self.pack, self.settings, self.progress)
            look = look_of(made, self.pack.migration, reading.overlay)
        self.remember(reading, look, whole=made.whole)
        return look

    def remember(self, reading: Reading, look: Look, *, whole: bool) -> None:
        """Keep what was read, and the answer unless a file cannot be read or was set aside."""
        modules, overlay, digests = reading.program.modules_read(), reading.overlay, dict(reading.scan.digests)
        self.remembered.keep_facts(reading.found.files, reading.scan, modules)
        if whole and len(digests) == len(reading.found.files):
            read = frozenset((*reading.scan.facts, *look.unread, *modules, *overlay.texts))
            self.remembered.save("look", self.look_key(reading.found), Remembered(digests, read, look))

    def read(self, found: Discovery, digests: Mapping[str, bytes]) -> Reading:
        """Read the facts of the tree, those of unchanged files from the cache."""
        overlay = WatchedOverlay(self.root, found.files)
        known = self.remembered.known(found.files)
        with Workers(self.settings.jobs, self.settings.bounds) as workers:
            read = reread(found.files, digests, known, lambda files: self.scan(overlay, workers, files))
        overlay = WatchedOverlay(self.root, found.files, digests=read.digests)
        modules = known_modules(read.digests, known)
        outside = self.pack.migration.outside
        program = Program(overlay, ModuleMap.of(found.files), read.facts, modules, outside=outside)
        return Reading(found, program, read, overlay)

    def scan(self, overlay: Overlay, workers: Workers, files: Sequence[str]) -> Scan:
        """Read the facts of some files from the disk."""
        return Scanner(overlay, self.settings, workers, self.progress).scan(self.pack.migration.triggers, files)

    def look_key(self, found: Discovery) -> str:
        """Return what a look depends on besides the bytes of files: which files there are, and which are left alone."""
        return self.remembered.key(found.files, self.settings.exclude)
