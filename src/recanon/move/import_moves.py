"""Import statements after the move: what they name, and what they bind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from recanon.edit import Edit, Span
from recanon.move.addresses import Addresses
from recanon.move.captures import looks_up_own
from recanon.move.names import Alias, ImportAt, Variable
from recanon.move.reached import is_symbol, stands_for
from recanon.move.request import Address
from recanon.move.sites import Site, rewritten
from recanon.move.spelling import name_as, spelled
from recanon.move.statements import behind, with_wanted, without
from recanon.move.world import File
from recanon.outcome import Verdict
from recanon.rewrite.imports import Wanted

_NOQA = re.compile(r"[ \t]*,?[ \t]*(#[ \t]*noqa\b[^\r\n]*)", re.IGNORECASE)
FOLLOWS = "the import follows the symbol"


@dataclass(frozen=True)
class Wish:
    """What one name of an import statement becomes: where it comes from, and what it binds."""

    alias: Alias
    source: Address
    bound: str
    changes: bool

    @property
    def text(self) -> str:
        """How it is written in the statement; `name as name` says that the name is handed on, and stays so."""
        if self.alias.asname == self.alias.name and self.bound == self.source.name:
            return f"{self.bound} as {self.bound}"
        return self.plain

    @property
    def plain(self) -> str:
        """How it is written where nothing is said of handing on."""
        return name_as(self.source.name, self.bound)


class ImportMoves:
    """Rewrite the import statements of one file.

    Args:
        file: the file.
        addresses: where names are found after the move.
    """

    def __init__(self, file: File, addresses: Addresses) -> None:
        self.file = file
        self.addresses = addresses
        self.move = addresses.move
        module = self.move.module(file.module)
        self.package = module if file.is_package else module.rpartition(".")[0]

    def _rebased(self, at: ImportAt) -> bool:
        """Whether dots in an import start from another package, because the file itself moves."""
        return at.level > 0 and self.package != self.file.package

    def sites(self) -> Iterator[Site]:
        """Yield what becomes of the import statements that name the symbol."""
        for at in self.file.names.imports:
            if at.star:
                yield from self._star(at)
            else:
                yield from self._from(at) if at.is_from else self._plain(at)

    def _star(self, at: ImportAt) -> Iterator[Site]:
        stays = self.move.module(at.module)
        edit = self._module_edit(at, stays)
        if edit.replacement != edit.expected and (stays != at.module or self._rebased(at)):
            yield rewritten(at.module_span, "import", FOLLOWS, edit)
        if self._needs_it_by_name(at):
            new = self.move.new
            module = spelled(new.module, self.package, relative=at.level > 0)
            edit = behind(self.file.source, at.span, f"from {module} import {new.name}")
            yield rewritten(at.span, "import", "import * does not bring it any more", edit)
        if self._binds_anew(at):
            why = f"import * binds {self.move.old.name} anew, which is another thing above it"
            yield Site(at.span, "import", Verdict.MANUAL, why, blocks=why)

    def _needs_it_by_name(self, at: ImportAt) -> bool:
        """Whether `import *` of the old module brings the symbol in, and will not once it is carried away."""
        old, addresses = self.move.old, self.addresses
        if addresses.parcel is None or at.module != old.module or addresses.handed_by_star():
            return False
        if not is_symbol(addresses.world, self.file.module, old.name, old):
            return False
        facts = addresses.world.program.module_facts(self.file.module)
        listed = facts is not None and any(export.name == old.name for export in facts.exports or ())
        texts = self.file.facts.texts if self.file.facts else ()
        as_text = any(looks_up_own(text, old.name) for text in texts)
        if listed or Variable(-1, old.name) in self.file.names.by_variable:
            return True
        public = self.file.is_package and not self._by_another_star(at)
        if as_text or public or addresses.taken_from(self.file.module):
            addresses.handing_on.add(self.file.path)
            return True
        return False

    def _by_another_star(self, at: ImportAt) -> bool:
        """Whether a package has an `import *` of the new module too, which will bring the symbol in."""
        new = self.move.new
        facts = self.addresses.world.program.module_facts(new.module)
        listed = facts is not None and new.name in {export.name for export in facts.exports or ()}
        brings = listed if facts is not None and facts.exports is not None else not new.name.startswith("_")
        stars = (other.module for other in self.file.names.imports if other.star and other is not at)
        return brings and not self.move.renamed and new.module in stars

    def _binds_anew(self, at: ImportAt) -> bool:
        """Whether `import *` brings the symbol in over another thing of its name."""
        name, world = self.move.old.name, self.addresses.world
        variable = Variable(0, name)
        above = [n for n in self.file.names.bound.get(variable, ()) if n.span.start < at.span.start]
        if self.move.of_module or not above or variable in self.addresses.renamed(self.file):
            return False
        if stands_for(self.file, world, variable, self.move.old):
            return False
        return is_symbol(world, at.module, name, self.move.old) and self.addresses.changed(at.module, name)

    def _from(self, at: ImportAt) -> Iterator[Site]:
        wishes = [self._wish(at, alias) for alias in at.aliases]
        stays = self.move.module(at.module)
        edit = self._module_edit(at, stays)
        if edit.replacement != edit.expected and (stays != at.module or self._rebased(at)):
            yield rewritten(at.module_span, "import", FOLLOWS, edit)
        for wish in wishes:
            if wish.source.module == stays and wish.changes:
                yield self._in_place(wish)
        moving = [wish for wish in wishes if wish.source.module != stays]
        if moving:
            yield self._elsewhere(at, moving)

    def _elsewhere(self, at: ImportAt, moving: list[Wish]) -> Site:
        """Import names from another module: in the place of the old import, or beside what is left of it."""
        target = moving[0].source.module
        span = moving[0].alias.span if len(moving) == 1 else at.span
        if self.file.module == target and at.place.scope == 0:
            return self._home(at, moving, span)
        source = self.file.source
        module = spelled(target, self.package, relative=at.level > 0)
        there = self._beside(at, target, moving)
        drop = [n for n, alias in enumerate(at.aliases) if any(wish.alias is alias for wish in moving)]
        if there is not None:
            fresh = [wish for wish in moving if wish.plain not in self._texts(there)]
            adding = (
                [with_wanted(source, there, [Wanted(module, w.source.name, _asname(w)) for w in fresh])]
                if fresh
                else []
            )
            return rewritten(span, "import", FOLLOWS, without(source, at, drop), *adding)
        if len(moving) == len(at.aliases):
            edits = [Edit(w.alias.span, source.cut(w.alias.span), w.text, "import") for w in moving if w.changes]
            return rewritten(span, "import", FOLLOWS, self._module_edit(at, target), *edits)
        names = ", ".join(dict.fromkeys(wish.text for wish in moving))
        statement = f"from {module} import {names}{self._told(at, moving)}"
        return rewritten(span, "import", FOLLOWS, without(source, at, drop), behind(source, at.span, statement))

    def _home(self, at: ImportAt, moving: list[Wish], span: Span) -> Site:
        """The module that the definition comes to need not import it any more."""
        if any(wish.bound != wish.source.name for wish in moving):
            why = f"{self.file.module} calls it {moving[0].bound}, and it comes there as {moving[0].source.name}"
            return Site(span, "import", Verdict.MANUAL, why, blocks=why)
        drop = [n for n, alias in enumerate(at.aliases) if any(wish.alias is alias for wish in moving)]
        reason = "the definition itself takes its place"
        return rewritten(span, "import", reason, without(self.file.source, at, drop))

    def _beside(self, at: ImportAt, target: str, moving: list[Wish]) -> ImportAt | None:
        """Return an import of the new module in the same block that can take the names, or None."""
        if self._told(at, moving):
            return None
        for other in self.file.names.imports:
            same = other.is_from and not other.star and other.block[0] == at.block[0] and other is not at
            if same and other.module == target and self.move.module(target) == target:
                between = range(min(other.block[1], at.block[1]), max(other.block[1], at.block[1]))
                here = {i.block[1] for i in self.file.names.imports if i.block[0] == at.block[0]}
                near = other.block[1] < at.block[1] or here.issuperset(between)
                if near and (not self._changes(other) or {wish.plain for wish in moving} <= self._texts(other)):
                    return other
        return None

    def _changes(self, at: ImportAt) -> bool:
        return any(self._wish(at, alias).changes for alias in at.aliases)

    def _texts(self, at: ImportAt) -> set[str]:
        """Return how the names of a statement are written after the move."""
        return {self._wish(at, alias).plain for alias in at.aliases}

    def _told(self, at: ImportAt, moving: list[Wish]) -> str:
        """Return the comment by which linters are told to let an unused import be, which goes along."""
        ends = (at.span.end, *(wish.alias.span.end for wish in moving))
        found = (_NOQA.match(self.file.source.text, end) for end in ends)
        return next((f"  {match.group(1)}" for match in found if match), "")

    def _wish(self, at: ImportAt, alias: Alias) -> Wish:
        source = self.addresses.of(at.module, alias.name)
        bound = self._bound(alias)
        old = alias.asname or alias.name
        return Wish(alias, source, bound, (source.name, bound) != (alias.name, old))

    def _bound(self, alias: Alias) -> str:
        """Return the local name that an import binds after the move."""
        if alias.bound is None:
            return ""
        renamed = self.addresses.renamed(self.file)
        return renamed.get(self.file.names.variable(alias.bound), alias.bound.text)

    def _in_place(self, wish: Wish) -> Site:
        alias = wish.alias
        edit = Edit(alias.span, self.file.source.cut(alias.span), wish.text, "import")
        kept = self._kept(alias)
        reason = f"{FOLLOWS}; the local name stays, as {kept}" if kept and not alias.asname else FOLLOWS
        return Site(alias.span, "import", Verdict.SAFE, reason, (edit,))

    def _kept(self, alias: Alias) -> str:
        if alias.bound is None:
            return ""
        return self.addresses.kept.get((self.file.path, self.file.names.variable(alias.bound)), "")

    def _module_edit(self, at: ImportAt, module: str) -> Edit:
        text = spelled(module, self.package, relative=at.level > 0)
        return Edit(at.module_span, self.file.source.cut(at.module_span), text, "import")

    def _plain(self, at: ImportAt) -> Iterator[Site]:
        for alias in at.aliases:
            module = self.move.module(alias.name)
            if module == alias.name:
                continue
            old, new = alias.name.partition(".")[0], module.partition(".")[0]
            bound = self._bound(alias)
            text = module
            if not alias.asname and not self.move.old.module and bound == old != new:
                if "." in alias.name:
                    why = f"{alias.name} is imported as {old}, and {new} is another thing there: {self._kept(alias)}"
                    yield Site(alias.span, "import", Verdict.MANUAL, why, blocks=why)
                    continue
                text = name_as(module, old)
            edit = Edit(alias.name_span, self.file.source.cut(alias.name_span), text, "import")
            yield rewritten(Span(alias.span.start, alias.span.end), "import", FOLLOWS, edit)


def _asname(wish: Wish) -> str:
    return wish.text.partition(" as ")[2]
