"""What a guard says: to a person, to a program (schema `recanon/guard/1`), and to GitHub as annotations."""

from __future__ import annotations

import json
import os
import shlex
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from recanon.guard.baseline import Entry, line_of
from recanon.guard.places import Mend, Place
from recanon.guard.ratchet import Comparison
from recanon.report.content import Group, Row, Section, many
from recanon.safe_text import safe_text

SCHEMA = "recanon/guard/1"


@dataclass(frozen=True)
class GuardReport:
    """A comparison and the words that led to it, so that commands can be named that a user can copy.

    Args:
        comparison: what is new, gone and moved.
        tree: the tree, as the user wrote it.
        baseline: the baseline's file, as the user wrote it.
        text: what the baseline's file holds.
        pack: id of the pack.
        words: the options that say what is read, as the user wrote them.
    """

    comparison: Comparison
    tree: str
    baseline: str
    text: str
    pack: str
    words: tuple[str, ...]

    def command(self, mend: Mend, place: str = "FILE:LINE") -> str:
        """Return the command that mends a place, or tells a person why it is left to them."""
        if mend == "hand":
            return shlex.join(["recanon", "explain", self.tree, place, *self.words])
        return shlex.join(["recanon", "apply", self.tree, *self.words, *(["--include", "review"] * (mend == "review"))])

    @property
    def update(self) -> str:
        """The command that brings the baseline up to date."""
        return shlex.join(["recanon", "guard", self.tree, *self.words, "--baseline", self.baseline, "--update"])

    def annotated(self, path: str) -> str:
        """Return a file of the tree as seen from the current folder, where annotations are read."""
        return os.path.relpath(os.path.join(self.tree, path))


def guard_sections(report: GuardReport) -> list[Section]:
    """Return what is new, gone and moved.

    Args:
        report: what to speak of.
    """
    found = report.comparison
    new = tuple(_new_groups(report))
    sections = [
        Section("new", f"{many(len(found.new), 'place')} of the old API not in {report.baseline}", new),
        Section(
            "gone", f"{many(len(found.gone), 'place')} of {report.baseline} no longer there", _gone(found.gone, report)
        ),
        Section(
            "moved",
            f"{many(len(found.moved), 'place')} of {report.baseline} in another file or on another line now",
            _moved(report),
        ),
    ]
    return [section for section in sections if section.groups]


def guard_line(report: GuardReport) -> str:
    """Return the outcome in one line."""
    found = report.comparison
    known = f"{many(found.known, 'known place')}"
    line = f"guard: {known}, {len(found.new):,} new, {len(found.gone):,} gone, {len(found.moved):,} moved"
    if found.elsewhere:
        line += f"; {many(found.elsewhere, 'new place')} in files not asked for: a run over the whole tree lists them"
    return line


def guard_json(report: GuardReport) -> str:
    """Return a guard's outcome as a JSON text that ends with a newline; keys are added, never renamed."""
    found = report.comparison
    value = {
        "schema": SCHEMA,
        "pack": report.pack,
        "baseline": report.baseline,
        "holds": found.holds,
        "known": found.known,
        "elsewhere": found.elsewhere,
        "new": [_place(place, report) for place in found.new],
        "gone": [entry._asdict() for entry in found.gone],
        "moved": [{"from": move.before._asdict(), "to": _place(move.place, report)} for move in found.moved],
    }
    return json.dumps(value, indent=1) + "\n"


def guard_annotations(report: GuardReport) -> Iterator[str]:
    """Yield workflow commands of GitHub Actions, one for each place.

    Args:
        report: what to speak of.
    """
    found = report.comparison
    for place in found.new:
        told = [f"{place.kind} {place.name} is not in {report.baseline}.", *_use(place), *_why(place)]
        told.append(report.command(place.mend, f"{place.path}:{place.line}"))
        yield _annotation(report.annotated(place.path), place.line, "new use of the old API", told, place.column)
    outdated = [(entry, "is no longer there") for entry in found.gone]
    outdated += [(move.before, f"is now {move.place.path}:{move.place.line}") for move in found.moved]
    for entry, what in outdated:
        told = [f"{entry.kind} {entry.name} of {entry.path} {what}.", report.update]
        yield _annotation(os.path.relpath(report.baseline), line_of(entry, report.text), "outdated baseline", told)


def _annotation(path: str, line: int, title: str, told: list[str], column: int = 1) -> str:
    values = {"file": path, "line": str(line), "col": str(column), "title": title}
    head = ",".join(f"{name}={_property(value)}" for name, value in values.items())
    return f"::error {head}::{_message(chr(10).join(safe_text(text) for text in told))}"


def _message(text: str) -> str:
    """Escape a message as GitHub's runner reads it: percent signs and ends of lines."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(safe_text(text)).replace(":", "%3A").replace(",", "%2C")


def _new_groups(report: GuardReport) -> Iterator[Group]:
    gathered: defaultdict[tuple[str, Mend], list[Place]] = defaultdict(list)
    for place in report.comparison.new:
        gathered[place.canonical, place.mend].append(place)
    for (canonical, mend), places in sorted(gathered.items()):
        rows = tuple(
            Row(f"{p.path}:{p.line}:{p.column}", f"{p.kind} {p.name}", tuple(_why(p)) if mend != "apply" else ())
            for p in places
        )
        told = report.command(mend, f"{places[0].path}:{places[0].line}")
        hint = f"by hand; `{told}` tells more" if mend == "hand" else told
        yield Group(rows, f"use {canonical}" if canonical else "not the canonical way", hint=hint)


def _use(place: Place) -> list[str]:
    return [f"Use {place.canonical}."] if place.canonical else []


def _why(place: Place) -> list[str]:
    return [text for text in (place.reason, place.hint) if text] if place.mend != "apply" else []


def _gone(entries: tuple[Entry, ...], report: GuardReport) -> tuple[Group, ...]:
    rows = tuple(Row(entry.path, f"{entry.kind} {entry.name}", (entry.fingerprint,)) for entry in entries)
    return (Group(rows, "take them out of the baseline", hint=report.update),) if rows else ()


def _moved(report: GuardReport) -> tuple[Group, ...]:
    rows = tuple(
        Row(move.before.path, f"{move.before.kind} {move.before.name}", (f"now {move.place.path}:{move.place.line}",))
        for move in report.comparison.moved
    )
    return (Group(rows, "follow them in the baseline", hint=report.update),) if rows else ()


def _place(place: Place, report: GuardReport) -> dict[str, Any]:
    return {
        "file": place.path,
        "line": place.line,
        "column": place.column,
        "kind": place.kind,
        "name": place.name,
        "fingerprint": place.fingerprint,
        "canonical": place.canonical,
        "mend": place.mend,
        "command": report.command(place.mend, f"{place.path}:{place.line}"),
        "reason": place.reason,
        "hint": place.hint,
    }
