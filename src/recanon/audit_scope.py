"""What an audit looks at: packages, and what the classes in them are for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """What a class is for, so that an audit can tell a second implementation from a namesake.

    Args:
        id: its name in findings.
        symbol: full dotted name of the canonical class.
        methods: methods of which a class that plays the role has some.
        at_least: how many of them.
        arguments: the arguments that every call of the constructor gives, by keyword; empty means those that most give.
        optional: further arguments that a call may give, by keyword.
    """

    id: str
    symbol: str
    methods: frozenset[str]
    at_least: int = 2
    arguments: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditScope:
    """What the detectors of an audit look at.

    Args:
        packages: dotted packages; their modules are looked into, and so is every file that imports from them.
        roles: what the classes in them are for.
    """

    packages: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()

    def covers(self, module: str) -> bool:
        """Return whether a module is one of the packages or lies in one."""
        return any(f"{module}.".startswith(f"{package}.") for package in self.packages)
