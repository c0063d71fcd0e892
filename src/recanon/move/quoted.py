"""String annotations: which strings are types, and the names in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from recanon.edit import Span
from recanon.index.nodes import Located, node_span
from recanon.source import Source

Absolute: TypeAlias = Callable[[ast.ImportFrom], str]

_TOKEN = re.compile(r"""[uUrR]?('''|\"""|'|")(.*)\1$""", re.DOTALL)
_GENERIC = frozenset(
    [
        "Optional",
        "Union",
        "List",
        "Dict",
        "Set",
        "FrozenSet",
        "Tuple",
        "Type",
        "ClassVar",
        "Final",
        "Required",
        "NotRequired",
        "ReadOnly",
        "Callable",
        "Iterable",
        "Iterator",
        "Sequence",
        "MutableSequence",
        "Mapping",
        "MutableMapping",
        "Collection",
        "Generator",
        "AsyncGenerator",
        "AsyncIterator",
        "AsyncIterable",
        "Awaitable",
        "Coroutine",
        "DefaultDict",
        "Deque",
        "Generic",
        "Protocol",
        "TypeGuard",
        "TypeIs",
        "Unpack",
        "Concatenate",
        "Annotated",
        "list",
        "dict",
        "set",
        "frozenset",
        "tuple",
        "type",
    ]
)


def names_types(generic: str) -> bool:
    """Return whether strings in the subscript of a name are types outside annotations too."""
    return generic in _GENERIC


def takes_type(function: str, argument: int | str) -> bool:
    """Return whether a function of `typing` takes a type, that may be quoted, as an argument (its place or keyword)."""
    match function:
        case "cast" | "assert_type" | "ForwardRef":
            return argument == (1 if function == "assert_type" else 0)
        case "TypeVar" | "NewType":
            return argument in {"bound", "default"} or (isinstance(argument, int) and argument > 0)
    return False


@dataclass(frozen=True)
class Island:
    """A string annotation that was parsed for itself.

    Args:
        inner: its text in a pair of parentheses.
        shift: where the text stands in the file, less the parenthesis.
        body: its syntax tree.
        exact: whether the string is one plain token, so that positions in it are those of the file.
    """

    inner: Source
    shift: int
    body: ast.expr
    exact: bool

    def span(self, node: Located) -> Span:
        """Return where a node of the annotation stands in the file."""
        found = node_span(self.inner, node)
        return Span(found.start + self.shift, found.end + self.shift)


def parse(source: Source, node: ast.Constant) -> Island | None:
    """Parse a string annotation; None where it is no expression."""
    span = node_span(source, node)
    value = str(node.value)
    token = _TOKEN.match(source.cut(span))
    exact = token is not None and token.group(2) == value
    inner = Source(source.path, f"({value})")
    try:
        body = ast.parse(inner.text, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    start = span.start + (token.start(2) if token else 0)
    return Island(inner, start - 1, body, exact)
