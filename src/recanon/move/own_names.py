"""The string in which a definition says its own name: `T = TypeVar("T")`, `Point = namedtuple("Point", "x y")`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from recanon.edit import Span
from recanon.index.blocks import inner_blocks
from recanon.index.nodes import dotted_name, node_span
from recanon.source import Source

_MAKERS = frozenset(
    [
        *("TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "TypeAliasType"),
        *("namedtuple", "NamedTuple", "TypedDict", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"),
    ]
)


def own_names(source: Source, tree: ast.Module, name: str) -> Iterator[Span]:
    """Yield the strings by which the definitions of a name at the top of a module say it, with their quotes.

    Args:
        source: the file.
        tree: its syntax tree.
        name: the name.
    """
    for call in _calls(tree.body, name):
        first = call.args[0] if call.args else None
        if isinstance(first, ast.Constant) and first.value == name and dotted_name(call.func).split(".")[-1] in _MAKERS:
            span = node_span(source, first)
            if source.cut(span)[1:-1] == name:
                yield span


def _calls(body: Sequence[ast.stmt], name: str) -> Iterator[ast.Call]:
    """Yield the calls that are assigned to a name."""
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call() as call) if target == name:
                yield call
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.Call() as call) if target == name:
                yield call
        for _, block in inner_blocks(node):
            yield from _calls(block, name)
