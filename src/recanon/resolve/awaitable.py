"""Whether calling a symbol gives something to await, and what a function of the old API hands out."""

from __future__ import annotations

from recanon.index.definitions import MAKERS
from recanon.resolve.program import Program, Symbol


def awaitable(program: Program, symbol: Symbol, depth: int = 8) -> bool | None:
    """Return whether a call of the symbol gives an awaitable.

    A plain function gives one too when each of its `return`s calls something that does.

    Args:
        program: the whole program.
        symbol: what is called.
        depth: how many functions are followed.

    Returns:
        None when it cannot be told.
    """
    definition = symbol.definition
    if symbol.kind == "class":
        return definition is not None and "__await__" in definition.members
    if symbol.kind != "function" or definition is None or definition.decorated:
        return None
    if definition.is_async or definition.promises:
        return True
    if not definition.returns or depth == 0:
        return False
    answers = set()
    for name in definition.returns:
        called = _called(program, symbol, name)
        made = name.rpartition(".")[2] in MAKERS
        answers.add(awaitable(program, called, depth - 1) if called is not None else made)
    return answers.pop() if len(answers) == 1 else None


def product(program: Program, symbol: Symbol) -> Symbol | None:
    """Return the function that a function returns, when all of its `return`s name one and the same."""
    definition = symbol.definition
    if definition is None or not definition.returns_name:
        return None
    found = _called(program, symbol, definition.returns_name)
    return found if found is not None and found.kind == "function" else None


def _called(program: Program, symbol: Symbol, name: str) -> Symbol | None:
    """Find what a name in a function's body denotes: imported there, or bound by the module."""
    facts = program.indexed.get(program.modules.paths.get(symbol.module, ""))
    inside = symbol.definition.span if symbol.definition is not None else None
    for binding in facts.bindings if facts and inside else ():
        if binding.name == name and binding.kind == "import" and inside is not None and inside.holds(binding.span):
            return program.follow(symbol.module, binding).symbol
    return program.resolve(symbol.module, name).symbol
