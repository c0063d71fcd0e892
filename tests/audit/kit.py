"""A small shop for the detectors: one canonical class, one canonical function, and whatever a test lays beside them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from recanon.audit_scope import AuditScope, Role
from recanon.detectors import DETECTORS, Ground, Judges, Opinion
from recanon.detectors.reading import read_tree
from recanon.discover import discover
from recanon.migration import Migration, OldModule
from recanon.outcome import Finding
from recanon.overlay import Overlay
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.settings import Settings
from recanon.yardstick import Counted
from tests.helpers import write_tree

BASKET = Role("basket", "shop.core.Basket", frozenset({"add", "drop", "total"}), 2, ("owner",), ("limit",))
MIGRATION = Migration(
    symbols=(),
    modules=(OldModule("shop.old", "shop.core", "any", frozenset({"Basket"})),),
    canonical={"class": "shop.core.Basket", "get": "shop.core.get_basket"},
    audit=AuditScope(("shop",), (BASKET,)),
)
SHOP = {
    "shop/__init__.py": "",
    "shop/core.py": """
        class Basket:
            def __init__(self, owner=None, limit=0, extra=None):
                self.owner = owner

            def add(self, item):
                self.item = item

            def drop(self, item):
                self.item = None

        async def get_basket(owner=None):
            return Basket(owner=owner)
    """,
}


def lay(root: Path, files: Mapping[str, str]) -> Path:
    """Write the shop, and files beside it or in the place of its own."""
    return write_tree(root, {path: textwrap.dedent(text).lstrip("\n") for path, text in {**SHOP, **files}.items()})


def ground(
    root: Path, files: Mapping[str, str], *, migration: Migration = MIGRATION, planned: Sequence[Finding] = ()
) -> Ground:
    """Return the ground of a shop."""
    lay(root, files)
    found = discover(root).files
    overlay, modules = Overlay(root, found), ModuleMap.of(found)
    read = read_tree(overlay, modules, migration, Settings(jobs=1))
    return Ground(migration, Program(overlay, modules, read.facts), read.facts, read.structures, tuple(planned))


def found(name: str, ground: Ground) -> list[Finding]:
    """Return what a detector finds, in order."""
    detector = next(detector for detector in DETECTORS if detector.id == name)
    return sorted(detector.find(ground), key=lambda finding: (finding.path, finding.line, finding.column))


def places(name: str, root: Path, files: Mapping[str, str], *, migration: Migration = MIGRATION) -> list[str]:
    """Return where a detector finds what, as `file:line word`."""
    findings = found(name, ground(root, files, migration=migration))
    return [f"{finding.path}:{finding.line} {finding.word}" for finding in findings]


def opinion(name: str, ground: Ground, item: Counted) -> Opinion:
    """Return what a detector says of something that a yardstick counts."""
    detector = next(detector for detector in DETECTORS if detector.id == name)
    assert isinstance(detector, Judges)
    return detector.judge(ground, [item])[0]


def without_arguments() -> Migration:
    """Return the migration with a role that does not say how its constructor is called."""
    return replace(MIGRATION, audit=replace(MIGRATION.audit, roles=(replace(BASKET, arguments=(), optional=()),)))
