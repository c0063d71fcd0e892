"""Read the table `[audit]` of a pack: what the detectors of an audit look at."""

from __future__ import annotations

from collections.abc import Mapping

from recanon.audit_scope import AuditScope, Role
from recanon.errors import PackError
from recanon.pack.format import Description, RoleTable
from recanon.pack.mistakes import Mistakes
from recanon.pack.words import nearest


def read_audit(description: Description) -> AuditScope:
    """Return what the table `[audit]` says; without `packages` the homes of the old symbols are looked into.

    Args:
        description: the whole description, its options filled in.

    Raises:
        PackError: a role names no canonical symbol.
    """
    homes = dict.fromkeys(symbol.home for symbol in description.symbol)
    packages = tuple(description.audit.packages or ()) or tuple(homes)
    return AuditScope(packages, tuple(_role(role, description.canonical) for role in description.audit.role))


def check_audit(description: Description, mistakes: Mistakes) -> None:
    """Check that every role can be played.

    Raises:
        PackError: a class would have to have more methods than there are.
    """
    for number, role in enumerate(description.audit.role):
        known = len(role.methods)
        if role.at_least is not None and role.at_least > known:
            hint = f"Give a number from 1 to {known}."
            raise mistakes.at(("audit", "role", number, "at_least"), f"at_least is {role.at_least}", hint)


def _role(role: RoleTable, canonical: Mapping[str, str]) -> Role:
    symbol = canonical.get(role.symbol, role.symbol)
    if "." not in symbol:
        raise PackError(f"[[audit.role]] {role.id}: no [canonical] key {symbol}", nearest(symbol, canonical))
    return Role(
        role.id,
        symbol,
        frozenset(role.methods),
        role.at_least if role.at_least is not None else min(2, len(role.methods)),
        tuple(role.arguments or ()),
        tuple(role.optional or ()),
    )
