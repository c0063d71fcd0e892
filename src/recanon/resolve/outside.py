"""Names outside the tree of which something is known without reading them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from recanon.edit import Span
from recanon.index.facts import Definition, Param
from recanon.resolve.program import Symbol


class Known(NamedTuple):
    """A name outside the tree.

    Args:
        path: its full dotted name; `*` for the last word stands for every name of the module.
        is_class: whether it is a class.
        params: its parameters, where it is a function of which they are known.
    """

    path: str
    is_class: bool = False
    params: tuple[Param, ...] | None = None

    def symbol(self) -> Symbol:
        """Return what the name denotes."""
        module, _, name = self.path.rpartition(".")
        if self.is_class:
            return Symbol(module, name, "class")
        if self.params is not None:
            definition = Definition(name, "function", False, self.params, Span(0, 0))
            return Symbol(module, name, "function", definition)
        return Symbol(module, name, "value")


def outside_names(known: Iterable[Known], libraries: Iterable[str]) -> dict[str, dict[str, Symbol]]:
    """Return what is known of names outside the tree, by module and name; where one is known twice, the more of it.

    Args:
        known: the names.
        libraries: the top-level packages that lie outside.
    """
    packages = frozenset(libraries)
    found: dict[str, dict[str, Symbol]] = {}
    for name in known:
        if name.path.partition(".")[0] in packages:
            symbol = name.symbol()
            names = found.setdefault(symbol.module, {})
            if symbol.kind != "value" or symbol.name not in names:
                names[symbol.name] = symbol
    return found
