"""Our own ways through a syntax tree see what Python's `ast` sees."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from recanon.index.blocks import own_statements
from recanon.index.nodes import child_nodes

SOURCES = sorted(Path(ast.__file__).parent.glob("a*.py"))
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_children_of_a_node_are_those_of_ast(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_bytes())):
        assert child_nodes(node) == list(ast.iter_child_nodes(node))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_statements_of_a_scope_are_all_but_those_of_scopes_in_it(path: Path) -> None:
    tree = ast.parse(path.read_bytes())
    for scope in (node for node in ast.walk(tree) if isinstance(node, (ast.Module, *SCOPES[:3]))):
        found = list(own_statements(scope.body))
        assert len(found) == len(set(found))
        assert set(found) == {node for node in own(scope) if isinstance(node, ast.stmt)}
        assert [node.lineno for node in found] == sorted(node.lineno for node in found)


def own(scope: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[ast.AST]:
    """Return all nodes of the body of a scope, without those of scopes in it."""
    stack: list[ast.AST] = list(scope.body)
    found = []
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, SCOPES):
            stack.extend(ast.iter_child_nodes(node))
    return found


def test_a_chain_of_many_branches_is_no_deep_one() -> None:
    branches = "".join(f"    elif x == {number}:\n        return {number}\n" for number in range(1_500))
    tree = ast.parse(f"def f(x):\n    if x is None:\n        return x\n{branches}")
    found = [node for node in own_statements(tree.body) if isinstance(node, ast.FunctionDef)]
    assert sum(isinstance(node, ast.Return) for node in own_statements(found[0].body)) == 1_501
