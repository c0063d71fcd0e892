"""What moves in one phase although it stands in files of several: look-ups, and the strings that patch them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from recanon.migration import Migration
from recanon.propose.inputs import Input
from recanon.propose.judged import Judged, Name
from recanon.propose.looks import Looks
from recanon.resolve.program import Program

Member = tuple[str, Name]


@dataclass(frozen=True)
class Coupling:
    """The phases of look-ups that patches tie together.

    A patch of a name where it is defined reaches functions that import the name when they are called. It can follow
    only when all of them move, so all belong to the first of their phases, and so does the patch.

    Args:
        looked_up: the phase by file and by the module and name that functions of it look up.
        patched: the phase by the file of a patch and by what it patches.
    """

    looked_up: Mapping[Member, str]
    patched: Mapping[Member, str]

    @classmethod
    def of(cls, inputs: Mapping[str, Input], migration: Migration, program: Program) -> Coupling:
        """Find the phases; each can only become an earlier one, so it ends."""
        order = {phase.id: number for number, phase in enumerate(migration.phases)}
        own = dict(_phases(inputs, order))
        groups = list(_groups(inputs, own, program))
        looked_up = dict(own)
        while True:
            first = [min((looked_up[member] for member in group), key=order.__getitem__) for _, group in groups]
            earlier = {
                member: phase
                for (_, group), phase in zip(groups, first, strict=True)
                for member in group
                if order[phase] < order[looked_up[member]]
            }
            if not earlier:
                patched = {patch: phase for (patch, _), phase in zip(groups, first, strict=True)}
                return cls({member: phase for member, phase in looked_up.items() if phase != own[member]}, patched)
            looked_up.update(earlier)

    def settled(self, item: Input) -> Input:
        """Return a file with the phases of its look-ups and of its patches."""
        path = item.facts.path
        judged = (replace(j, phase=self.looked_up.get((path, _name(item, j)), j.phase)) for j in item.judged)
        names = {(patch.module, patch.name) for patch in item.patches}
        phases = {name: self.patched[path, name] for name in names if (path, name) in self.patched}
        return replace(item, judged=tuple(judged), patch_phases=phases) if names or item.judged else item


def _phases(inputs: Mapping[str, Input], order: Mapping[str, int]) -> Iterator[tuple[Member, str]]:
    """Yield the first phase in which a file changes a name that its functions look up."""
    for path, item in inputs.items():
        found: dict[Name, str] = {}
        for judged in item.judged:
            name = _name(item, judged)
            if name != _NONE and judged.phase in order:
                found[name] = min(found.get(name, judged.phase), judged.phase, key=order.__getitem__)
        for name, phase in found.items():
            yield (path, name), phase


def _groups(
    inputs: Mapping[str, Input], own: Mapping[Member, str], program: Program
) -> Iterator[tuple[Member, list[Member]]]:
    """Yield each patch with the look-ups that it reaches."""
    looks = Looks(_found(own), frozenset(p for p, item in inputs.items() if item.context.production), program)
    for path, item in inputs.items():
        for name in sorted({(patch.module, patch.name) for patch in item.patches}):
            group = [(file, name) for file in looks.seen(path, name)]
            if group:
                yield (path, name), group


def _found(own: Mapping[Member, str]) -> dict[Name, dict[str, frozenset[str]]]:
    found: dict[Name, dict[str, frozenset[str]]] = {}
    for path, name in own:
        found.setdefault(name, {})[path] = frozenset()
    return found


_NONE: Name = ("", "")


def _name(item: Input, judged: Judged) -> Name:
    """Return the module and the name that a place in a function looks up by its import there."""
    if judged.binding is None:
        return _NONE
    statement = item.facts.imports[judged.binding[0]]
    if not statement.is_from or "def" not in statement.guards:
        return _NONE
    return statement.module, statement.names[judged.binding[1]].name
