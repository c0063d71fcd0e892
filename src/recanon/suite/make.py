"""Make a suite: measure the tree as the plan leaves it, allow what stays with its reason, fill the templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from recanon.errors import UsageError
from recanon.executor.local import without_collector
from recanon.migration import Migration
from recanon.pack import Pack
from recanon.plan import Plan
from recanon.resolve.names import ModuleMap
from recanon.scan import Progress
from recanon.session import make_plan
from recanon.settings import Settings
from recanon.suite.canonical_rules import Place, Rules
from recanon.suite.canonical_tree import python_files
from recanon.suite.canonical_way import places, readings
from recanon.suite.tables import allowed, counted, left_alone, suite_rules, to_go
from recanon.suite.texts import suite_texts


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite of validation tests.

    Args:
        files: the texts by file name.
        allowed: how many places may stay, by kind.
        broken: how many places break the tests today, by kind; the plan takes them away.
        plan: the plan after which the tests hold.
    """

    files: Mapping[str, str]
    allowed: Mapping[str, int]
    broken: Mapping[str, int]
    plan: Plan


def make_suite(root: Path, pack: Pack, settings: Settings, *, command: str, progress: Progress | None = None) -> Suite:
    """Make the validation tests for a tree as a plan leaves it; nothing is written.

    Args:
        root: the tree.
        pack: the pack, which has the templates.
        settings: how to read the tree, and what the plan applies.
        command: the command that makes the suite, for its texts.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        UsageError: the pack has no templates, or the tree no canonical module.
        PackError: a template cannot be read or filled.
    """
    info = pack.migration.suite
    if info is None:
        raise UsageError(f"pack {pack.info.id} has no validation tests", "See docs/packs.md on the table [suite].")
    words = {"title": pack.info.title, "pack": pack.info.id, "command": command}
    texts = suite_texts(pack.folder / info.folder, words)
    plan = make_plan(root, pack.without_guests, settings, progress)
    paths = python_files(root)
    home = canonical_file(paths, pack.migration)
    alone = left_alone(paths, (*pack.migration.exclude, *settings.exclude))
    rules = suite_rules(pack.migration, info)
    now, then = measured(root, [path for path in paths if not path.startswith(alone)], rules, plan)
    tables = {
        "schema": "recanon/suite/1",
        "made_by": command,
        "pack": pack.info.id,
        "canonical_file": home,
        "rules": asdict(rules),
        "values": dict(info.values),
        "left_alone": alone,
        "allowed": allowed(then, plan),
    }
    files = texts | {"tables.json": json.dumps(tables, indent=1) + "\n"}
    return Suite(dict(sorted(files.items())), counted(then), to_go(now, then), plan)


def measured(root: Path, paths: Iterable[str], rules: Rules, plan: Plan) -> tuple[list[Place], list[Place]]:
    """Return the places that are not the canonical way, in the tree as it is and as the plan leaves it."""
    before = {path: (root / path).read_bytes() for path in paths}
    after = {change.path: change.after for change in plan.changes if change.path in before}
    source_root = "src/__init__.py" not in before
    with without_collector():
        read = readings(before, rules, source_root)
        return places(read), places(read | readings(after, rules, source_root))


def canonical_file(paths: Iterable[str], migration: Migration) -> str:
    """Return the file of the first canonical module; by it a suite knows its repository.

    Raises:
        UsageError: the tree has none.
    """
    modules = ModuleMap.of(paths).paths
    wanted = [path.rpartition(".")[0] for path in migration.canonical.values()]
    for module in wanted:
        if module in modules:
            return modules[module]
    raise UsageError(
        f"the tree has no module {', '.join(sorted(set(wanted)))}",
        "Check the folder, and the options of the pack; `recanon packs` lists them.",
    )
