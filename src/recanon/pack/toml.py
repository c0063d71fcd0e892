"""Read a pack's description. Every mistake is named with its table and key, and with the nearest right word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recanon.errors import PackError, UsageError
from recanon.migration import Migration, OldModule, OldSymbol, Option, Phase, SuiteInfo
from recanon.pack.audit_table import check_audit, read_audit
from recanon.pack.words import nearest

_KEYS = {
    "": {
        *("pack", "options", "canonical", "symbol", "module", "phase", "scope", "template", "retire", "alias"),
        *("audit", "suite"),
    },
    "pack": {"id", "title", "description"},
    "options": {"default", "help", "choices"},
    "symbol": {"name", "home", "becomes", "codemod", "removable", "gone"},
    "module": {"path", "becomes", "codemod", "names", "mention"},
    "phase": {"id", "title", "include", "default", "codemods", "importers"},
    "scope": {"production", "exclude", "about"},
    "retire": {"export", "definition"},
    "suite": {"folder", "production", "role", "classes", "keyword", "values"},
}
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")


@dataclass(frozen=True, slots=True)
class Description:
    """A pack's description before its options are filled in."""

    id: str
    title: str
    description: str
    options: tuple[Option, ...]
    phases: tuple[Phase, ...]
    table: Mapping[str, Any]


def read_description(path: Path) -> Description:
    """Read the description of a pack.

    Raises:
        PackError: it cannot be read, or a key in it is unknown or missing.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise PackError(f"{path.name} of pack {path.parent.name} cannot be read: {exc}") from exc
    _check(path, table)
    head = table["pack"]
    options = tuple(
        Option(name, str(entry.get("default", "")), entry.get("help", ""), tuple(entry.get("choices", ())))
        for name, entry in table.get("options", {}).items()
    )
    phases = tuple(_phase(entry) for entry in table.get("phase", ()))
    return Description(head["id"], head.get("title", ""), head.get("description", ""), options, phases, table)


def fill_in(description: Description, given: Mapping[str, str]) -> Migration:
    """Return the migration with the options that were given.

    Raises:
        UsageError: an option is unknown or its value is none of its choices.
    """
    values = {option.name: option.default for option in description.options}
    for name, value in given.items():
        if name not in values:
            raise UsageError(f"pack {description.id} has no option {name}", nearest(name, values))
        values[name] = value
    for option in description.options:
        if option.choices and values[option.name] not in option.choices:
            raise UsageError(
                f"option {option.name} of pack {description.id} cannot be {values[option.name]!r}",
                f"Choose one of: {', '.join(option.choices)}.",
            )
    return _migration(description, values)


def _migration(description: Description, values: Mapping[str, str]) -> Migration:
    words = {**values, **{f"{name}_path": value.replace(".", "/") for name, value in values.items()}}
    table = _filled(description.table, words)
    canonical = dict(table.get("canonical", {}))
    scope = table.get("scope", {})
    return Migration(
        symbols=tuple(_symbol(entry, canonical) for entry in table.get("symbol", ())),
        modules=tuple(_module(entry) for entry in table.get("module", ())),
        canonical=canonical,
        production=tuple(scope.get("production", ())),
        exclude=tuple(scope.get("exclude", ())),
        about=tuple(scope.get("about", ())),
        phases=tuple(_phase(entry) for entry in table.get("phase", ())),
        options=dict(values),
        templates=dict(table.get("template", {})),
        retire=dict(table.get("retire", {})),
        aliases=dict(table.get("alias", {})),
        audit=read_audit(table, canonical),
        suite=_suite(table["suite"]) if "suite" in table else None,
    )


def _symbol(entry: Mapping[str, Any], canonical: Mapping[str, str]) -> OldSymbol:
    becomes = canonical.get(entry["becomes"], entry["becomes"])
    if "." not in becomes:
        raise PackError(f"[[symbol]] {entry['name']}: no [canonical] key {becomes}", nearest(becomes, canonical))
    asked = entry["codemod"]
    return OldSymbol(
        entry["name"],
        entry["home"],
        becomes,
        tuple(asked) if isinstance(asked, list) else (str(asked),),
        entry.get("removable", False),
        entry.get("gone", False),
    )


def _module(entry: Mapping[str, Any]) -> OldModule:
    names = frozenset(entry.get("names", ()))
    return OldModule(entry["path"], entry["becomes"], entry["codemod"], names, entry.get("mention", True))


def _phase(entry: Mapping[str, Any]) -> Phase:
    return Phase(
        entry["id"],
        entry.get("title", ""),
        tuple(entry.get("include", ())),
        entry.get("default", True),
        tuple(entry.get("codemods", ())),
        entry.get("importers", False),
    )


def _suite(entry: Mapping[str, Any]) -> SuiteInfo:
    lists = {name: tuple(entry.get(name, ())) for name in ("production", "role", "classes")}
    return SuiteInfo(entry["folder"], keyword=entry.get("keyword", ""), values=dict(entry.get("values", {})), **lists)


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """Put the options' values in the place of `{name}`; `{name_path}` has slashes for dots."""
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda match: words.get(match.group(1), match.group()), value)
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, words) for key, item in value.items()}
    return value


def _check(path: Path, table: Mapping[str, Any]) -> None:
    where = f"{path.parent.name}/{path.name}"
    _check_keys(where, "", table)
    head = table.get("pack")
    if not isinstance(head, dict) or not _NAME.match(str(head.get("id", ""))):
        raise PackError(f"{where}: [pack] needs an id of small letters, digits and hyphens")
    _check_keys(where, "pack", head)
    for kind in ("scope", "retire", "suite"):
        _check_keys(where, kind, table.get(kind, {}))
    check_audit(where, table.get("audit", {}))
    if "suite" in table and "folder" not in table["suite"]:
        raise PackError(f"{where}: [suite] has no folder", "Name the folder of the pack that holds the templates.")
    for entry in table.get("options", {}).values():
        _check_keys(where, "options", entry)
    for kind, needed in (
        ("symbol", ("name", "home", "becomes", "codemod")),
        ("module", ("path", "becomes", "codemod")),
    ):
        for entry in table.get(kind, ()):
            _check_keys(where, kind, entry)
            for key in needed:
                if key not in entry:
                    raise PackError(f"{where}: a [[{kind}]] has no {key}")
    for entry in table.get("phase", ()):
        _check_keys(where, "phase", entry)
        if not _NAME.match(str(entry.get("id", ""))):
            raise PackError(f"{where}: a [[phase]] needs an id of small letters, digits and hyphens")


def _check_keys(where: str, kind: str, entry: Mapping[str, Any]) -> None:
    for key in entry:
        if key not in _KEYS[kind]:
            place = f"[{kind}]" if kind else "the top level"
            raise PackError(f"{where}: {place} has no key {key}", nearest(key, _KEYS[kind]))
