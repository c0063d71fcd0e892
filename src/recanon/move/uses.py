"""Uses of the moved symbol in code: by a local name, or as an attribute of a module."""

from __future__ import annotations

from collections.abc import Iterator

from recanon.edit import Edit
from recanon.move.addresses import Addresses
from recanon.move.reached import attributes
from recanon.move.sites import Site, rewritten
from recanon.move.world import File

_KINDS = {"define": "definition", "declare": "declaration", "load": "reference"}


def uses(file: File, addresses: Addresses) -> Iterator[Site]:
    """Yield the names and attributes of a file that follow the symbol."""
    yield from _named(file, addresses)
    for reached in attributes(file, addresses.world):
        new = addresses.of(reached.module, reached.part.text)
        if new.module == addresses.move.module(reached.module) and new.name != reached.part.text:
            edit = Edit(reached.part.span, file.source.cut(reached.part.span), new.name, "attribute")
            yield rewritten(reached.part.span, "reference", "an attribute of a module that has it", edit)


def _named(file: File, addresses: Addresses) -> Iterator[Site]:
    for variable, new in addresses.renamed(file).items():
        for name in file.names.by_variable[variable]:
            if name.role != "import":
                kind = _KINDS.get(name.role, "assignment")
                edit = Edit(name.span, file.source.cut(name.span), new, kind)
                yield rewritten(name.span, kind, "denotes the symbol", edit)
