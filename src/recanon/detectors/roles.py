"""Which classes play a role, by what they do and not by their names; which names stand for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recanon.audit_scope import Role
from recanon.detectors.ground import Ground
from recanon.index.structure import Class, Structure
from recanon.resolve.program import Resolution, Symbol


@dataclass(frozen=True, slots=True)
class Playing:
    """How a class of the packages stands to a role.

    Args:
        structure, cls: the class and its module.
        role: the role.
        plays: whether it implements the role.
        reason: why, or why not.
    """

    structure: Structure
    cls: Class
    role: Role
    plays: bool
    reason: str

    @property
    def path(self) -> str:
        """The full dotted name of the class."""
        return f"{self.structure.module}.{self.cls.name}"


@dataclass(frozen=True, slots=True)
class Alias:
    """A name at the top of a module that is bound to something under another name."""

    structure: Structure
    name: str
    offset: int
    found: Resolution


def players(ground: Ground) -> Iterator[Playing]:
    """Yield every class of the packages with its standing to each role."""
    for structure in ground.structures.values():
        for cls in structure.classes:
            for role in ground.migration.audit.roles:
                yield standing(ground, structure, cls, role)


def standing(ground: Ground, structure: Structure, cls: Class, role: Role) -> Playing:
    """Return how a class stands to a role: it plays it when it has enough of the role's methods, inherited ones too."""
    methods, empty = _methods(ground, structure, cls, frozenset())
    have = sorted(role.methods & methods)
    done = sorted(set(have) - empty)
    if cls.nested:
        return Playing(structure, cls, role, False, "stands in a function, out of reach of other code")
    if len(have) < role.at_least:
        had = f"only {', '.join(have)}" if have else "none"
        reason = f"has {had} of the {len(role.methods)} methods of the role {role.id}"
        return Playing(structure, cls, role, False, reason)
    if len(done) < role.at_least:
        return Playing(structure, cls, role, False, f"is an interface: its {', '.join(have)} do nothing")
    return Playing(structure, cls, role, True, f"has {', '.join(done)}, as the role {role.id} has")


def canonical_class(ground: Ground, role: Role) -> Symbol | None:
    """Return the class that the canonical name of a role denotes."""
    module, _, name = role.symbol.rpartition(".")
    found = ground.program.resolve(module, name).symbol
    return found if found is not None and found.kind == "class" else None


def role_classes(ground: Ground) -> dict[str, Role]:
    """Return the classes that play a role, by path, the canonical ones among them."""
    found = {playing.path: playing.role for playing in players(ground) if playing.plays}
    for role in ground.migration.audit.roles:
        symbol = canonical_class(ground, role)
        if symbol is not None:
            found[symbol.path] = role
    return found


def aliases(ground: Ground) -> Iterator[Alias]:
    """Yield the names at the top of the packages' modules that stand for a symbol of another name or by assignment."""
    for structure in ground.structures.values():
        facts = ground.program.module_facts(structure.module)
        for name, bindings in facts.bindings.items() if facts else ():
            for binding in bindings:
                renamed = binding.kind == "import" and binding.target.rpartition(":")[2] != name
                if not (binding.kind == "assign" or renamed):
                    continue
                found = ground.program.follow(structure.module, binding)
                if found.symbol is not None and found.symbol.path != f"{structure.module}.{name}":
                    yield Alias(structure, name, binding.span.start, found)


def _methods(
    ground: Ground, structure: Structure, cls: Class, seen: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """All methods of a class, and those of them that do nothing; bases within the packages are followed."""
    methods, empty = cls.methods, cls.empty
    for base in cls.bases:
        found = _base(ground, structure, base)
        if found is not None and f"{found[0].module}.{found[1].name}" not in seen:
            inner = _methods(ground, *found, seen | {f"{structure.module}.{cls.name}"})
            empty = empty | (inner[1] - methods)
            methods = methods | inner[0]
    return methods, empty


def _base(ground: Ground, structure: Structure, name: str) -> tuple[Structure, Class] | None:
    root, *rest = name.split(".")
    symbol = ground.program.resolve(structure.module, root).symbol if root else None
    for part in rest:
        symbol = ground.program.resolve(symbol.module, part).symbol if symbol and symbol.kind == "module" else None
    if symbol is None or symbol.kind != "class" or symbol.module not in ground.structures:
        return None
    home = ground.structures[symbol.module]
    return next(((home, cls) for cls in home.classes if cls.name == symbol.name and not cls.nested), None)
