"""The names that a carried definition needs: who takes them from the old module, and which strings patch them there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recanon.edit import Edit, Span
from recanon.move.carry import Carry
from recanon.move.names import Variable
from recanon.move.patched import patches_of
from recanon.move.reached import attributes
from recanon.move.request import Move
from recanon.move.sites import Site, left, rewritten
from recanon.move.world import File, World
from recanon.outcome import Verdict
from recanon.propose.patch_strings import Patch


@dataclass(frozen=True)
class Companions:
    """What other files do with the names that a carried definition needs.

    Args:
        move: the move.
        world: the tree, with the facts of the files that name the old module.
        needed: the needed names.
    """

    move: Move
    world: World
    needed: frozenset[str]

    def taken(self) -> frozenset[str]:
        """Return those that other files import from the old module, or read as its attributes."""
        return frozenset(name for file in self.world.candidates() for name in self._taken(file))

    def _taken(self, file: File) -> Iterator[str]:
        for at in file.names.imports:
            if at.module == self.move.old.module:
                yield from self.needed if at.star else (a.name for a in at.aliases if a.name in self.needed)
        for reached in attributes(file, self.world):
            if reached.module == self.move.old.module and reached.part.text in self.needed:
                yield reached.part.text

    def assigned(self) -> Iterator[tuple[File, Site]]:
        """Yield the places that assign a needed name in the old module, which do not reach the new one."""
        for file in self.world.candidates():
            for reached in attributes(file, self.world):
                last = reached.depth == len(reached.chain.parts) - 1 and not reached.chain.reads
                if last and reached.module == self.move.old.module and reached.part.text in self.needed:
                    why = f"it assigns {reached.part.text} in {reached.module}, which the definition does not see then"
                    yield file, Site(reached.part.span, "assignment", Verdict.MANUAL, why, blocks=why)

    def patches(self, carry: Carry) -> Iterator[tuple[File, Site]]:
        """Yield what becomes of the strings that patch a needed name in the old module."""
        taken = self.taken()
        gone = {variable.name for variable in carry.orphans(taken)}
        for file in self.world.candidates():
            for patch in patches_of(file.facts, self.world.program) if file.facts else ():
                if patch.module == self.move.old.module and patch.name in self.needed:
                    yield file, self._patch(file, patch, carry, gone, patch.name in taken)

    def _patch(self, file: File, patch: Patch, carry: Carry, gone: set[str], taken: bool) -> Site:
        at_home = carry.parcel.outside(Variable(0, patch.name))
        shared = [name for name in at_home if name.role == "load"] or taken
        span, module = patch.text.span, self.move.old.module
        if patch.rest and patch.name not in gone:
            return left(
                span, "patch target", f"patches an attribute of {module}.{patch.name}, which is the same object"
            )
        if shared and patch.name not in gone:
            why = (
                f"{module} and the definition that leaves it both look {patch.name} up, and one patch cannot reach both"
            )
            return Site(
                span, "patch target", Verdict.MANUAL, why, hint=f"Patch {self.move.new.module}.{patch.name} too."
            )
        if patch.text.role != "patch target" or not patch.text.literal:
            why = (
                f"it patches {module}.{patch.name}, which the definition looks up in {self.move.new.module} afterwards"
            )
            return Site(span, "patch target", Verdict.MANUAL, why, blocks=why)
        path = Span(span.start + 1, patch.span.end)
        edit = Edit(path, file.source.cut(path), f"{self.move.new.module}.{patch.name}", "patch-target")
        return rewritten(span, "patch target", "the definition looks the name up in its new module", edit)
