"""Recall the plan of a tree of which not one byte has changed since it was made.

A plan depends on the bytes of every file, also of those without a trigger: which of them it rests on is not asked here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from recanon.discover import Discovery
from recanon.plan import ChangeKind, FileChange, Plan
from recanon.settings import Settings
from recanon.tree_cache import TreeCache

_NAME = "plan"


def recall_plan(cache: TreeCache, found: Discovery, settings: Settings) -> Plan | None:
    """Return the plan that was made of these files, byte for byte, with these settings; None where there is none.

    Args:
        cache: what is remembered of the tree.
        found: its files.
        settings: what is asked for.
    """
    if not (cache.keeps_plans and cache.holds(_NAME)):
        return None
    digests = cache.digests(found.files)
    plan = cache.load(_NAME, _key(cache, found, settings, digests), Plan)
    return None if plan is None else _filled(cache, plan, digests)


def keep_plan(cache: TreeCache, found: Discovery, settings: Settings, digests: Mapping[str, bytes], plan: Plan) -> None:
    """Remember a plan, unless it may be another one the next time.

    That is so where a guest took part, a codemod is not recanon's own, or a file could not be read.

    Args:
        cache: what is remembered of the tree.
        found: its files.
        settings: what was asked for.
        digests: SHA-256 of the bytes that the plan was made of, by path.
        plan: the plan.
    """
    firm = cache.keeps_plans and plan.whole and plan.balanced and not plan.guests
    if not firm or len(digests) != len(found.files):
        return
    # The texts before lie in the tree, and are read there again.
    bare = tuple(replace(change, before=b"") for change in plan.changes)
    cache.save(_NAME, _key(cache, found, settings, digests), replace(plan, changes=bare))


def _key(cache: TreeCache, found: Discovery, settings: Settings, digests: Mapping[str, bytes]) -> str:
    words = [*settings.phases, "", *sorted(settings.include), "", *settings.exclude, ""]
    words += [f"{item.path}\0{item.reason}" for item in found.skipped]
    return cache.key(found.files, [*words, "", *(digests.get(path, b"").hex() for path in found.files)])


def _filled(cache: TreeCache, plan: Plan, digests: Mapping[str, bytes]) -> Plan | None:
    """Return the plan with the texts before, or None where one is another by now."""
    changes = tuple(_with_texts(cache, plan, digests))
    return replace(plan, changes=changes) if len(changes) == len(plan.changes) else None


def _with_texts(cache: TreeCache, plan: Plan, digests: Mapping[str, bytes]) -> Iterator[FileChange]:
    for change in plan.changes:
        if change.kind is ChangeKind.CREATE:
            yield change
            continue
        try:
            before = (cache.root / change.path).read_bytes()
        except OSError:
            continue
        if hashlib.sha256(before).digest() == digests.get(change.path):
            yield replace(change, before=before)
