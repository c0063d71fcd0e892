"""More than one implementation of a role: other classes that do it, and one class under several names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from recanon.audit_scope import Role
from recanon.detectors.contract import Opinion
from recanon.detectors.ground import Ground
from recanon.detectors.roles import Alias, Playing, aliases, canonical_class, players, role_classes
from recanon.outcome import Finding, Verdict
from recanon.resolve.program import Symbol
from recanon.yardstick import Counted


class Implementations:
    """Find them."""

    id: ClassVar[str] = "implementations"
    definition: ClassVar[str] = (
        "A class of the packages, other than the canonical one, that has enough of a role's methods, its own or "
        "inherited; and a name of a module that stands for a class of the role under another name."
    )
    advice: ClassVar[str] = "Keep the canonical class, and let everything else go or use it."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield second classes of a role, and other names of its classes."""
        own = {role.id: canonical_class(ground, role) for role in ground.migration.audit.roles}
        for playing in players(ground):
            canonical = own[playing.role.id]
            if playing.plays and (canonical is None or canonical.path != playing.path):
                yield _class(playing, canonical)
        roles = role_classes(ground)
        for alias in aliases(ground):
            symbol = alias.found.symbol
            role = roles.get(symbol.path) if symbol is not None else None
            if role is not None and f"{alias.structure.module}.{alias.name}" != role.symbol:
                yield _alias(ground, alias, role)

    def judge(self, ground: Ground, items: Sequence[Counted]) -> list[Opinion]:
        """Say of each class that a yardstick counts whether it does what a role does."""
        every = list(players(ground))
        return [
            _opinion(ground, [p for p in every if p.structure.path == item.path and p.cls.name == item.name])
            for item in items
        ]


def _opinion(ground: Ground, found: list[Playing]) -> Opinion:
    if not found:
        return Opinion(False, "no role of the pack looks at it")
    playing = max(found, key=lambda p: p.plays)
    canonical = canonical_class(ground, playing.role)
    if playing.plays and canonical is not None and canonical.path == playing.path:
        return Opinion(False, "is the canonical class itself")
    return Opinion(playing.plays, playing.reason)


def _class(playing: Playing, canonical: Symbol | None) -> Finding:
    other = f" beside {canonical.path}" if canonical else ""
    return Finding(
        path=playing.structure.path,
        line=playing.cls.line,
        column=playing.cls.column,
        word=playing.cls.name,
        kind="class",
        verdict=Verdict.MANUAL,
        reason=f"a second class{other}: {playing.reason}",
        hint=f"Use {playing.role.symbol}, and take this class out.",
        origin=playing.path,
        chain=(f"{playing.structure.module}:{playing.cls.name}",),
        group=f"second class of the role {playing.role.id}",
        detector=Implementations.id,
    )


def _alias(ground: Ground, alias: Alias, role: Role) -> Finding:
    symbol = alias.found.symbol
    assert symbol is not None
    line, column = ground.source(alias.structure.path).position(alias.offset)
    return Finding(
        path=alias.structure.path,
        line=line,
        column=column,
        word=alias.name,
        kind="alias",
        verdict=Verdict.MANUAL,
        reason=f"{alias.name} is another name of {symbol.path}",
        hint=f"Use {role.symbol}, and take the other name out once nothing imports it.",
        origin=symbol.path,
        chain=(f"{alias.structure.module}:{alias.name}", *alias.found.chain),
        group=f"another name of a class of the role {role.id}",
        detector=Implementations.id,
    )
