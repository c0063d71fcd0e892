"""Which names nothing binds, by Python's own symbol tables: another opinion than that of a linter."""

from __future__ import annotations

import builtins
import symtable
import warnings
from collections.abc import Iterator

_ALWAYS = frozenset(dir(builtins)) | {"__file__", "__name__", "__path__", "__class__", "__module__", "__qualname__"}


def unbound(data: bytes) -> frozenset[str]:
    """Return the names that a module uses and nothing in it binds; none where it does not compile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            top = symtable.symtable(data, "file.py", "exec")  # type: ignore[arg-type]  # takes bytes as compile does
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    tables = list(_tables(top))
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    symbols = [(table, symbol) for table in tables for symbol in table.get_symbols()]
    bound |= {s.get_name() for _, s in symbols if s.is_declared_global() and (s.is_assigned() or s.is_imported())}
    bound |= {table.get_name() for table in top.get_children()}
    used = {s.get_name() for table, s in symbols if s.is_referenced() and (s.is_global() or table is top)}
    return frozenset(used - bound - _ALWAYS)


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)
