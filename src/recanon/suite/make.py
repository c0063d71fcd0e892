"""Make a suite: measure the tree as the plan leaves it, allow what stays with its reason, fill the templates."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Any

from recanon.discover import excluded_by
from recanon.errors import PackError, RecanonError, UsageError
from recanon.migration import Migration, SuiteInfo
from recanon.outcome import Finding
from recanon.pack import Pack
from recanon.plan import Plan
from recanon.resolve.names import ModuleMap
from recanon.session import Progress, make_plan
from recanon.settings import Settings
from recanon.suite.canonical_tree import by_name, python_files
from recanon.suite.canonical_way import KINDS, Place, Rules, places, readings

TABLES = "tables.json"
_COPIES = ("canonical_way.py", "canonical_tree.py")
_SUFFIX = ".template"
_DEFINING = {"definition", "export", "import"}
# What the plan says nothing about, as it is no place that it could change.
_OWN_REASONS = {
    "import": "stood there when the tests were made",
    "door": "handed on by a star, or bound beside a place that stays",
    "class": "plays the role; one of these is the implementation",
    "call": "written so when the tests were made",
    "unreadable": "could not be parsed when the tests were made",
}

Allowed = dict[str, dict[str, dict[str, dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite of validation tests.

    Args:
        files: the texts by file name.
        allowed: how many places may stay, by kind.
        broken: how many places break the tests today, by kind; the plan takes them away.
    """

    files: Mapping[str, str]
    allowed: Mapping[str, int]
    broken: Mapping[str, int]


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
    templates = read_templates(pack.folder / info.folder)
    plan = make_plan(root, pack, settings, progress)
    paths = python_files(root)
    alone = left_alone(paths, (*pack.migration.exclude, *settings.exclude))
    rules = suite_rules(pack.migration, info)
    before = {path: (root / path).read_bytes() for path in paths if not path.startswith(alone)}
    changed = {change.path: change.after for change in plan.changes if change.path in before}
    source_root = "src/__init__.py" not in paths
    read = readings(before, rules, source_root)
    now, then = places(read), places(read | readings(changed, rules, source_root))
    tables = {
        "schema": "recanon/suite/1",
        "made_by": command,
        "pack": pack.info.id,
        "canonical_file": canonical_file(paths, pack.migration),
        "rules": asdict(rules),
        "values": dict(info.values),
        "left_alone": alone,
        "allowed": allowed(then, plan),
    }
    words = {"title": pack.info.title, "pack": pack.info.id, "command": command}
    texts = filled(templates, {name: in_docstring(text) for name, text in words.items()}) | copies()
    files = formatted(texts) | {TABLES: json.dumps(tables, indent=1) + "\n"}
    return Suite(dict(sorted(files.items())), counted(then), fresh(now, then))


def suite_rules(migration: Migration, info: SuiteInfo) -> Rules:
    """Return what is old and what is canonical, for the part that needs no resolving."""
    return Rules(
        symbols={symbol.name: symbol.home for symbol in migration.symbols},
        modules={module.path: sorted(module.names) for module in migration.modules},
        canonical=sorted(migration.canonical.values()),
        production=sorted(f"{folder.strip('/')}/" for folder in info.production),
        role=sorted(info.role),
        classes=sorted(info.classes),
        keyword=info.keyword,
    )


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


def left_alone(paths: Iterable[str], patterns: Iterable[str]) -> tuple[str, ...]:
    """Return what the patterns of excluded files leave alone: the highest folders, with `/`, and single files."""
    excluded = excluded_by(patterns)
    found: set[str] = set()
    for path in paths:
        if excluded.match_file(path):
            parts = path.split("/")
            folders = ["/".join(parts[:count]) + "/" for count in range(1, len(parts))]
            found.add(next((folder for folder in folders if excluded.match_file(folder)), path))
    return tuple(sorted(found))


def allowed(found: Iterable[Place], plan: Plan) -> Allowed:
    """Return what stays, by kind, file and name, with how often and the plan's reason."""
    listed = list(found)
    reasons = reasons_of(plan)
    table: Allowed = {}
    for kind in KINDS:
        for (path, what), lines in sorted(by_name(listed, kind).items()):
            entry = {"count": len(lines), "why": reason(reasons.get(path, ()), kind, what)}
            table.setdefault(kind, {}).setdefault(path, {})[what] = entry
    return table


def reasons_of(plan: Plan) -> dict[str, list[Finding]]:
    """Return the findings of the places that the plan leaves as they are, by file."""
    found: dict[str, list[Finding]] = {}
    for finding in plan.findings:
        if not finding.applied and finding.reason:
            found.setdefault(finding.path, []).append(finding)
    return found


def reason(findings: Iterable[Finding], kind: str, what: str) -> str:
    """Return why a place stays, as far as the plan says it, without the lines, which move."""
    wanted = _DEFINING if kind == "door" else {"unread file"} if kind == "unreadable" else {kind}
    for finding in findings:
        if finding.kind in wanted and (
            kind == "unreadable" or what == finding.word or what.endswith(f".{finding.word}")
        ):
            return f"{finding.verdict}: {finding.reason.partition('; see line')[0]}"
    return _OWN_REASONS[kind]


def counted(found: Iterable[Place]) -> dict[str, int]:
    """Count places by kind."""
    listed = list(found)
    return {kind: sum(place.kind == kind for place in listed) for kind in KINDS}


def fresh(now: Iterable[Place], then: Iterable[Place]) -> dict[str, int]:
    """Count by kind the places that are there now and that the plan takes away."""
    today, later = list(now), list(then)
    return {
        kind: sum(
            max(0, len(lines) - len(by_name(later, kind).get(name, ()))) for name, lines in by_name(today, kind).items()
        )
        for kind in KINDS
    }


def read_templates(folder: Path) -> dict[str, Template]:
    """Read the templates of a pack, by the name of the file that each becomes.

    Raises:
        PackError: there is none, or one cannot be read.
    """
    found: dict[str, Template] = {}
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            found[path.name.removesuffix(_SUFFIX)] = Template(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as exc:
            raise PackError(f"the template {path.name} cannot be read: {exc}") from exc
    if not found:
        raise PackError(f"the folder {folder.name} of the pack holds no *{_SUFFIX}", "Add one, or take [suite] out.")
    return found


def filled(templates: Mapping[str, Template], words: Mapping[str, str]) -> dict[str, str]:
    """Fill templates.

    Raises:
        PackError: one asks for a word that is unknown, or has a lone `$`.
    """
    texts: dict[str, str] = {}
    for name, template in templates.items():
        try:
            texts[name] = template.substitute(words)
        except (KeyError, ValueError) as exc:
            raise PackError(
                f"the template {name}{_SUFFIX} cannot be filled: {exc}",
                f"It can ask for {', '.join(f'${word}' for word in words)}; a lone $ is written $$.",
            ) from exc
    return texts


def in_docstring(text: str) -> str:
    """Return a text that stands for itself between triple quotes."""
    return json.dumps(text)[1:-1]


def copies() -> dict[str, str]:
    """Return the files of recanon that travel in every suite, where they import each other as neighbours."""
    folder = Path(__file__).parent
    return {name: (folder / name).read_text("utf-8").replace("from recanon.suite.", "from ") for name in _COPIES}


def formatted(texts: Mapping[str, str]) -> dict[str, str]:
    """Lay texts out as ruff does without configuration.

    Raises:
        PackError: one is no Python.
    """
    return {name: _formatted(name, text) if name.endswith(".py") else text for name, text in texts.items()}


def _formatted(name: str, text: str) -> str:
    command = [sys.executable, "-P", "-m", "ruff", "format", "--isolated", "--no-cache", "--stdin-filename", name, "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode == 2:
        raise PackError(f"the template of {name} makes no Python: {done.stderr.decode(errors='replace')[:300]}")
    if done.returncode:
        raise RecanonError(f"ruff failed: {done.stderr.decode(errors='replace')[:300]}", "Is ruff installed?")
    return done.stdout.decode()
