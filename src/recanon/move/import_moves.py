"""Import statements after the move: what they name, and what they bind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recanon.edit import Edit, Span
from recanon.move.addresses import Addresses
from recanon.move.names import Alias, ImportAt
from recanon.move.request import Address
from recanon.move.sites import Site, rewritten
from recanon.move.spelling import name_as, spelled
from recanon.move.world import File
from recanon.outcome import Verdict

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
        """How it is written in the statement."""
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

    def sites(self) -> Iterator[Site]:
        """Yield what becomes of the import statements that name the symbol."""
        for at in self.file.names.imports:
            if at.star:
                continue
            yield from self._from(at) if at.is_from else self._plain(at)

    def _from(self, at: ImportAt) -> Iterator[Site]:
        wishes = [self._wish(at, alias) for alias in at.aliases]
        stays = self.move.module(at.module)
        if stays != at.module:
            edit = self._module_edit(at, stays)
            yield rewritten(at.module_span, "import", FOLLOWS, edit)
        for wish in wishes:
            if wish.source.module == stays and wish.changes:
                yield self._in_place(wish)

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
        text = spelled(module, self.file.package, relative=at.level > 0)
        return Edit(at.module_span, self.file.source.cut(at.module_span), text, "import")

    def _plain(self, at: ImportAt) -> Iterator[Site]:
        for alias in at.aliases:
            module = self.move.module(alias.name)
            if module != alias.name:
                edit = Edit(alias.name_span, self.file.source.cut(alias.name_span), module, "import")
                yield rewritten(Span(alias.span.start, alias.span.end), "import", FOLLOWS, edit)
