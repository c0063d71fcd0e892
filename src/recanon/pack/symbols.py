"""From the tables of a description to the old symbols and modules of a migration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from recanon.errors import PackError
from recanon.migration import OldModule, OldSymbol
from recanon.outcome import Verdict
from recanon.pack.format import ArgumentsTable, ModuleTable, SymbolTable, WhenTable
from recanon.pack.signatures import read_signature
from recanon.pack.values import code_of, free_names
from recanon.pack.words import nearest
from recanon.rules import EVERY, Arguments, Rules, When


def old_symbol(table: SymbolTable, canonical: Mapping[str, str], number: int) -> OldSymbol:
    """Return the old symbol that a table describes.

    Args:
        table: the table, its options filled in.
        canonical: canonical symbols by key.
        number: its place among the tables.

    Raises:
        PackError: it names no canonical symbol.
    """
    owner, _, name = table.name.rpartition(".")
    becomes, member = _goal(table, canonical, owner)
    asked = [table.codemod] if isinstance(table.codemod, str) else table.codemod
    codemods = tuple(filter(None, asked)) or (table_id(table, number),)
    return OldSymbol(
        name,
        table.home,
        becomes,
        codemods,
        table.removable,
        table.gone,
        owner,
        member,
        by_table=not table.codemod,
        rules=Rules() if table.codemod else _rules(table),
    )


def old_module(table: ModuleTable, number: int) -> OldModule:
    """Return the old module that a table describes."""
    return OldModule(
        table.path,
        table.becomes,
        table.codemod or table_id(table, number),
        frozenset(table.names or ()),
        table.mention,
        Verdict(table.verdict),
        table.reason,
        table.advice,
    )


def table_id(table: SymbolTable | ModuleTable, number: int) -> str:
    """Return what reports call a table: what it says itself, or what its name makes, or its number."""
    if table.id:
        return table.id
    name = table.name if isinstance(table, SymbolTable) else table.path.rpartition(".")[2]
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name)
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or f"table-{number + 1}"


def _goal(table: SymbolTable, canonical: Mapping[str, str], owner: str) -> tuple[str, str]:
    """Return the canonical symbol and the member of it that take the place of the old one."""
    path = canonical.get(table.becomes, table.becomes)
    if not path:
        return "", ""
    module, colon, names = path.partition(":")
    if colon:
        first, _, member = names.partition(".")
        return f"{module}.{first}", member
    if "." not in path:
        raise PackError(f"[[symbol]] {table.name}: no [canonical] key {path}", nearest(path, canonical))
    if owner and table.becomes not in canonical:
        holder, _, member = path.rpartition(".")
        return holder, member
    return path, ""


def _rules(table: SymbolTable) -> Rules:
    arguments = _arguments(table.arguments) if table.arguments is not None else Arguments()
    imported = {path.rpartition(".")[2] for path in table.imports or ()}
    named = (free_names(code) for code in (*arguments.add.values(), *arguments.default.values()))
    return Rules(
        Verdict(table.verdict),
        table.reason,
        table.advice,
        table.group,
        read_signature(table.signature) if table.signature else None,
        arguments,
        tuple(table.imports or ()),
        table.await_,
        table.method,
        tuple(_when(rule) for rule in table.when),
        frozenset().union(*named) - imported,
    )


def _arguments(table: ArgumentsTable) -> Arguments:
    keyword = frozenset({EVERY}) if table.keyword == "all" else _set(table.keyword)
    add = {name: code_of(value) for name, value in table.add.items()}
    default = {name: code_of(value) for name, value in table.default.items()}
    return Arguments(
        table.rename, _set(table.remove), add, default, tuple(table.order or ()), keyword, _set(table.positional)
    )


def _when(table: WhenTable) -> When:
    return When(
        use=frozenset(table.use or ()),
        file=table.file or "",
        path=tuple(table.path or ()),
        function=frozenset(table.function or ()),
        gives=_set(table.gives),
        lacks=_set(table.lacks),
        keywords=_set(table.keywords),
        none=_set(table.none),
        besides=_set(table.besides),
        positionals=frozenset(table.positionals) if table.positionals is not None else None,
        count=frozenset(table.count) if table.count is not None else None,
        unpacks=table.unpacks,
        awaited=table.awaited,
        expects_failure=table.expects_failure,
        catches=_set(table.catches),
        verdict=Verdict(table.verdict),
        reason=table.reason,
        advice=table.advice,
        group=table.group,
    )


def _set(names: Sequence[str] | None) -> frozenset[str]:
    return frozenset(names or ())
