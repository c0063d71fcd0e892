"""Where a tree stood earlier: read from the JSON reports that were kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from recanon.audit import Share
from recanon.errors import UsageError
from recanon.regular import read_regular

SCHEMA = "recanon/report/1"
_MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Moment:
    """The compliance of a tree at one time.

    Args:
        when: UTC time in ISO 8601.
        share: the places.
    """

    when: str
    share: Share


def read_history(files: Iterable[Path], pack: str) -> tuple[Moment, ...]:
    """Read earlier reports, the oldest first.

    Args:
        files: what `recanon report --format json` wrote.
        pack: the pack that they must be about.

    Raises:
        UsageError: one cannot be read, or is no such report.
    """
    return tuple(sorted((_moment(file, pack) for file in files), key=lambda moment: moment.when))


def _moment(file: Path, pack: str) -> Moment:
    value = _json(file)
    if not isinstance(value, Mapping) or value.get("schema") != SCHEMA:
        raise UsageError(f"--history {file} is no report of the schema {SCHEMA}", "Give what --format json wrote.")
    if value.get("pack") != pack:
        raise UsageError(f"--history {file} is about the pack {value.get('pack')}, not {pack}", "Leave it out.")
    try:
        when, places = value["made"], value["compliance"]["places"]
        datetime.fromisoformat(when)
        return Moment(when, Share("", _count(places["canonical"]), _count(places["old"])))
    except (KeyError, TypeError, ValueError) as exc:
        raise UsageError(f"--history {file} is damaged: {exc}", "Leave it out.") from exc


def _json(file: Path) -> Any:
    try:
        return json.loads(read_regular(file, _MAX_BYTES))
    except OSError as exc:
        raise UsageError(f"--history {file} cannot be read: {exc.strerror}", "Check the name.") from exc
    except (ValueError, RecursionError) as exc:
        raise UsageError(f"--history {file} is no JSON: {exc}", "Give what --format json wrote.") from exc


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value
