"""From the words on the command line to a plan."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from recanon.cli.options import PlanOptions
from recanon.errors import UsageError
from recanon.plan import Plan
from recanon.report.progress import progress

if TYPE_CHECKING:
    from recanon.discover import Discovery
    from recanon.migration import Migration
    from recanon.pack import Outline
    from recanon.session import Decide
    from recanon.settings import Settings
    from recanon.tree_cache import TreeCache


def tree_root(tree: Path) -> Path:
    """Return the tree's root, in full.

    Args:
        tree: as the user wrote it.

    Raises:
        UsageError: it is not there, is no folder, or may not be read.
    """
    if not tree.exists():
        raise UsageError(f"{tree} is not there", "Give the root folder of the repository.")
    if not tree.is_dir():
        raise UsageError(f"{tree} is a file, not a folder", "Give the root folder of the repository.")
    if not os.access(tree, os.R_OK | os.X_OK):
        raise UsageError(f"{tree} may not be read", "Get the right to read it, or run as somebody who has.")
    return tree.resolve()


def planned(root: Path, options: PlanOptions, decide: Decide | None = None, *, guests: bool = True) -> Plan:
    """Make the plan.

    Args:
        root: the tree's root.
        options: pack, phases and limits.
        decide: what is rewritten; by default what the plan rewrites.
        guests: whether the guests of the phases run.

    Raises:
        UsageError: the pack, a phase or an option is unknown, or the tree holds no Python file.
        PackError: the pack is wrong.
    """
    from recanon.discover import discover
    from recanon.pack import read_outline
    from recanon.plan_cache import recall_plan

    outline = read_outline(options.pack, options.pack_options())
    outline = outline if guests else outline.without_guests
    memory, found = _memory(root, outline, options), discover(root)
    plan = recall_plan(memory, found, options.settings()) if memory is not None and decide is None else None
    if plan is None:
        maker = cache(partial(_maker, options, decide, guests))
        plan = _made(root, found, outline.migration, options.settings(), memory, maker)
    if not plan.files:
        raise UsageError(f"{root} holds no Python file", "Give the root folder of a Python repository.")
    return plan


def _memory(root: Path, outline: Outline, options: PlanOptions) -> TreeCache | None:
    """Return what is remembered of the tree, unless nothing shall be."""
    from recanon.cache import Cache
    from recanon.tree_cache import TreeCache

    return None if options.no_cache else TreeCache(root, outline, options.settings(), Cache.of_user())


def _maker(options: PlanOptions, decide: Decide | None, guests: bool) -> Callable[..., Plan]:
    """Load what makes a plan: LibCST, and the code of the pack."""
    from recanon.pack import load_pack
    from recanon.session import make_plan

    pack = load_pack(options.pack, options.pack_options())
    return partial(make_plan, pack=pack if guests else pack.without_guests, settings=options.settings(), decide=decide)


def _made(
    root: Path,
    found: Discovery,
    migration: Migration,
    settings: Settings,
    memory: TreeCache | None,
    maker: Callable[[], Callable[..., Plan]],
) -> Plan:
    """Make the plan; what makes it is loaded while workers read the tree, for that takes as long as many files."""
    from recanon.overlay import Overlay
    from recanon.scan import silent
    from recanon.state import Prior, read_state

    tree = Overlay(root, found.files)
    with progress(sys.stderr) as tick:
        state = read_state(tree, migration, settings, tick or silent, cache=memory, meanwhile=maker)
        return maker()(root, progress=tick, prior=Prior(found, memory, state))
