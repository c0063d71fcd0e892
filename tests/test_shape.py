"""The shape of the code: limits on size, broad excepts, state, and what a pack may import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "recanon").rglob("*.py"))
PACKED = sorted(p for p in (ROOT / "codemods").rglob("*.py") if "world" not in p.parts)
MAX_FILE, MAX_FUNCTION, MAX_PARAMETERS = 300, 50, 6
BROAD = {"Exception", "BaseException"}
FRONTIERS = {"cli/frontier.py", "executor/child.py", "executor/forked.py"}
DOOR = ("recanon.codemod", "recanon.yardstick")
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MAKERS = {"list", "dict", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray"}
CHANGERS = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "discard", "clear"}


def _id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


each_source = pytest.mark.parametrize("path", [*SOURCES, *PACKED], ids=_id)


@each_source
def test_files_functions_and_signatures_are_small(path: Path) -> None:
    tree = _tree(path)
    lines = path.read_text(encoding="utf-8").count("\n") - _example_lines(tree)
    too_large = [f"{lines} lines"] if lines > MAX_FILE else []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            height = (node.end_lineno or node.lineno) - node.lineno + 1
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            width = len([name for name in names if name not in {"self", "cls"}])
            if height > MAX_FUNCTION:
                too_large.append(f"{node.name}: {height} lines")
            if width > MAX_PARAMETERS:
                too_large.append(f"{node.name}: {width} parameters")
    assert not too_large


@each_source
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(_tree(path)) or not path.read_text(encoding="utf-8").strip()


def test_broad_excepts_stand_at_the_frontiers_alone() -> None:
    found = {
        path.relative_to(ROOT / "src" / "recanon").as_posix() for path in SOURCES for _ in _broad_excepts(_tree(path))
    }
    assert found <= FRONTIERS


@each_source
def test_a_module_holds_constants_and_no_state(path: Path) -> None:
    tree = _tree(path)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Global)], "a global statement"
    mutable = {name for name, value in _bound_at_the_top(tree) if _is_mutable(value)}
    small = {name for name in mutable if name not in {"__all__"} and name.strip("_") != name.strip("_").upper()}
    assert not small, "a mutable value that is not named as a constant"
    assert not {name for name in _changed_names(tree) if name in mutable}, "a constant is changed"


@pytest.mark.parametrize("path", PACKED, ids=_id)
def test_a_pack_comes_in_through_the_public_door(path: Path) -> None:
    own = {name for name in _imported(_tree(path)) if name.split(".")[0] == "recanon"}
    assert not {name for name in own if not any(f"{name}.".startswith(f"{door}.") for door in DOOR)}


def _example_lines(tree: ast.Module) -> int:
    """Examples are documentation: a codemod may have as many as it likes."""
    assigned = (node for cls in tree.body if isinstance(cls, ast.ClassDef) for node in cls.body)
    spans = (
        (node.lineno, node.end_lineno or node.lineno)
        for node in assigned
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["examples"]
    )
    return sum(last - first + 1 for first, last in spans)


def _broad_excepts(tree: ast.Module) -> Iterator[ast.ExceptHandler]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = [node.type] if not isinstance(node.type, ast.Tuple) else node.type.elts
            if any(item is None or (isinstance(item, ast.Name) and item.id in BROAD) for item in caught):
                yield node


def _bound_at_the_top(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                yield target.id, node.value


def _is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in MAKERS
    return isinstance(value, MUTABLE)


def _changed_names(tree: ast.Module) -> Iterator[str]:
    """Names changed by a method or by an item that is assigned or deleted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGERS:
            if isinstance(node.func.value, ast.Name):
                yield node.func.value.id
        elif (
            isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name)
        ):
            yield node.value.id


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
