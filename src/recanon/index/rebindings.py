"""What binds a name or an attribute anew, also from another scope than that in which it is read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from recanon.index.annotations import bases_of, body_nodes
from recanon.index.nodes import child_nodes

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)
_Around = tuple[ast.AST, ...]


class Stored(NamedTuple):
    """An attribute that is set: the statement that does it, and the scopes around that."""

    target: ast.Attribute
    statement: ast.AST
    around: _Around


@dataclass
class Rebindings:
    """What a module binds from somewhere else.

    Args:
        declared: by name, the scopes around each `global` and `nonlocal`, the function that holds it last.
        stored: the attributes that are set, by name.
        classes: the classes of the file, by name.
    """

    declared: dict[str, list[tuple[bool, _Around]]] = field(default_factory=dict)
    stored: dict[str, list[Stored]] = field(default_factory=dict)
    classes: dict[str, list[ast.ClassDef]] = field(default_factory=dict)
    known: dict[ast.AST, tuple[ast.AST, ...]] = field(default_factory=dict)

    def own(self, scope: ast.AST) -> tuple[ast.AST, ...]:
        """Return the nodes of a scope, without those of the scopes in it."""
        if scope not in self.known:
            self.known[scope] = tuple(body_nodes(scope))
        return self.known[scope]

    def declaring(self, name: str, scope: ast.AST) -> Iterator[_Around]:
        """Yield the scopes around, and with, each function that declares a name to be one of a scope."""
        for is_global, around in self.declared.get(name, ()):
            if isinstance(scope, ast.Module) if is_global else scope in around[1:-1]:
                yield around

    def are_kin(self, one: ast.ClassDef, other: ast.ClassDef) -> bool:
        """Return whether one of two classes is the other, or lies below it, by the names of the file."""
        return one in self.above(other) or other in self.above(one)

    def above(self, node: ast.ClassDef) -> set[ast.ClassDef]:
        """Return a class and those above it in the file."""
        found, todo = set[ast.ClassDef](), [node]
        while todo:
            current = todo.pop()
            if current not in found:
                found.add(current)
                todo += [c for base in bases_of(current) for c in self.classes.get(base.rpartition(".")[2], ())]
        return found


def rebindings(tree: ast.Module) -> Rebindings:
    """Gather them from a module."""
    found = Rebindings()
    _gather(tree, tree, (tree,), found)
    return found


def _gather(node: ast.AST, statement: ast.AST, around: _Around, found: Rebindings) -> None:
    for child in child_nodes(node):
        if isinstance(child, (ast.Global, ast.Nonlocal)):
            for name in child.names:
                found.declared.setdefault(name, []).append((isinstance(child, ast.Global), around))
        elif isinstance(child, ast.Attribute) and not isinstance(child.ctx, ast.Load):
            found.stored.setdefault(child.attr, []).append(Stored(child, statement, around))
        elif isinstance(child, ast.ClassDef):
            found.classes.setdefault(child.name, []).append(child)
        inner = (*around, child) if isinstance(child, SCOPES) else around
        _gather(child, child if isinstance(child, ast.stmt) else statement, inner, found)


def method_of(name: str, around: _Around) -> ast.ClassDef | None:
    """Return the class of the innermost function, where that is a method whose first parameter has the name.

    Args:
        name: the name, or "" where it does not matter.
        around: the scopes, the function last.
    """
    if len(around) < 2 or not isinstance(around[-1], FUNCTIONS) or not isinstance(around[-2], ast.ClassDef):
        return None
    args = [*around[-1].args.posonlyargs, *around[-1].args.args]
    return around[-2] if args and name in {"", args[0].arg} else None


def bound_otherwise(node: ast.AST) -> set[str]:
    """Return the names that a node binds in a way that says nothing about the class."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Import() | ast.ImportFrom():
            return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        case ast.Global() | ast.Nonlocal():
            return set(node.names)
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
            return {node.name or ""}
        case ast.MatchMapping():
            return {node.rest or ""}
        case ast.withitem(optional_vars=ast.Name()):
            return set()
        case ast.Assign() | ast.AugAssign() | ast.For() | ast.AsyncFor() | ast.comprehension() | ast.withitem():
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            targets = [node.optional_vars] if isinstance(node, ast.withitem) else targets
            return {n.id for t in targets if t for n in ast.walk(t) if isinstance(n, ast.Name) and _stores(n)}
        case ast.Delete():
            return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return set()


def _stores(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)
