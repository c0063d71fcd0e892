"""The names that a carried definition needs in its new module: which imports bring them there."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property

from recanon.edit import Span
from recanon.index.reader import parse
from recanon.move.addresses import Addresses
from recanon.move.bindings import how_bound
from recanon.move.joining import Need
from recanon.move.names import Alias, ImportAt, Name, Variable
from recanon.move.parcel import Parcel
from recanon.move.request import Address, MoveRefusedError
from recanon.move.spelling import name_as, spelled
from recanon.move.world import File


class Needs:
    """Find what the new module imports for a definition.

    A name that one import brings is imported there in the same way; any other is taken from the old module, where it
    is bound whatever happens, and not anew later.

    Args:
        parcel: the definition.
        target: the module that it goes to.
        addresses: where names are found after the move.
    """

    def __init__(self, parcel: Parcel, target: File, addresses: Addresses) -> None:
        self.parcel = parcel
        self.home = parcel.file
        self.target = target
        self.addresses = addresses
        self.program = addresses.world.program

    def found(self) -> list[Need]:
        """Return the imports that the new module gets.

        Raises:
            MoveRefusedError: something that the definition needs cannot be had there.
        """
        found = (self._need(variable, names) for variable, names in self.parcel.needs().items())
        return [need for need in found if need is not None]

    def _need(self, variable: Variable, names: Sequence[Name]) -> Need | None:
        imports = self.home.names.imported(variable)
        if variable.scope == -1:
            return self._unbound(variable, names)
        if self._is_there(variable, imports):
            return None
        there = Variable(0, variable.name)
        if self._packages(imports) and self._packages(self.target.names.imported(there)):
            return Need(variable, self._statement(*imports[0]))
        if there in self.target.names.bound or Variable(-1, variable.name) in self.target.names.by_variable:
            raise self._refused(names[0].span, f"{variable.name} is another thing in {self.target.module}")
        how = how_bound(self._body, variable.name)
        if how == "perhaps":
            raise self._refused(names[0].span, f"it needs {variable.name}, which is bound under a condition alone")
        bound = self.home.names.bound[variable]
        if imports and len(bound) == 1 and (imports[0][0].place.flat or how == "typing"):
            at, alias = imports[0]
            origin = Address(at.module, alias.name) if at.is_from else None
            return Need(variable, self._statement(at, alias), how == "typing", origin, alias.asname)
        return self._from_home(variable, names[0].span, typing_only=how == "typing")

    @cached_property
    def _body(self) -> Sequence[ast.stmt]:
        return parse(self.home.source).body

    def _from_home(self, variable: Variable, span: Span, *, typing_only: bool) -> Need:
        """Import a name from the old module, where it must be the same thing ever after."""
        tokens = self.home.names.by_variable[variable]
        binding = self.home.names.bound[variable]
        above = any(name.span.start < self.parcel.span.start for name in binding)
        below = any(name.span.start > self.parcel.span.start for name in binding)
        if any(name.role in {"declare", "augment", "del"} for name in tokens) or (above and below):
            raise self._refused(span, f"it needs {variable.name}, which {self.home.module} binds anew")
        module = spelled(self.home.module, self.target.package, relative=self._relative_style())
        source = Address(self.home.module, variable.name)
        return Need(variable, f"from {module} import {variable.name}", typing_only, source)

    def _unbound(self, variable: Variable, names: Sequence[Name]) -> Need | None:
        """A builtin is found everywhere; what `import *` brings in is imported by its name."""
        there = Variable(0, variable.name)
        found = self.program.resolve(self.home.module, variable.name)
        if any(at.star for at in self.home.names.imports) and found.state != "missing":
            if found.symbol is None:
                raise self._refused(names[0].span, f"an import * may bring {variable.name} in")
            star = self.addresses.star_source(self.home.module, variable.name)
            same = self.program.resolve(self.target.module, variable.name).denotes(found)
            return None if same else Need(variable, f"from {star} import {variable.name}")
        own = self.program.resolve(self.target.module, variable.name).state
        if there in self.target.names.bound or (own != "missing" and own != "unknown"):
            raise self._refused(names[0].span, f"{variable.name} is another thing in {self.target.module}")
        return None

    def _is_there(self, variable: Variable, imports: Sequence[tuple[ImportAt, Alias]]) -> bool:
        """Whether the new module binds a name to the same thing already."""
        there = Variable(0, variable.name)
        if there not in self.target.names.bound:
            return False
        own = self.target.names.imported(there)
        if imports and own and self.target.names.only_imported(there):
            return {_origin(at, alias) for at, alias in imports} == {_origin(at, alias) for at, alias in own}
        here = self.program.resolve(self.home.module, variable.name)
        return self.program.resolve(self.target.module, variable.name).denotes(here)

    def _packages(self, imports: Sequence[tuple[ImportAt, Alias]]) -> bool:
        """Whether a name is bound by plain `import package.module` alone, of which several go together."""
        return bool(imports) and all(not at.is_from and not alias.asname for at, alias in imports)

    def _relative_style(self) -> bool:
        return any(at.level for at in self.target.names.imports if at.place.scope == 0)

    def _statement(self, at: ImportAt, alias: Alias) -> str:
        if not at.is_from:
            return f"import {name_as(alias.name, alias.asname) if alias.asname else alias.name}"
        module = spelled(at.module, self.target.package, relative=at.level > 0)
        return f"from {module} import {name_as(alias.name, alias.asname or alias.name)}"

    def _refused(self, span: Span, why: str) -> MoveRefusedError:
        return self.parcel.refused(self.target.module, span, why)


def _origin(at: ImportAt, alias: Alias) -> tuple[str, str]:
    return at.module, alias.name
