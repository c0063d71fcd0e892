"""Read the table `[audit]` of a pack: what the detectors of an audit look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from recanon.errors import PackError
from recanon.migration import AuditScope, Role
from recanon.pack.words import nearest

_KEYS = {"packages", "role"}
_ROLE_KEYS = {"id", "symbol", "methods", "at_least", "arguments", "optional"}
_LISTS = {"methods", "arguments", "optional"}
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")


def read_audit(table: Mapping[str, Any], canonical: Mapping[str, str]) -> AuditScope:
    """Return what the table `[audit]` says; without `packages` the homes of the old symbols are looked into.

    Args:
        table: the whole description, its options filled in.
        canonical: canonical symbols by key.

    Raises:
        PackError: a role names no canonical symbol.
    """
    audit = table.get("audit", {})
    homes = dict.fromkeys(entry["home"] for entry in table.get("symbol", ()))
    packages = tuple(audit.get("packages", ())) or tuple(homes)
    return AuditScope(packages, tuple(_role(entry, canonical) for entry in audit.get("role", ())))


def check_audit(where: str, audit: Any) -> None:
    """Check the keys of the table and the kinds of their values.

    Args:
        where: the file, for messages.
        audit: the table.

    Raises:
        PackError: a key is unknown or missing, or a value is of another kind.
    """
    if not isinstance(audit, dict):
        raise PackError(f"{where}: audit is no table", "Write it as [audit].")
    _check_keys(where, "[audit]", audit, _KEYS)
    _check_names(where, "[audit] packages", audit.get("packages", []))
    roles = audit.get("role", [])
    if not isinstance(roles, list):
        raise PackError(f"{where}: [audit.role] is one table", "Write it as [[audit.role]].")
    for role in roles:
        _check_role(where, role)


def _check_role(where: str, role: Mapping[str, Any]) -> None:
    _check_keys(where, "[[audit.role]]", role, _ROLE_KEYS)
    if not _NAME.match(str(role.get("id", ""))):
        raise PackError(f"{where}: a [[audit.role]] needs an id of small letters, digits and hyphens")
    place = f"[[audit.role]] {role['id']}"
    for key in ("symbol", "methods"):
        if not role.get(key):
            raise PackError(f"{where}: {place} has no {key}")
    for key in _LISTS & role.keys():
        _check_names(where, f"{place}: {key}", role[key])
    known = len(role["methods"])
    needed = role.get("at_least", min(2, known))
    if not isinstance(needed, int) or isinstance(needed, bool) or not 1 <= needed <= known:
        raise PackError(f"{where}: {place}: at_least is {needed!r}", f"Give a number from 1 to {known}.")


def _check_names(where: str, place: str, value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise PackError(f"{where}: {place} is no list of names", 'Write it as ["name", "name"].')


def _check_keys(where: str, place: str, entry: Mapping[str, Any], known: Iterable[str]) -> None:
    for key in entry:
        if key not in known:
            raise PackError(f"{where}: {place} has no key {key}", nearest(key, known))


def _role(entry: Mapping[str, Any], canonical: Mapping[str, str]) -> Role:
    symbol = canonical.get(entry["symbol"], entry["symbol"])
    if "." not in symbol:
        raise PackError(f"[[audit.role]] {entry['id']}: no [canonical] key {symbol}", nearest(symbol, canonical))
    return Role(
        entry["id"],
        symbol,
        frozenset(entry["methods"]),
        entry.get("at_least", min(2, len(entry["methods"]))),
        tuple(entry.get("arguments", ())),
        tuple(entry.get("optional", ())),
    )
