"""A definition as it is taken out of its module: its lines, and the names of the module that it needs."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from recanon.edit import Span
from recanon.index.nodes import node_span
from recanon.index.reader import parse
from recanon.move.names import Name, Variable
from recanon.move.request import MoveRefusedError
from recanon.move.world import File
from recanon.propose.layout import followed_by_semicolon, starts_line
from recanon.source import Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_OWN_FILE = frozenset({"__file__", "__path__", "__spec__", "__package__", "__loader__"})


@dataclass(frozen=True)
class Parcel:
    """A definition that is to be carried.

    Args:
        file: where it is.
        name: its name there.
        span: its lines, with decorators and the comment attached to it.
        body: the place of its first statement in the module.
    """

    file: File
    name: str
    span: Span
    body: int

    @property
    def variable(self) -> Variable:
        """The variable that it defines."""
        return Variable(0, self.name)

    def needs(self) -> dict[Variable, list[Name]]:
        """Return the names of the module, or of nothing in the file, that it reads."""
        found: dict[Variable, list[Name]] = {}
        for name in self.file.names.names:
            variable = self.file.names.variable(name)
            if self.span.holds(name.span) and variable.scope <= 0 and variable != self.variable:
                found.setdefault(variable, []).append(name)
        return found

    def outside(self, variable: Variable) -> list[Name]:
        """Return the names of a variable in the rest of the module, imports aside."""
        names = self.file.names.by_variable.get(variable, ())
        return [name for name in names if name.role != "import" and not self.span.holds(name.span)]

    def refused(self, module: str, span: Span, why: str) -> MoveRefusedError:
        """Return why the definition cannot be carried to a module, because of a place in it."""
        line = self.file.source.line_of(span.start)
        return MoveRefusedError(
            f"{self.file.path}:{line}: {self.name} cannot be carried to {module}: {why}",
            "Mend the place first, or move what it needs before it.",
        )


def parcel(file: File, name: str) -> Parcel:
    """Find the definition of a name that can be carried as a whole.

    Raises:
        MoveRefusedError: it is bound in another way, more than once, or written from elsewhere.
    """
    tree = parse(file.source)
    variable = Variable(0, name)
    statements = [(place, node) for place, node in enumerate(tree.body) if _binds(node, name)]
    tokens = file.names.by_variable.get(variable, [])
    binding = file.names.bound.get(variable, [])
    spans = [node_span(file.source, node) for _, node in statements]
    if not statements or len(binding) != len(statements):
        raise _cannot(file, name, binding, "it is not bound by one plain definition at the top of the module")
    if any(token.role in {"declare", "augment", "del"} for token in tokens):
        raise _cannot(file, name, tokens, "the module assigns it anew")
    if len(statements) > 1 and not _overloads(statements):
        raise _cannot(file, name, binding, "it is defined more than once")
    if not starts_line(file.source, spans[0]) or followed_by_semicolon(file.source, spans[-1]):
        raise _cannot(file, name, binding, "it shares its line with another statement")
    made = Parcel(file, name, _lines(file.source, statements), statements[0][0])
    if own := [v.name for v in made.needs() if v.name in _OWN_FILE]:
        raise _cannot(file, name, binding, f"it reads {own[0]}, which would be that of another module")
    return made


def _binds(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name == name
        case ast.Assign(targets=[ast.Name(id=target)]):
            return target == name
        case ast.AnnAssign(target=ast.Name(id=target), value=value):
            return target == name and value is not None
    return type(node).__name__ == "TypeAlias" and node.name.id == name  # type: ignore[attr-defined] # since 3.12


def _overloads(statements: Sequence[tuple[int, ast.stmt]]) -> bool:
    """Whether all but the last are marked as overloads, one behind the other."""
    places = [place for place, _ in statements]
    nodes = [node for _, node in statements if isinstance(node, _FUNCTIONS)]
    marked = all(any(ast.unparse(d).rpartition(".")[2] == "overload" for d in n.decorator_list) for n in nodes[:-1])
    return len(nodes) == len(places) and marked and places == list(range(places[0], places[0] + len(places)))


def _lines(source: Source, statements: Sequence[tuple[int, ast.stmt]]) -> Span:
    """The lines of a definition with its decorators and the comment lines that stand directly above it."""
    first_node, last_node = statements[0][1], statements[-1][1]
    decorators = getattr(first_node, "decorator_list", [])
    first = min([first_node.lineno, *(decorator.lineno for decorator in decorators)])
    while first > 1 and source.cut(source.line_span(first - 1)).startswith("#") and _is_comment_of(source, first - 1):
        first -= 1
    last = last_node.end_lineno or last_node.lineno
    return Span(source.line_span(first).start, source.line_span(last).end)


def _is_comment_of(source: Source, line: int) -> bool:
    """Whether a comment belongs to what follows, and not to the file, as a first line or a coding cookie does."""
    text = source.cut(source.line_span(line))
    return not (line <= 2 and (text.startswith("#!") or "coding" in text))


def _cannot(file: File, name: str, tokens: Sequence[Name], why: str) -> MoveRefusedError:
    lines = sorted({file.source.line_of(token.span.start) for token in tokens})[:5]
    at = f"{file.path}:{', '.join(map(str, lines))}" if lines else file.path
    return MoveRefusedError(f"{at}: {name} cannot be carried to another module: {why}", "Move it by hand.")
