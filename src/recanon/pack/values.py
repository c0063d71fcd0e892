"""The Python expressions of a table, which stand in the calls that it makes."""

from __future__ import annotations

import ast
import builtins
import math
import symtable
from collections.abc import Iterator, Sequence

_BINDING = (ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)


def code_of(value: str | bool | float) -> str:
    """Return the text of an argument: that of an expression, in brackets where it would be more than one argument."""
    if not isinstance(value, str):
        return repr(value)
    call = ast.parse(f"f({value}\n)", mode="eval").body
    alone = isinstance(call, ast.Call) and len(call.args) == 1
    return value if alone else f"({value}\n)" if "#" in value else f"({value})"


def free_names(code: str) -> frozenset[str]:
    """Return the names that an expression reads and does not bind itself."""
    return frozenset(_free(symtable.symtable(code, "value", "eval")))


def trouble_of(value: str | bool | float, imports: Sequence[str]) -> str:
    """Tell why a value cannot stand in a call, or return "".

    Args:
        value: what the table says.
        imports: full dotted names that the table imports.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is no Python expression"
    if not isinstance(value, str):
        return ""
    try:
        return _trouble(ast.parse(value, mode="eval"), value, imports)
    except SyntaxError as exc:
        return f"{value!r} is no Python expression: {exc.msg}"
    except (ValueError, RecursionError, MemoryError) as exc:  # a NUL, or too much in one another
        return f"{value[:40]!r}... is no Python expression: {exc}"


def _trouble(tree: ast.Expression, value: str, imports: Sequence[str]) -> str:
    if found := next((node for node in ast.walk(tree) if isinstance(node, _BINDING)), None):
        return f"{ast.unparse(found)!r} does something to the function around the call"
    known = {path.rpartition(".")[2] for path in imports} | set(dir(builtins))
    return next((f"{name} is not defined at the call" for name in sorted(free_names(value) - known)), "")


def _free(table: symtable.SymbolTable) -> Iterator[str]:
    yield from (symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and not symbol.is_assigned())
    for child in table.get_children():
        yield from _free(child)
