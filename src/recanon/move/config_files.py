"""Dotted paths in configuration: pyproject.toml, setup.cfg, entry points, YAML, INI. Offered, never taken unasked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from recanon.discover import excluded_by, tree_files
from recanon.edit import Edit, Span
from recanon.errors import SourceError
from recanon.move.addresses import Addresses
from recanon.outcome import Account, Finding, Skipped, Verdict
from recanon.plan import FileChange, Plan
from recanon.settings import Settings
from recanon.source import Source, occurrences, splice

_SUFFIXES = (".toml", ".cfg", ".ini", ".yaml", ".yml", ".json", ".conf")
_NAMES = frozenset({"Procfile", "Dockerfile", "Makefile"})
_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
# `package.module.name`, or `package.module:name` as entry points are written; not a part of a file name or an address.
_PATH = re.compile(rf"(?<![\w./@:-])({_NAME})(?::({_NAME}))?(?![\w/@-])")
_HINT = "Take it with --include review, or change it by hand."


@dataclass(frozen=True)
class _Place:
    """A dotted path that denotes the symbol: where it stands, and what it is afterwards."""

    span: Span
    new: str


def with_config_files(plan: Plan, addresses: Addresses, settings: Settings) -> Plan:
    """Return a plan that also names the places in configuration files.

    Args:
        plan: the plan of the Python files.
        addresses: where names are found after the move.
        settings: which files are excluded, and what is applied.
    """
    changes, findings, skipped = list(plan.changes), list(plan.findings), list(plan.skipped)
    excluded = excluded_by(settings.exclude)
    for path in _candidates(addresses):
        try:
            source = Source.decode(path, addresses.world.program.overlay.read(path))
        except (SourceError, OSError) as exc:
            skipped.append(Skipped(path, f"cannot be read: {exc}", "Look for the old dotted path by hand."))
            continue
        places = list(_places(source, addresses))
        include = settings.include if not excluded.match_file(path) else frozenset[Verdict]()
        findings += [_finding(source, place, addresses, include) for place in places]
        if places and Verdict.REVIEW in include:
            changes.append(_change(source, places))
    return replace(
        plan,
        changes=tuple(sorted(changes, key=lambda change: change.path)),
        findings=tuple(sorted(findings, key=lambda f: (f.path, f.line, f.column, f.word))),
        skipped=tuple(sorted(skipped, key=lambda item: item.path)),
        account=Account.of(
            plan.account.mentions + len(findings) - len(plan.findings), findings, plan.account.unexplained
        ),
    )


def _candidates(addresses: Addresses) -> Iterator[str]:
    """Yield the configuration files that hold the old name at all."""
    overlay = addresses.world.program.overlay
    word = addresses.move.old.name
    for path in tree_files(overlay.root, (*_SUFFIXES, *_NAMES)):
        full = overlay.root / path
        if not (path.endswith(_SUFFIXES) or path.rpartition("/")[2] in _NAMES) or os.path.islink(full):
            continue
        try:
            text = overlay.read(path).decode("utf-8", "replace")
        except OSError:
            continue
        if any(True for _ in occurrences(text, word)):
            yield path


def _places(source: Source, addresses: Addresses) -> Iterator[_Place]:
    for match in _PATH.finditer(source.text):
        module, name = match.groups()
        dotted = f"{module}.{name}" if name else module
        new = _renamed(dotted, addresses)
        if "." in dotted and new and new != dotted:
            written = _with_colon(new, name) if name else new
            yield _Place(Span(*match.span()), written)


def _renamed(dotted: str, addresses: Addresses) -> str:
    """Return the path as it is after the move; "" where it leads into no module of the tree."""
    modules = addresses.world.program.modules
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        module = ".".join(parts[:cut])
        if module in modules.paths or module in modules.packages:
            if cut == len(parts):
                return addresses.move.module(module)
            new = addresses.of(module, parts[cut])
            return ".".join([new.path, *parts[cut + 1 :]])
    return ""


def _with_colon(dotted: str, name: str) -> str:
    """Write the last parts behind a colon, as many as there were."""
    parts = dotted.split(".")
    behind = name.count(".") + 1
    return f"{'.'.join(parts[:-behind])}:{'.'.join(parts[-behind:])}"


def _change(source: Source, places: list[_Place]) -> FileChange:
    edits = tuple(Edit(place.span, source.cut(place.span), place.new, "configuration") for place in places)
    return FileChange(source.path, source.encode(source.text), source.encode(splice(source, edits)), edits)


def _finding(source: Source, place: _Place, addresses: Addresses, include: frozenset[Verdict]) -> Finding:
    line, column = source.position(place.span.start)
    left = not include
    return Finding(
        path=source.path,
        line=line,
        column=column,
        word=source.cut(place.span),
        kind="string",
        verdict=Verdict.LEFT if left else Verdict.REVIEW,
        reason="the path is excluded" if left else f"configuration names the symbol, which becomes {place.new}",
        hint="" if left else _HINT,
        codemod="configuration",
        origin=addresses.move.old.path,
        group="dotted paths in configuration",
        applied=Verdict.REVIEW in include,
    )
