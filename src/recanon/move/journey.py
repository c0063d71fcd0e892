"""All that carrying a definition asks for besides what a renaming does: both modules, and the names that go along."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recanon.edit import Edit
from recanon.index.mentions import Triggers
from recanon.move.addresses import Addresses
from recanon.move.carry import Carry, lazy
from recanon.move.companions import Companions
from recanon.move.namer import read_names
from recanon.move.names import Variable
from recanon.move.reached import attributes, stands_for
from recanon.move.request import MoveRefusedError
from recanon.move.sites import Site, rewritten
from recanon.move.world import File, World
from recanon.outcome import Verdict
from recanon.resolve.program import Program
from recanon.scan import Scan
from recanon.source import Source


@dataclass(frozen=True)
class Arrival:
    """The edits of both modules, and what becomes of other files.

    Args:
        home, target: edits of the old module, outside the definition, and of the new one.
        others: places in files that patch a name that the definition needs.
        kept: whether an import stays in the old module, unused, because others take it from there.
    """

    home: tuple[Edit, ...]
    target: tuple[Edit, ...]
    others: tuple[tuple[File, Site], ...]
    kept: bool


def target_file(world: World, addresses: Addresses) -> File:
    """Return the module that a definition comes to: as it is, or empty where it is not there yet.

    Raises:
        MoveRefusedError: it cannot be read, or its package is not there.
    """
    module = addresses.move.new.module
    modules = world.program.modules
    if module in modules.paths:
        found = world.of_module(module)
        if found is None:
            raise MoveRefusedError(f"{modules.paths[module]} cannot be read", "Mend the file first.")
        return found
    home = addresses.parcel.file if addresses.parcel else None
    text = f"from __future__ import annotations{home.source.newline}" if home and lazy(home) else ""
    source = Source(_new_path(world, module, home), text)
    return File(source.path, module, source, read_names(source, ast.parse(text), module, False), None)


def _new_path(world: World, module: str, home: File | None) -> str:
    parent, _, leaf = module.rpartition(".")
    modules = world.program.modules
    if module in modules.packages:
        raise MoveRefusedError(f"{module} is a package without an __init__.py", "Name a module in it.")
    if not parent:
        folder = (
            "src/" if home is not None and home.path.startswith("src/") and not home.module.startswith("src.") else ""
        )
        return f"{folder}{leaf}.py"
    path = modules.paths.get(parent, "")
    if not path.endswith("__init__.py"):
        raise MoveRefusedError(
            f"{module} cannot be created: {parent} is no package of the tree",
            f"Create {parent.replace('.', '/')}/__init__.py first.",
        )
    return f"{path.removesuffix('__init__.py')}{leaf}.py"


class Journey:
    """Carry a definition.

    Args:
        carry: the definition and its two modules.
        world: the tree.
    """

    def __init__(self, carry: Carry, world: World) -> None:
        self.carry = carry
        self.world = world

    @property
    def triggers(self) -> Triggers:
        """What a file holds that may take a needed name from the old module, or patch it there."""
        module = self.carry.home.module
        names = {variable.name for variable in self.carry.parcel.needs() if variable.scope == 0}
        return Triggers(frozenset(names), frozenset({module}), frozenset({module}))

    def site(self) -> Site:
        """Return the definition as a place that follows."""
        parcel = self.carry.parcel
        edit = Edit(parcel.span, parcel.file.source.cut(parcel.span), "", "definition")
        return rewritten(parcel.span, "definition", f"carried to {self.carry.target.module}", edit)

    def arrive(self, sites: Mapping[str, Sequence[Site]], near: Scan) -> Arrival:
        """Return what else is to be edited.

        Args:
            sites: what becomes of the places that name the symbol, by path.
            near: the files that name the old module, as far as they hold a needed name.
        """
        move = self.carry.move
        program = Program(self.world.program.overlay, self.world.program.modules, near.facts)
        companions = Companions(move, World(program, near, self.triggers.words), self.triggers.words)
        taken = companions.taken()
        edits = [
            edit for site in sites.get(self.carry.home.path, ()) for edit in site.edits if site.kind != "definition"
        ]
        text = self.carry.text(edits)
        others = (*companions.patches(self.carry), *companions.assigned(), *self._own_module(), *self._changed_below())
        home = self.carry.home_edits(taken)
        target = self.carry.target_edits(text, self._used_at())
        return Arrival(tuple(home), tuple(target), others, bool(taken & self._unused() or self.carry.from_home))

    def _own_module(self) -> Iterator[tuple[File, Site]]:
        """Yield the places at which the definition reads the name of its module, which is another one afterwards."""
        parcel, module = self.carry.parcel, self.carry.target.module
        for name in parcel.needs().get(Variable(-1, "__name__"), ()):
            why = f"the definition reads __name__, which is {module} afterwards"
            hint = "Look who relies on it, such as the configuration of a logger."
            yield parcel.file, Site(name.span, "reference", Verdict.MANUAL, why, hint=hint)

    def _changed_below(self) -> Iterator[tuple[File, Site]]:
        """Yield what the old module sets on its names below the definition, which is made after that then."""
        parcel, names = self.carry.parcel, self.carry.home.names
        at_once = {v for v, used in parcel.needs().items() if any(name.scope == 0 for name in used)}
        for chain in names.chains if at_once & self.carry.from_home else ():
            root = chain.root
            if chain.reads or root.scope or root.span.start < parcel.span.end or root.text == parcel.name:
                continue
            text = ".".join([root.text, *(part.text for part in chain.parts)])
            why = f"it sets {text} after the definition is made, and before that afterwards"
            hint = f"Look whether {parcel.name} can still be made then."
            yield parcel.file, Site(root.span, "assignment", Verdict.MANUAL, why, hint=hint)

    def _unused(self) -> frozenset[str]:
        return frozenset(variable.name for variable in self.carry.orphans(frozenset()))

    def _used_at(self) -> list[int]:
        """Where the new module itself uses the symbol."""
        file, old = self.carry.target, self.carry.move.old
        variables = [v for v in file.names.by_variable if stands_for(file, self.world, v, old)]
        named = [n.span.start for v in variables for n in file.names.by_variable[v] if n.role != "import"]
        taken = [r for r in attributes(file, self.world) if (r.module, r.part.text) == (old.module, old.name)]
        return named + [r.chain.root.span.start for r in taken]
