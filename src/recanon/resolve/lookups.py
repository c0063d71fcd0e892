"""Who looks a module's name up while the program runs: such places see a patch of that name, others do not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from recanon.errors import SourceError
from recanon.index.facts import FileFacts
from recanon.index.nodes import walk
from recanon.index.reader import parse
from recanon.resolve.program import Program, Symbol
from recanon.source import Source


@dataclass(frozen=True, slots=True)
class Lookup:
    """A function that imports a name when it is called, so that it sees what the module binds at that moment."""

    path: str
    module: str
    name: str
    key: tuple[int, int]


def lookups(facts: FileFacts) -> Iterator[Lookup]:
    """Yield the imports within functions of a file."""
    for number, statement in enumerate(facts.imports):
        if statement.is_from and "def" in statement.guards:
            for place, name in enumerate(statement.names):
                yield Lookup(facts.path, statement.module, name.name, (number, place))


def looked_up_by(symbol: Symbol, program: Program) -> frozenset[str]:
    """Return the full dotted names of the old and the canonical API that a function looks up when it is called.

    Those that it imports itself, and those that it reads from its own module.
    """
    facts = program.indexed.get(program.modules.paths.get(symbol.module, ""))
    if facts is None or symbol.definition is None:
        return frozenset()
    body = symbol.definition.span
    imported = {
        f"{statement.module}.{name.name}"
        for statement in facts.imports
        if statement.is_from and statement.scope != 0 and body.holds(statement.span)
        for name in statement.names
    }
    read = {f"{symbol.module}.{use.root}" for use in facts.uses if body.holds(use.span)}
    return frozenset(imported | read)


def used_inside(program: Program, module: str, name: str) -> bool:
    """Return whether a function of the module itself reads its own global name."""
    path = program.modules.paths.get(module)
    return path is not None and program.once(("inside", path, name), lambda: _reads(program, path, name))


def _reads(program: Program, path: str, name: str) -> bool:
    try:
        tree = parse(Source.decode(path, program.overlay.read(path)))
    except (SourceError, OSError):
        return True
    functions = (node for node in walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return any(
        isinstance(inner, ast.Name) and inner.id == name
        for function in functions
        for statement in function.body
        for inner in walk(statement)
    )
