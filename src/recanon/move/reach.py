"""Attributes of a module that move to another module: `old.name` becomes `new.name`, with the import that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recanon.edit import Edit, Span
from recanon.index.facts import Text
from recanon.move.addresses import Addresses
from recanon.move.names import Alias, ImportAt, Name, Place, Variable
from recanon.move.reached import Reached, attributes, denoted_module
from recanon.move.request import Address
from recanon.move.sites import Site, rewritten
from recanon.move.spelling import spelled
from recanon.move.statements import behind, without
from recanon.move.world import File
from recanon.outcome import Verdict

_AWAY = "an attribute of the old module, taken from the new one"


@dataclass(frozen=True)
class Access:
    """How a place reaches the new module: the text, and the import that has to be added."""

    text: str
    edits: tuple[Edit, ...] = ()


class Reach:
    """Rewrite the attributes of one file that have another module afterwards.

    Args:
        file: the file.
        addresses: where names are found after the move.
    """

    def __init__(self, file: File, addresses: Addresses) -> None:
        self.file = file
        self.addresses = addresses
        self.program = addresses.world.program

    def sites(self) -> Iterator[Site]:
        """Yield what becomes of these attributes."""
        found = [
            (reached, new) for reached in attributes(self.file, self.addresses.world) if (new := self._new(reached))
        ]
        moving = {reached.chain.root.span for reached, _ in found}
        for reached, new in found:
            yield self._site(reached, new, moving)

    def _new(self, reached: Reached) -> Address | None:
        new = self.addresses.of(reached.module, reached.part.text)
        return new if new.module != self.addresses.move.module(reached.module) else None

    def _site(self, reached: Reached, new: Address, moving: set[Span]) -> Site:
        root, part = reached.chain.root, reached.part
        span = Span(root.span.start, part.span.end)
        if not reached.chain.reads and reached.depth == len(reached.chain.parts) - 1:
            return self._stuck(span, f"{self.file.source.cut(span)} is assigned")
        if not root.exact:
            return self._stuck(span, "where it stands in the string cannot be told")
        if self.addresses.move.of_module:
            return self._module(reached, new, span)
        access = self._access(root, new, moving)
        if access is None:
            return self._stuck(span, f"{new.module} cannot be reached there under a name that is free")
        text = f"{access.text}.{new.name}" if access.text else new.name
        edit = Edit(span, self.file.source.cut(span), text, "attribute")
        return rewritten(span, "reference", _AWAY, edit, *access.edits)

    def _module(self, reached: Reached, new: Address, span: Span) -> Site:
        """A module that goes to another package, by its full dotted path: the path changes with its import."""
        root = reached.chain.root
        imports = self.file.names.imported(self.file.names.variable(root))
        path = self.addresses.move.old.path
        here = [alias for at, alias in imports if not at.is_from and f"{alias.name}.".startswith(f"{path}.")]
        top = self.file.names.lookup(new.path.partition(".")[0], root.place, root.span)
        if not here or any(alias.asname for alias in here) or top not in {-1, self.file.names.variable(root).scope}:
            return self._stuck(span, f"{path} is reached there through {root.text}, which does not follow")
        edit = Edit(span, self.file.source.cut(span), new.path, "attribute")
        return rewritten(span, "reference", "the dotted path follows its import", edit)

    def _stuck(self, span: Span, why: str) -> Site:
        return Site(span, "reference", Verdict.MANUAL, why, blocks=why)

    def _access(self, root: Name, new: Address, moving: set[Span]) -> Access | None:
        if self.file.module == new.module:
            scope = self.file.names.lookup(new.name, root.place, root.span)
            return Access("") if scope <= 0 else None
        return self._known(root.place, root.span, new.module) or self._imported(root, new.module, moving)

    def _known(self, place: Place, span: Span, module: str) -> Access | None:
        """Find a name that denotes the new module already."""
        for variable in self.file.names.bound:
            if self.file.names.lookup(variable.name, place, span) != variable.scope:
                continue
            imports = self.file.names.imported(variable)
            if (
                not imports
                or not self.file.names.only_imported(variable)
                or not all(at.place.flat for at, _ in imports)
            ):
                continue
            if variable.scope and variable.scope != place.scope:
                continue
            name = Name(variable.name, span, "load", place)
            if denoted_module(self.file, self.program, name) == module:
                return Access(variable.name)
            if any(not at.is_from and not alias.asname and alias.name == module for at, alias in imports):
                return Access(module)
        return None

    def _imported(self, root: Name, module: str, moving: set[Span]) -> Access | None:
        """Import the new module where the old one is imported, in its place where nothing else needs that."""
        variable = self.file.names.variable(root)
        imports = self.file.names.imported(variable)
        if not imports:
            return None
        at, alias = imports[-1]
        parent, _, leaf = module.rpartition(".")
        if not at.is_from and not alias.asname:
            top = module.partition(".")[0]
            if self.file.names.lookup(top, root.place, root.span) not in {-1, variable.scope}:
                return None
            if top != variable.name and Variable(variable.scope, top) in self.file.names.bound:
                return None
            return Access(module, self._beside(at, alias, f"import {module}", moving))
        bound = next((name for name in (leaf, module.replace(".", "_")) if self._free(name, variable.scope)), None)
        if bound is None:
            return None
        suffix = "" if bound == leaf else f" as {bound}"
        home = spelled(parent, self.file.package, relative=at.level > 0) if parent else ""
        statement = f"from {home} import {leaf}{suffix}" if parent else f"import {leaf}{suffix}"
        return Access(bound, self._beside(at, alias, statement, moving))

    def _beside(self, at: ImportAt, alias: Alias, statement: str, moving: set[Span]) -> tuple[Edit, ...]:
        """Put an import beside the old one, or in its place where the old one is not needed any more."""
        source = self.file.source
        if not self._droppable(alias, moving):
            return (behind(source, at.span, statement),)
        if len(at.aliases) == 1:
            return (Edit(at.span, source.cut(at.span), statement, "import"),)
        drop = [n for n, other in enumerate(at.aliases) if other is alias]
        return behind(source, at.span, statement), without(source, at, drop)

    def _free(self, name: str, scope: int) -> bool:
        """Whether a name is used for nothing in a file."""
        return all(n.text != name for n in self.file.names.names) and scope >= 0

    def _droppable(self, alias: Alias, moving: set[Span]) -> bool:
        """Whether all that an import was needed for goes to the new module."""
        if alias.bound is None or self.file.is_package:
            return False
        variable = self.file.names.variable(alias.bound)
        names = self.file.names.by_variable[variable]
        needed = [n for n in names if n.role != "import" and n.span not in moving]
        facts = self.program.module_facts(self.file.module)
        exports = {export.name for export in (facts.exports or ())} if facts else set()
        return not (needed or len(self.file.names.imported(variable)) > 1 or variable.name in exports)

    def look_up(self, text: Text, new: Address) -> Site:
        """Rewrite a call that takes the attribute by a name in a string: owner and string follow."""
        found = next((each for each in self.file.names.look_ups if each.text == text.span), None)
        root = next((n for n in self.file.names.names if found and n.span.start == found.owner.start), None)
        access = self._access(root, new, set()) if root is not None and text.literal else None
        if found is None or access is None or not access.text:
            return self._stuck(text.span, f"{new.module} cannot be reached there under a name that is free")
        inner = Span(text.span.start + 1, text.span.end - 1)
        source = self.file.source
        owner = Edit(found.owner, source.cut(found.owner), access.text, "look-up")
        name = [Edit(inner, source.cut(inner), new.name, "look-up")] if source.cut(inner) != new.name else []
        return rewritten(text.span, "patch target", "looked up in the new module", owner, *name, *access.edits)
