"""From the words on the command line to a plan."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from recanon.cli.options import PlanOptions
from recanon.errors import UsageError
from recanon.plan import Plan
from recanon.report.progress import progress

if TYPE_CHECKING:
    from recanon.discover import Discovery
    from recanon.session import Decide
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
    from recanon.plan_cache import recall_plan

    cache, settings = _tree_cache(root, options, guests=guests), options.settings()
    found = discover(root)
    plan = recall_plan(cache, found, settings) if cache is not None and decide is None else None
    if plan is None:
        plan = _made(root, options, decide, found, cache, guests=guests)
    if not plan.files:
        raise UsageError(f"{root} holds no Python file", "Give the root folder of a Python repository.")
    return plan


def _tree_cache(root: Path, options: PlanOptions, *, guests: bool) -> TreeCache | None:
    """Return what is remembered of the tree, unless nothing shall be."""
    from recanon.cache import Cache
    from recanon.pack import read_outline
    from recanon.tree_cache import TreeCache

    if options.no_cache:
        return None
    outline = read_outline(options.pack, options.pack_options())
    return TreeCache(root, outline if guests else outline.without_guests, options.settings(), Cache.of_user())


def _made(
    root: Path, options: PlanOptions, decide: Decide | None, found: Discovery, cache: TreeCache | None, *, guests: bool
) -> Plan:
    from recanon.pack import load_pack
    from recanon.session import Prior, make_plan

    pack = load_pack(options.pack, options.pack_options())
    with progress(sys.stderr) as tick:
        return make_plan(
            root,
            pack if guests else pack.without_guests,
            options.settings(),
            progress=tick,
            decide=decide,
            prior=Prior(found, cache),
        )
