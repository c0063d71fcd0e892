"""A tree at one moment, and how it is read: that needs what a pack describes, and none of its code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recanon.discover import Discovery
from recanon.executor.choice import workers_for
from recanon.executor.local import without_collector
from recanon.migration import Migration
from recanon.overlay import CheckedOverlay, Overlay
from recanon.pack.outline import check_phases
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Progress, Scan, Scanner
from recanon.settings import Settings
from recanon.tree_cache import TreeCache


@dataclass(frozen=True)
class State:
    """A tree at one moment: its program and the scan of its candidate files."""

    program: Program
    read: Scan


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of a tree before it is read.

    Args:
        found: its files, where they were listed.
        cache: what is remembered of it: only files are read whose bytes are others than the last time, and what is
            planned without a decision is kept.
        state: the tree, where it was read already.
    """

    found: Discovery | None = None
    cache: TreeCache | None = None
    state: State | None = None


def read_state(
    overlay: Overlay,
    migration: Migration,
    settings: Settings,
    progress: Progress,
    *,
    cache: TreeCache | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> State:
    """Read a tree, as far as it is not remembered.

    Args:
        overlay: the tree.
        migration: what to look for.
        settings: how to read.
        progress: called with a stage, how much of it is done and how much there is.
        cache: what is remembered of the tree.
        meanwhile: what this process does while workers read; if there is nothing to read, it is not called.

    Raises:
        UsageError: a phase is unknown.
        MovedError: a file changed meanwhile.
    """
    check_phases(migration, settings.phases)
    progress("read", 0, len(overlay.files))

    def fresh(files: Sequence[str]) -> Scan:
        with without_collector(), workers_for(settings) as workers:
            return Scanner(overlay, settings, workers, progress).scan(migration.triggers, files, meanwhile)

    read, modules = cache.read(overlay.files, fresh) if cache is not None else (fresh(overlay.files), None)
    checked = CheckedOverlay(overlay.root, overlay.files, digests=read.digests)
    program = Program(checked, ModuleMap.of(overlay.files), read.facts, modules, outside=migration.outside)
    return State(program, read)
