"""The built-in codemods of a pack: one for each table that names no codemod in Python."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from recanon.errors import PackError
from recanon.migration import Migration, OldModule, OldSymbol
from recanon.pack.examples import FILE, read_examples
from recanon.pack.format import Description, ModuleTable, SymbolTable
from recanon.pack.words import nearest
from recanon.tables import TableCodemod
from recanon.tables.codemod import title_of


def table_codemods(description: Description, migration: Migration, folder: Path) -> dict[str, TableCodemod]:
    """Return the built-in codemods by id.

    Args:
        description: the description of the pack.
        migration: the same with its options filled in.
        folder: where the pack lies.

    Raises:
        PackError: an example names no table, or two tables have one id.
    """
    examples = read_examples(folder)
    found: dict[str, TableCodemod] = {}
    for table, old, name in _tables(description, migration):
        if name in found:
            raise PackError(f"two tables of pack {description.pack.id} are called {name}", "Give one of them an id.")
        found[name] = TableCodemod(table.title or title_of(old), table.description, examples.get(name, ()))
    for name in examples:
        if name not in found:
            raise PackError(f"{folder.name}/{FILE} has examples of {name}, which is no table", nearest(name, found))
    return found


def table_titles(description: Description, migration: Migration) -> Mapping[str, str]:
    """Return the titles of the built-in codemods by id."""
    return {name: table.title or title_of(old) for table, old, name in _tables(description, migration)}


def _tables(
    description: Description, migration: Migration
) -> list[tuple[SymbolTable | ModuleTable, OldSymbol | OldModule, str]]:
    symbols = zip(description.symbol, migration.symbols, strict=True)
    modules = zip(description.module, migration.modules, strict=True)
    found: list[tuple[SymbolTable | ModuleTable, OldSymbol | OldModule, str]] = []
    found += [(table, old, old.codemods[0]) for table, old in symbols if not table.codemod]
    found += [(table, old, old.codemod) for table, old in modules if not table.codemod]
    return found
