"""Read a pack's description. Every mistake is named with its line, its table and key, and the nearest right word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from recanon.errors import PackError, UsageError
from recanon.migration import Migration, Option, Phase, PhaseGuest, SuiteInfo, is_pack_id
from recanon.pack import format as form
from recanon.pack.audit_table import check_audit, read_audit
from recanon.pack.checks import check_modules, check_phases, check_symbols, check_written
from recanon.pack.mistakes import Mistakes
from recanon.pack.symbols import old_module, old_symbol
from recanon.pack.words import nearest
from recanon.regular import read_regular

_MOST = 1 << 20  # bytes; the largest pack here has a hundredth of it
_LONGEST = 500  # characters of an option, which may stand in every line


@dataclass(frozen=True, slots=True)
class Description:
    """A pack's description before its options are filled in."""

    id: str
    title: str
    description: str
    options: tuple[Option, ...]
    phases: tuple[Phase, ...]
    table: Mapping[str, Any]
    said: form.Description


def read_description(path: Path) -> Description:
    """Read the description of a pack.

    Raises:
        PackError: it cannot be read, or something in it is unknown, missing, of another kind or contradicts itself.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        text = read_regular(path, _MOST).decode("utf-8")
        table = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as exc:
        raise PackError(f"{path.name} of pack {path.parent.name} cannot be read: {exc}") from exc
    try:
        said = _checked(where, text, table)
        _filled(table, {})
        if not is_pack_id(said.pack.id):  # a pattern of the form lets a line end through
            raise PackError(f"{where}: {said.pack.id!a} is no id of a pack", "Write small letters, digits, hyphens.")
    except RecursionError as exc:
        raise PackError(f"{where} holds too many tables or lists in one another") from exc
    options = tuple(
        Option(name, str(option.default), option.help, tuple(option.choices)) for name, option in said.options.items()
    )
    phases = tuple(_phase(phase) for phase in said.phase)
    return Description(said.pack.id, said.pack.title, said.pack.description, options, phases, table, said)


def fill_in(description: Description, given: Mapping[str, str]) -> Migration:
    """Return the migration with the options that were given.

    Raises:
        UsageError: an option is unknown or its value is none of its choices.
        PackError: a table names a canonical symbol that there is not.
    """
    values = {option.name: option.default for option in description.options}
    for name, value in given.items():
        if name not in values:
            raise UsageError(f"pack {description.id} has no option {name}", nearest(name, values))
        values[name] = value
    for option in description.options:
        if len(values[option.name]) > _LONGEST:
            raise UsageError(f"option {option.name} of pack {description.id} has a value beyond {_LONGEST} characters")
        if option.choices and values[option.name] not in option.choices:
            raise UsageError(
                f"option {option.name} of pack {description.id} cannot be {values[option.name]!r}",
                f"Choose one of: {', '.join(option.choices)}.",
            )
    return _migration(description, values)


def _checked(where: str, text: str, table: Mapping[str, Any]) -> form.Description:
    mistakes = Mistakes(where, text, table)
    try:
        said = msgspec.convert(table, form.Description)
    except msgspec.ValidationError as exc:
        raise mistakes.form(exc) from exc
    check_symbols(said, mistakes)
    check_modules(said, mistakes)
    check_phases(said, mistakes)
    check_audit(said, mistakes)
    return said


def _migration(description: Description, values: Mapping[str, str]) -> Migration:
    words = {**values, **{f"{name}_path": value.replace(".", "/") for name, value in values.items()}}
    said = msgspec.convert(_filled(description.table, words), form.Description)
    check_written(said)
    symbols = tuple(old_symbol(table, said.canonical, number) for number, table in enumerate(said.symbol))
    goals = {symbol.becomes: symbol.becomes for symbol in symbols if symbol.becomes}
    known = set(said.canonical.values())
    return Migration(
        symbols=symbols,
        modules=tuple(old_module(table, number) for number, table in enumerate(said.module)),
        canonical={**said.canonical, **{key: path for key, path in goals.items() if path not in known}},
        production=tuple(said.scope.production),
        exclude=tuple(said.scope.exclude),
        about=tuple(said.scope.about),
        libraries=tuple(said.scope.libraries),
        phases=tuple(_phase(phase) for phase in said.phase),
        options=dict(values),
        templates=dict(said.template),
        retire={key: name for key, name in _retire(said.retire).items() if name},
        aliases=dict(said.alias),
        audit=read_audit(said),
        suite=_suite(said.suite) if said.suite is not None else None,
    )


def _retire(table: form.RetireTable) -> dict[str, str]:
    return {"export": table.export or "", "definition": table.definition or ""}


def _phase(table: form.PhaseTable) -> Phase:
    return Phase(
        table.id,
        table.title,
        tuple(table.include),
        table.default,
        tuple(table.codemods),
        table.importers,
        tuple(_guest(guest) for guest in table.guest),
    )


def _guest(table: form.GuestTable) -> PhaseGuest:
    lists = {name: tuple(getattr(table, name)) for name in ("arguments", "files", "exclude", "holding")}
    return PhaseGuest(table.run, changed=table.changed, timeout=table.timeout, review=table.review, **lists)


def _suite(table: form.SuiteTable) -> SuiteInfo:
    lists = {name: tuple(getattr(table, name)) for name in ("production", "role", "classes")}
    return SuiteInfo(table.folder, keyword=table.keyword, values=dict(table.values), **lists)


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """Put the options' values in the place of `{name}`; `{name_path}` has slashes for dots."""
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda match: words.get(match.group(1), match.group()), value)
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, words) for key, item in value.items()}
    return value
