"""Compatibility shims: modules that only hand on what is defined elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from recanon.detectors.contract import Opinion
from recanon.detectors.ground import Ground
from recanon.index.facts import ModuleFacts
from recanon.index.structure import Structure
from recanon.outcome import Finding, Verdict
from recanon.yardstick import Counted


class Shims:
    """Find them."""

    id: ClassVar[str] = "shims"
    definition: ClassVar[str] = (
        "A module of the packages that defines nothing and hands on names of other modules. The `__init__` of a "
        "package counts only where it hands on what lies outside the package: to gather its own modules is its job."
    )
    advice: ClassVar[str] = "Let its importers import from where the names are defined, and take the module out."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield every module that only hands on."""
        for structure in ground.structures.values():
            sources = _sources(ground, structure)
            if sources and not structure.own:
                yield _finding(ground, structure, sources)

    def judge(self, ground: Ground, items: Sequence[Counted]) -> list[Opinion]:
        """Say of each file that a yardstick counts whether it only hands on."""
        by_path = {structure.path: structure for structure in ground.structures.values()}
        return [_opinion(ground, by_path.get(item.path)) for item in items]


def _opinion(ground: Ground, structure: Structure | None) -> Opinion:
    if structure is None:
        return Opinion(False, "could not be read")
    if structure.own:
        first = structure.own[0]
        more = f", and {len(structure.own) - 1} more" if len(structure.own) > 1 else ""
        return Opinion(False, f"does something of its own: {first.what} (line {first.line}){more}")
    sources = _sources(ground, structure)
    return Opinion(bool(sources), f"only hands on {_listed(sources)}" if sources else "hands on nothing")


def _finding(ground: Ground, structure: Structure, sources: dict[str, int]) -> Finding:
    first = min(sources.values())
    line, column = ground.source(structure.path).position(first)
    count = ground.importers[structure.module]
    return Finding(
        path=structure.path,
        line=line,
        column=column,
        word=structure.module.rpartition(".")[2],
        kind="module",
        verdict=Verdict.MANUAL,
        reason=f"only hands on {_listed(sources)}; {count} {'file imports' if count == 1 else 'files import'} from it",
        hint="Import from where the names are defined." if count else "Nothing imports from it: take it out.",
        origin=structure.module,
        chain=(structure.module, *sources),
        group="used" if count else "unused",
        detector=Shims.id,
    )


def _sources(ground: Ground, structure: Structure) -> dict[str, int]:
    """The modules of the tree that a module hands names on from, with the place of the first such import."""
    facts = ground.program.module_facts(structure.module)
    if facts is None:
        return {}
    own = f"{structure.module}." if structure.path.endswith("__init__.py") else None
    found: dict[str, int] = {}
    for module, offset in sorted(_handed(facts), key=lambda pair: pair[1]):
        inside = own is not None and f"{module}.".startswith(own)
        if ground.program.modules.owns(module) and not inside:
            found.setdefault(module, offset)
    return found


def _handed(facts: ModuleFacts) -> Iterator[tuple[str, int]]:
    for bindings in facts.bindings.values():
        for binding in bindings:
            if binding.kind == "import" and ":" in binding.target and "if:TYPE_CHECKING" not in binding.guards:
                yield binding.target.partition(":")[0], binding.span.start
    yield from ((star, max(facts.last_star, 0)) for star in facts.stars)


def _listed(sources: dict[str, int]) -> str:
    names = list(sources)
    return (
        f"what {', '.join(names[:3])}{' and others' if len(names) > 3 else ''} {'has' if len(names) == 1 else 'have'}"
    )
