"""Read what the detectors look at: the modules of the pack's packages, and every file that imports from them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from functools import partial

from recanon.errors import SourceError
from recanon.executor.local import Lost, Workers
from recanon.index.facts import FileFacts
from recanon.index.mentions import Triggers
from recanon.index.reader import read_module_facts, shallow
from recanon.index.structure import Structure, read_structure
from recanon.migration import Migration
from recanon.outcome import Skipped
from recanon.overlay import Overlay
from recanon.resolve.names import ModuleMap
from recanon.scan import Limits, Unread, read_candidate
from recanon.settings import Settings
from recanon.source import Source

_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: facts by path, how the modules of the packages are built, and what could not be read."""

    facts: dict[str, FileFacts]
    structures: dict[str, Structure]
    unread: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    root: str
    own: frozenset[str]
    triggers: Triggers
    leaves: tuple[bytes, ...]
    names: re.Pattern[bytes]
    limits: Limits
    source_root: bool


_Item = tuple[FileFacts, Structure | None] | Skipped


def read_tree(overlay: Overlay, modules: ModuleMap, migration: Migration, settings: Settings) -> Reading:
    """Read the files that concern the packages of a pack.

    Args:
        overlay: the tree.
        modules: its modules.
        migration: names the packages, and the words whose later uses matter.
        settings: limits.
    """
    job = _job(overlay, modules, migration, settings)
    with Workers(settings.jobs, settings.bounds) as workers:
        found = dict(workers.run(partial(_read_file, job=job), overlay.files, _CHUNK))
    items = [_set_aside(path, item) if isinstance(item, Lost) else item for path, item in sorted(found.items())]
    pairs = [item for item in items if isinstance(item, tuple)]
    return Reading(
        {facts.path: facts for facts, _ in pairs},
        {structure.module: structure for _, structure in pairs if structure is not None},
        tuple(item for item in items if isinstance(item, Skipped)),
    )


def read_planned(
    overlay: Overlay, modules: ModuleMap, migration: Migration, settings: Settings
) -> dict[str, FileFacts]:
    """Read the planned files of an overlay that concern the packages of a pack.

    Args:
        overlay: the tree as it would be.
        modules: its modules.
        migration: as for `read_tree`.
        settings: limits.

    Returns:
        Facts by path; files that do not concern the packages any more, or cannot be read, are not among them.
    """
    job = _job(overlay, modules, migration, settings)
    items = (_looked(path, data, job) for path, data in overlay.planned.items())
    return {item[0].path: item[0] for item in items if item is not None and not isinstance(item, Skipped)}


def _job(overlay: Overlay, modules: ModuleMap, migration: Migration, settings: Settings) -> _Job:
    own = {module: path for module, path in modules.paths.items() if _is_audited(module, migration)}
    return _Job(
        os.fspath(overlay.root),
        frozenset(own.values()),
        _triggers(migration, frozenset(own)),
        tuple(sorted({name.rpartition(".")[2].encode() for name in _packages(migration)})),
        _names(migration),
        Limits(settings.max_bytes, settings.max_lines),
        "src/__init__.py" not in overlay.files,
    )


def _set_aside(path: str, lost: Lost) -> Skipped:
    return Skipped(path, f"reading it came to nothing: {lost.reason}", lost.hint)


def _is_audited(module: str, migration: Migration) -> bool:
    return migration.audit.covers(module) or module in migration.triggers.targets


def _triggers(migration: Migration, own: frozenset[str]) -> Triggers:
    words = migration.triggers.words
    return Triggers(words, own | migration.triggers.targets, frozenset(migration.audit.packages))


def _packages(migration: Migration) -> list[str]:
    return sorted({*migration.audit.packages, *migration.triggers.targets})


def _names(migration: Migration) -> re.Pattern[bytes]:
    """What a file that imports from the packages holds, whether it names them in full, by parts or by dots."""
    named = _packages(migration)
    whole = "|".join(map(re.escape, named))
    leaves = "|".join(sorted({re.escape(name.rpartition(".")[2]) for name in named}))
    blank = r"[ \t\\\r\n(]+"
    return re.compile(
        rf"(?:from|import)[ \t]+(?:{whole})\b"
        rf"|import{blank}(?:[\w,. \t]*[,. \t])?(?:{leaves})\b"
        rf"|from[ \t]+\.[\w.]*(?<!\w)(?:{leaves})\b".encode()
    )


def _read_file(path: str, *, job: _Job) -> _Item | None:
    try:
        with open(os.path.join(job.root, path), "rb") as file:
            data = file.read()
    except OSError:
        return None  # the plan reports it
    return _looked(path, data, job)


def _looked(path: str, data: bytes, job: _Job) -> _Item | None:
    return _read(path, data, job) if path in job.own or _names_package(data, job) else None


def _names_package(data: bytes, job: _Job) -> bool:
    """Whether a file imports from a package, by its text; plain words first, which are found much faster."""
    return any(leaf in data for leaf in job.leaves) and job.names.search(data) is not None


def _read(path: str, data: bytes, job: _Job) -> _Item | None:
    own = path in job.own
    facts = read_candidate(path, data, job.triggers, job.limits, source_root=job.source_root, bare=own)
    if facts is None:
        return None
    if isinstance(facts, Unread):
        return facts.skipped if own else None
    if not own:
        return facts, None
    is_package = path.endswith("__init__.py")
    try:
        source = Source.decode(path, data)
        whole = replace(facts, module_facts=read_module_facts(source, facts.module, is_package))
        with shallow(path):
            return whole, read_structure(source, facts.module, is_package)
    except SourceError as exc:
        return Skipped(path, exc.message, exc.hint)
