"""Where each name is found after the move: the definition, the names that hand it on, and everything else."""

from __future__ import annotations

from functools import cached_property

from recanon.move.captures import Captures
from recanon.move.names import Alias, ImportAt, Variable
from recanon.move.parcel import Parcel
from recanon.move.reached import attributes, is_symbol, stands_for
from recanon.move.request import Address, Move
from recanon.move.world import File, World


class Addresses:
    """Tell the new address of each name, and the new name of each variable of a file.

    A module that imports the symbol under its own name hands it on under the new one, so that facades follow. Where
    the new name would meet another one there, it keeps the old name, as an alias.

    Args:
        move: the move.
        world: the tree as it is.
        parcel: the definition, where it is carried to another module.
    """

    def __init__(self, move: Move, world: World, parcel: Parcel | None = None) -> None:
        self.move = move
        self.parcel = parcel
        self.world = world
        self._renamed: dict[str, dict[Variable, str]] = {}
        self._working: set[str] = set()
        self.conflicts: set[str] = set()
        self.handing_on: set[str] = set()  # files that get an import which they do not use themselves
        self.kept: dict[tuple[str, Variable], str] = {}

    def of(self, module: str, name: str) -> Address:
        """Return the new address of a name of a module."""
        if Address(module, name) == self.move.old and (not self.move.of_module or self._is_module):
            return self.move.new
        return Address(self.move.module(module), self._name(module, name))

    @cached_property
    def _is_module(self) -> bool:
        """Whether the attribute of the package is the module that moves, and not a function of the same name."""
        old = self.move.old
        facts = self.world.program.module_facts(old.module)
        if facts is None or old.name not in facts.bindings:
            return True
        symbol = self.world.program.resolve(old.module, old.name).symbol
        return symbol is not None and symbol.kind == "module" and symbol.path == old.path

    def changed(self, module: str, name: str) -> bool:
        """Return whether a name of a module has a new address."""
        return self.of(module, name) != Address(module, name)

    def _name(self, module: str, name: str) -> str:
        """Return what a module that hands a name on calls it afterwards."""
        if name != self.move.old.name or not self.move.renamed:
            return name
        facts = self.world.program.module_facts(module)
        if facts is None:
            return name
        if name in facts.bindings:
            file = self.world.of_module(module)
            return self.renamed(file).get(Variable(0, name), name) if file else name
        star = self.star_source(module, name)
        new = self.of(star, name).name if star else name
        if new != name and new in facts.bindings:
            self.conflicts.add(
                f"{self.world.program.modules.paths[module]}: binds {new}, and hands {name} on by import *"
            )
        return new

    def star_source(self, module: str, name: str) -> str:
        """Return the module from which `import *` brings a name into a module, or ""."""
        facts = self.world.program.module_facts(module)
        for star in reversed(facts.stars if facts else ()):
            handed = self.world.program.module_facts(star)
            if handed is None:
                continue
            listed = handed.exports is not None and name in {export.name for export in handed.exports}
            public = handed.exports is None and not name.startswith("_")
            if (listed or public) and self.world.program.resolve(star, name).state == "found":
                return star
        return ""

    def renamed(self, file: File) -> dict[Variable, str]:
        """Return the variables of a file that get a new name."""
        if file.path not in self._renamed:
            if file.path in self._working:
                return {}
            self._working.add(file.path)
            self._renamed[file.path] = dict(self._decide(file))
            self._working.discard(file.path)
        return self._renamed[file.path]

    def _decide(self, file: File) -> list[tuple[Variable, str]]:
        old, new = self.move.old.name, self.move.new.name
        if old == new:
            return []
        found = []
        for variable in [v for v in file.names.by_variable if v.name == old]:
            if not self._stands_for_it(file, variable):
                continue
            reason = Captures(file, self.world, variable, new).reason()
            if not reason or (self.move.in_place and self.is_definition(file, variable)):
                found.append((variable, new))
            else:
                self.kept[file.path, variable] = reason
        return found

    def looked_up_at_home(self) -> bool:
        """Return whether the old module itself goes on to use the symbol, and so imports it."""
        return self.parcel is not None and bool(self.parcel.outside(self.parcel.variable))

    def handed_by_star(self) -> bool:
        """Return whether `import *` of the old module still brings the symbol in."""
        facts = self.world.program.module_facts(self.move.old.module)
        if facts is None or not self.looked_up_at_home():
            return False
        name = self.name_at_home()
        return not name.startswith("_") if facts.exports is None else name in {e.name for e in facts.exports}

    def taken_from(self, module: str) -> bool:
        """Return whether a candidate file takes the symbol from a module that hands it on."""
        return any(self._takes(file, Address(module, self.move.old.name)) for file in self.world.candidates())

    def _takes(self, file: File, address: Address) -> bool:
        names = ((at.module, alias.name) for at in file.names.imports for alias in at.aliases)
        taken = ((reached.module, reached.part.text) for reached in attributes(file, self.world))
        return address in names or address in taken

    def name_at_home(self) -> str:
        """Return what the old module calls the symbol afterwards."""
        home = self.world.of_module(self.move.old.module)
        return self.renamed(home).get(Variable(0, self.move.old.name), self.move.old.name) if home else ""

    @cached_property
    def _looking_up(self) -> frozenset[str]:
        return frozenset(file.path for file in self.world.candidates() if self._looks_up(file))

    def looked_up_elsewhere(self, patching: str) -> bool:
        """Return whether another place than the rest of the old module looks the name up under a patch.

        Args:
            patching: the file that patches it; other tests do not run then.
        """
        if self.parcel is None:
            return False
        return self._calls_itself() or any(path == patching or not _is_test(path) for path in self._looking_up)

    def _calls_itself(self) -> bool:
        """Whether the definition that is carried reads its own name, annotations in strings aside."""
        assert self.parcel is not None
        own = self.parcel.file.names.by_variable[self.parcel.variable]
        return any(name.role == "load" and not name.quoted and self.parcel.span.holds(name.span) for name in own)

    def reached_anew(self, module: str, name: str, patching: str) -> bool:
        """Return whether a patch of a name of the new module, which only handed it on, reaches more afterwards.

        Args:
            module, name: what is patched.
            patching: the file that patches it; other tests do not run then.
        """
        if self.parcel is None or module != self.move.new.module:
            return False
        target = self.world.program.modules.paths.get(module, "")
        others = (path for path in self._looking_up if path != target and (path == patching or not _is_test(path)))
        handed_on = is_symbol(self.world, module, name, self.move.old)
        return handed_on and (self._calls_itself() or any(others))

    def used_by_target(self) -> bool:
        """Return whether the new module uses it by an import, which a patch of the old module does not reach."""
        file = self.world.of_module(self.move.new.module) if self.parcel else None
        if file is None:
            return False
        found = (v for v in file.names.by_variable if stands_for(file, self.world, v, self.move.old))
        return any(name.role == "load" and not name.quoted for v in found for name in file.names.by_variable[v])

    def _looks_up(self, file: File) -> bool:
        """Whether a file takes the name from the old module when a function of it runs, or as an attribute."""
        for at in file.names.imports:
            named = at.module == self.move.old.module and any(a.name == self.move.old.name for a in at.aliases)
            if named and (at.place.scope or file.module == self.move.new.module):
                return True
        taken = (Address(reached.module, reached.part.text) for reached in attributes(file, self.world))
        return any(address == self.move.old for address in taken)

    def is_definition(self, file: File, variable: Variable) -> bool:
        """Return whether a variable is the one that the moved symbol is defined as."""
        return not self.move.of_module and variable == Variable(0, self.move.old.name) and self._home(file)

    def _home(self, file: File) -> bool:
        return file.module == self.move.old.module

    def _stands_for_it(self, file: File, variable: Variable) -> bool:
        """Whether each binding of a variable is an import of a name that is renamed, or it is the definition itself."""
        if self.is_definition(file, variable):
            return True
        if variable.scope == -1:
            star = self.star_source(file.module, variable.name)
            return bool(star) and self.of(star, variable.name).name != variable.name
        imports = file.names.imported(variable)
        if not imports or not file.names.only_imported(variable):
            return False
        if file.names.scopes[variable.scope].kind == "class":
            return False
        return all(self.hands_on(at, alias) for at, alias in imports)

    def hands_on(self, at: ImportAt, alias: Alias) -> bool:
        """Return whether an import binds a name that is renamed, under that very name."""
        if alias.asname and not (at.is_from and alias.asname == alias.name):
            return False
        if at.is_from:
            return self.of(at.module, alias.name).name != alias.name
        root = alias.name.partition(".")[0]
        return self.of("", root).name != root


def _is_test(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("test_") or name.endswith("_test.py")
