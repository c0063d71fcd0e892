"""Factory patterns: functions, classes, static methods, singletons and aliases that give out objects of a role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from recanon.detectors.contract import Opinion
from recanon.detectors.ground import Ground
from recanon.detectors.makers import Maker, instances, makers
from recanon.detectors.roles import aliases, role_classes
from recanon.index.structure import Structure
from recanon.outcome import Finding, Verdict
from recanon.yardstick import Counted

_GROUPS = {
    "function": "a function that makes one",
    "method": "a class whose methods make one",
    "static method": "a static or class method that makes one",
    "singleton": "one object for everybody",
    "hands out a factory": "a function that hands out a factory",
}


class Factories:
    """Find them."""

    id: ClassVar[str] = "factories"
    definition: ClassVar[str] = (
        "A function, method, static method or class of the packages that returns a new object of a role, by what it "
        "calls; one that keeps such an object for everybody (singleton); and another name of any of these. The "
        "canonical function is none."
    )
    advice: ClassVar[str] = "Make objects of the role by the canonical function or class alone."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield makers by their pattern, objects kept by a module, and other names of makers."""
        canonical = set(ground.migration.canonical.values())
        found = {path: maker for path, maker in makers(ground).items() if path not in canonical and _is_offered(maker)}
        classes = role_classes(ground)
        for maker in found.values():
            if maker.pattern != "method" or f"{maker.structure.module}.{maker.function.owner}" not in classes:
                yield _maker(maker)
        for structure, placed, made in instances(ground):
            text = f"{placed.name} holds one object for everybody, made when the module is imported"
            base = _finding(structure, placed.line, placed.column, placed.name)
            origin = made.symbol.path if made.symbol else ""
            yield replace(
                base, kind="instance", reason=text, origin=origin, chain=made.chain, group=_GROUPS["singleton"]
            )
        for alias in aliases(ground):
            symbol = alias.found.symbol
            if symbol is not None and symbol.path in found:
                line, column = ground.source(alias.structure.path).position(alias.offset)
                base = _finding(alias.structure, line, column, alias.name)
                text = f"{alias.name} is another name of the factory {symbol.path}"
                chain = (f"{alias.structure.module}:{alias.name}", *alias.found.chain)
                yield replace(
                    base, kind="alias", reason=text, origin=symbol.path, chain=chain, group="another name of a factory"
                )

    def judge(self, ground: Ground, items: Sequence[Counted]) -> list[Opinion]:
        """Say of each file that a yardstick counts whether it gives out objects of a role."""
        found = sorted(self.find(ground), key=lambda finding: finding.line)
        return [_opinion([finding for finding in found if finding.path == item.path]) for item in items]


def _is_offered(maker: Maker) -> bool:
    """Whether other code is meant to call it: a private helper is part of what calls it."""
    return not maker.function.name.startswith("_") or maker.pattern == "singleton"


def _opinion(here: Sequence[Finding]) -> Opinion:
    if here:
        return Opinion(True, ", ".join(f"{finding.word} (line {finding.line})" for finding in here[:3]))
    return Opinion(False, "nothing in it gives out an object of a role, but for the canonical function")


def _finding(structure: Structure, line: int, column: int, word: str) -> Finding:
    return Finding(
        path=structure.path,
        line=line,
        column=column,
        word=word,
        kind="factory",
        verdict=Verdict.MANUAL,
        reason="",
        hint=Factories.advice,
        detector=Factories.id,
    )


def _maker(maker: Maker) -> Finding:
    made = maker.made.symbol.path if maker.made.symbol else ""
    verb = "hands out" if maker.pattern == "hands out a factory" else "returns what it gets from"
    base = _finding(maker.structure, maker.function.line, maker.function.column, maker.function.name)
    return replace(
        base,
        reason=f"{verb} {made}",
        origin=maker.path,
        chain=(f"{maker.structure.module}:{maker.function.name}", *maker.made.chain),
        group=_GROUPS[maker.pattern],
    )
