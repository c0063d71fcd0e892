"""The baseline: the known places of the old API, one to a line, so that a diff can be read and two can be merged.

The file is JSON. Each place is a row `[file, kind, name, fingerprint]` with its comma in front, so that a row can be
taken out or put in without touching the one before it. The first row names the columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from recanon.errors import UsageError

SCHEMA = "recanon/baseline/1"
COLUMNS = ["file", "kind", "name", "fingerprint"]

_SCHEMA = re.compile(r"recanon/baseline/(\d+)")
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: |$)", re.MULTILINE)


class Entry(NamedTuple):
    """A known place: what it is, and not on which line."""

    path: str
    kind: str
    name: str
    fingerprint: str


@dataclass(frozen=True)
class Baseline:
    """The known places of a tree.

    Args:
        pack: id of the pack that says what is old.
        options: the pack's options in force.
        entries: the known places.
    """

    pack: str
    options: Mapping[str, str]
    entries: frozenset[Entry]

    def text(self) -> str:
        """Return the file's text; equal baselines have equal texts."""
        rows = [json.dumps(row) for row in (COLUMNS, *map(list, sorted(self.entries)))]
        head = {"schema": SCHEMA, "pack": self.pack, "options": dict(sorted(self.options.items()))}
        lines = [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
        return "\n".join(["{", *lines, '"places": [', f" {rows[0]}", *(f",{row}" for row in rows[1:]), "]", "}", ""])

    def check_fits(self, pack: str, options: Mapping[str, str], name: str) -> None:
        """Make sure that the baseline counts what is looked for now.

        Args:
            pack: id of the pack.
            options: its options in force.
            name: the baseline's file, for messages.

        Raises:
            UsageError: it was made for another pack, or with other options.
        """
        if self.pack != pack:
            raise UsageError(f"{name} was made for the pack {self.pack}, not {pack}", f"Give --pack {self.pack}.")
        if dict(self.options) != dict(options):
            raise UsageError(
                f"{name} was made with {_words(self.options)}, not with {_words(options)}",
                "Give the same --set options, or make a new baseline.",
            )

    def with_entries(self, entries: Iterable[Entry]) -> Baseline:
        """Return the same baseline with other places."""
        return Baseline(self.pack, self.options, frozenset(entries))


def parse(text: str, name: str) -> Baseline:
    """Read a baseline.

    Args:
        text: the file's text.
        name: the file's name, for messages.

    Raises:
        UsageError: it is damaged, is no baseline, is one of a later recanon, or holds an unfinished merge.
    """
    value = _json(text, name)
    schema = value.get("schema") if isinstance(value, dict) else None
    match = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    if match is None:
        raise UsageError(f"{name} is no baseline of recanon", "Give the file that `recanon guard --update` wrote.")
    if schema != SCHEMA:
        raise UsageError(
            f"{name} has the schema {schema}; this recanon reads {SCHEMA}", "Use the recanon that wrote it."
        )
    pack, options, places = value.get("pack"), value.get("options"), value.get("places")
    if not (isinstance(pack, str) and _is_options(options) and isinstance(places, list)):
        raise _damaged(name, "it lacks its pack, its options or its places")
    return Baseline(pack, options, frozenset(_entry(row, name) for row in places if row != COLUMNS))


def line_of(entry: Entry, text: str) -> int:
    """Return the line (from 1) of a baseline on which a place stands; 1 where another tool laid the file out anew."""
    at = text.find(json.dumps(list(entry)))
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


def _words(options: Mapping[str, str]) -> str:
    return " ".join(f"--set {name}={value}" for name, value in sorted(options.items())) or "no options"


def _json(text: str, name: str) -> Any:
    conflict = _CONFLICT.search(text)
    if conflict is not None:
        line = text.count("\n", 0, conflict.start()) + 1
        raise UsageError(
            f"{name}:{line}: a merge was not finished: {conflict[1]}",
            "Keep the rows of both sides, take the lines with the marks out, and run with --update.",
        )
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as exc:
        line = exc.lineno if isinstance(exc, json.JSONDecodeError) else 1
        raise _damaged(name, f"line {line} is no JSON: {exc}") from exc


def _entry(row: object, name: str) -> Entry:
    if not (isinstance(row, list) and len(row) == len(COLUMNS) and all(isinstance(cell, str) for cell in row)):
        raise _damaged(name, f"a row is not {COLUMNS}: {json.dumps(row)[:80]}")
    return Entry(*row)


def _is_options(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _damaged(name: str, why: str) -> UsageError:
    return UsageError(f"{name} is damaged: {why}", "Take it from version control, or make a new one.")
